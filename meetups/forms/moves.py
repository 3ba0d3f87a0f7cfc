"""What the team says when it moves an application: one form per target state."""

import uuid
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetups.criteria import CRITERIA
from meetups.forms.clocks import DayField
from meetups.models import Application, Group
from meetups.redirecting import near_targets, target_of
from meetups.services.applications import Words

State = Application.State


def _public(label: Any, *, required: bool) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6, "cols": 80}),
        help_text=gettext_lazy("The organisers read this in their mail and on the page of the application."),
    )


class MoveForm(forms.Form):
    """A move that needs nothing but an optional note for the team."""

    private_note = forms.CharField(
        label=gettext_lazy("Note for the team"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 80}),
        help_text=gettext_lazy("Never shown to the organisers."),
    )

    def __init__(self, *args: Any, application: Application | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.application = application

    def words(self) -> Words:
        known = {name: value for name, value in self.cleaned_data.items() if name in Words.__dataclass_fields__}
        return Words(**known)


class ApproveForm(MoveForm):
    public_note = _public(gettext_lazy("A few words to the organisers"), required=False)


class ChangesForm(MoveForm):
    criteria = forms.MultipleChoiceField(
        label=gettext_lazy("About which criteria?"),
        choices=[(key, titles[0]) for key, titles in CRITERIA.items()],
        widget=forms.CheckboxSelectMultiple,
        required=True,
    )
    public_note = _public(gettext_lazy("What do you ask for?"), required=True)


class HoldForm(MoveForm):
    private_note = forms.CharField(
        label=gettext_lazy("Why does it wait?"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 80}),
        help_text=gettext_lazy("For the team only."),
    )
    review_by_on = DayField(label=gettext_lazy("Look at it again on"))

    def clean_review_by_on(self) -> Any:
        day = self.cleaned_data["review_by_on"]
        if day <= timezone.localdate():
            raise ValidationError(_("Choose a day that is still to come."))
        return day


class DeclineForm(MoveForm):
    reason = forms.ChoiceField(label=gettext_lazy("Reason"), choices=Application.Decline.choices)
    public_note = _public(gettext_lazy("What do you tell the organisers, and what would change it?"), required=True)


class RedirectForm(MoveForm):
    near = forms.ChoiceField(
        label=gettext_lazy("Near it"), required=False, choices=[], widget=forms.RadioSelect,
    )  # fmt: skip
    target = forms.CharField(
        label=gettext_lazy("Or another group or open application"),
        required=False,
        max_length=500,
        help_text=gettext_lazy(
            "The address of its page or its last part; or the number of an application in the public list, such as #12."
        ),
    )
    public_note = _public(gettext_lazy("A few words to the organisers"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        targets = near_targets(self.application) if self.application else []
        self.fields["near"].choices = targets  # type: ignore[attr-defined]
        if not targets:
            del self.fields["near"]

    def clean_target(self) -> Group | Application:
        """What was typed, else what was chosen."""
        text, chosen = self.cleaned_data["target"].strip(), self.cleaned_data.get("near", "")
        if not text and not chosen:
            raise ValidationError(_("Choose one, or type its address or number."))
        if not text and (found := target_of(chosen)):
            return found
        try:
            target = _group_called(text) or _application_called(text)
        except ValueError:  # no address at all, such as https://[x
            target = None
        if target is None:
            raise ValidationError(_("We know no group and no open application “%(text)s”."), params={"text": text})
        return target


def _group_called(text: str) -> Group | None:
    slug = urlsplit(text).path.strip("/").rpartition("/")[2]
    return Group.objects.listed().filter(slug=slug).first() if slug else None


def _application_called(text: str) -> Application | None:
    """By its number (#12), its line in the public list (?text=12), or the address of its page."""
    parts = urlsplit(text)
    number = (parse_qs(parts.query).get("text") or [text])[0].removeprefix("#")
    rows = Application.objects.undecided()
    if number.isascii() and number.isdigit() and len(number) < 10:
        return rows.filter(pk=int(number)).first()
    for word in parts.path.split("/"):
        try:
            return rows.filter(public_id=uuid.UUID(word)).first()
        except ValueError:
            continue
    return None


FORMS: dict[str, type[MoveForm]] = {
    State.APPROVED: ApproveForm,
    State.CHANGES_REQUESTED: ChangesForm,
    State.ON_HOLD: HoldForm,
    State.DECLINED: DeclineForm,
    State.REDIRECTED: RedirectForm,
}


def move_form(to: str) -> type[MoveForm]:
    """The form that asks for what this move needs."""
    return FORMS.get(to, MoveForm)
