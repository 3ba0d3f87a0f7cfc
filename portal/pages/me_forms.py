"""What the reader's own page asks."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from meetups.forms.clocks import DayField, ZoneField
from meetups.languages import CODES, language_choices, language_name
from portal.members.days import validate_day
from portal.members.fields import CleanCharField
from portal.members.models import Member, Organisation, User
from portal.members.services import note_by_hand, set_visibility
from portal.places.forms import PlaceField
from portal.places.models import Place, fold


class LanguagesField(forms.CharField):
    """Languages by name in the reader's language, parted by commas; cleans to a list of codes."""

    default_error_messages = {"unknown": _("“%(text)s” is no language we know. Write its name, such as “English”.")}

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(language_name, value)) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        known = {fold(name): code for code, name in language_choices()} | {code: code for code in CODES}
        codes: dict[str, None] = {}
        for part in filter(None, (part.strip() for part in (value or "").replace(";", ",").split(","))):
            if fold(part) not in known:
                raise ValidationError(self.error_messages["unknown"], code="unknown", params={"text": part})
            codes[known[fold(part)]] = None
        return list(codes)


class ProfileForm(forms.ModelForm):
    """Who the person is to others."""

    name = CleanCharField(
        label=_("Name"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("As you want to be called."),
    )
    handle = CleanCharField(
        label=_("Handle"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "nickname", "spellcheck": "false"}),
        help_text=_("What people know you by in chat and code."),
    )
    place = PlaceField(label=_("Town"), required=False, help_text=_("Groups and events near it come first."))
    languages = LanguagesField(
        label=_("Languages"), required=False, help_text=_("Parted by commas, such as “English, Portuguese”.")
    )
    time_zone = ZoneField(label=_("Time zone"), required=False, help_text=_("Empty: that of your town, or UTC."))
    visibility = forms.ChoiceField(
        label=_("What others see of you"),
        choices=[
            (Member.Visibility.PUBLIC, _("Name, handle and profile")),
            (Member.Visibility.HANDLE, _("Handle only")),
            (Member.Visibility.HIDDEN, _("Nothing: counted, named nowhere")),
        ],
        widget=forms.RadioSelect,
    )

    class Meta:
        model = Member
        fields = ["name", "handle", "place", "languages", "about"]
        widgets = {"about": forms.Textarea(attrs={"rows": 4})}
        help_texts = {"about": _("A few sentences; Markdown works.")}

    field_order = ["name", "handle", "visibility", "place", "time_zone", "languages", "about"]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self.user = user
        member = kwargs["instance"]
        kwargs["initial"] = {"time_zone": user.time_zone, "visibility": member.visibility}
        super().__init__(*args, **kwargs)
        if len(settings.LANGUAGES) > 1:
            self.fields["language"] = forms.ChoiceField(
                label=_("Language of these pages"), choices=settings.LANGUAGES, initial=user.language
            )

    def clean_handle(self) -> str:
        return str(self.cleaned_data["handle"]).lstrip("@").strip()

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        if self.errors:
            return answers
        if answers["visibility"] == Member.Visibility.HANDLE and not answers["handle"]:
            raise ValidationError({"handle": _("Give a handle, so that there is something to call you by.")})
        if answers["visibility"] == Member.Visibility.PUBLIC and not (answers["name"] or answers["handle"]):
            raise ValidationError({"name": _("Give a name or a handle, so that there is something to call you by.")})
        return answers

    def _zone(self) -> str:
        """The chosen zone; the town's when none is chosen, or when the town moved and the zone was the old one's."""
        place, chosen = self.cleaned_data["place"], str(self.cleaned_data["time_zone"])
        if place is None:
            return chosen
        has_moved = "place" in self.changed_data and "time_zone" not in self.changed_data
        before = Place.objects.filter(pk=self.initial.get("place") or 0).first() if has_moved else None
        follows = not chosen or (before is not None and before.time_zone == chosen)
        return place.time_zone if follows else chosen

    @transaction.atomic
    def save(self, commit: bool = True) -> Member:
        """Write what was asked, and no more of the rows; tell others when the visibility changed.

        Raises Member.DoesNotExist for somebody who was erased meanwhile.
        """
        member = Member.objects.select_for_update().get(pk=self.instance.pk, erased_at=None)
        for field in self.Meta.fields:
            setattr(member, field, self.cleaned_data[field])
        member.save(update_fields=self.Meta.fields)
        note_by_hand(member=member, fields=[name for name in self.changed_data if name in self.Meta.fields])
        self.user.time_zone = self._zone()
        self.user.language = self.cleaned_data.get("language", self.user.language)
        self.user.save(update_fields=["time_zone", "language"])
        if "visibility" in self.changed_data:
            set_visibility(member=member, visibility=self.cleaned_data["visibility"])
        return member


class AffiliationForm(forms.Form):
    """Where the person works or worked."""

    organisation = CleanCharField(
        label=_("Organisation"),
        max_length=120,
        widget=forms.TextInput(attrs={"list": "organisation-names", "autocomplete": "organization"}),
        help_text=_("Company, agency or association. A new name is added to the list."),
    )
    from_on = DayField(
        label=_("First day"),
        required=False,
        validators=[validate_day],
        help_text=_("Leave empty if you do not remember."),
    )
    last_on = DayField(
        label=_("Last day"),
        required=False,
        validators=[validate_day],
        help_text=_("Leave empty if you are still there."),
    )


class EndForm(forms.Form):
    """The last day of an affiliation."""

    last_on = DayField(label=_("Last day"), validators=[validate_day])


class DaysForm(forms.Form):
    """Both days of an affiliation anew; empty is not known, or still there."""

    from_on = DayField(label=_("First day"), required=False, validators=[validate_day])
    last_on = DayField(label=_("Last day"), required=False, validators=[validate_day])


class EraseForm(forms.Form):
    """The last question before somebody is erased."""

    is_sure = forms.BooleanField(
        label=_("Erase me. I know that this cannot be taken back."),
        error_messages={"required": _("Tick this if you want to be erased.")},
    )


def organisation_names() -> list[str]:
    """Names offered while typing."""
    return list(Organisation.objects.order_by("name").values_list("name", flat=True)[:2000])
