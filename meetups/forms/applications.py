"""The six parts of an application. Each form keeps what is good even when something else in it is not."""

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetups.choices import capitalised
from meetups.forms.addresses import OnceField, WebAddressField, origin
from meetups.forms.clocks import ClockField, DayField, ZoneField
from meetups.languages import language_choices
from meetups.models import Application, Series
from meetups.rooms import ACCESS, drinking_word
from portal.places.forms import PlaceField

lazy_languages = lazy(language_choices, list)
FARTHEST_LAUNCH = timedelta(days=731)


class StartForm(forms.Form):
    """What kind of group, and the promise every organiser makes."""

    key = OnceField()
    kind = forms.ChoiceField(
        label=gettext_lazy("Where will the group meet?"),
        choices=[
            (Application.Kind.MEETUP, gettext_lazy("In a town or region")),
            (Application.Kind.ONLINE, gettext_lazy("Online")),
        ],
        initial=Application.Kind.MEETUP,
        widget=forms.RadioSelect,
    )
    agree = forms.BooleanField(
        label=gettext_lazy("I have read the six promises and the Code of Conduct, and I will keep them."),
        error_messages={"required": gettext_lazy("A group is run by people who promise this. Tick the box to go on.")},
    )


class PartForm(forms.Form):
    """One part; `answers()` are the valid fields, whatever else is wrong."""

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        self.application = application
        kwargs.setdefault("initial", self.initial_of(application))
        super().__init__(*args, **kwargs)

    def initial_of(self, application: Application) -> dict[str, Any]:
        return {name: getattr(application, name) for name in self.base_fields}

    def answers(self) -> dict[str, Any]:
        self.is_valid()
        return dict(self.cleaned_data)


class InterestForm(PartForm):
    group_name = forms.CharField(
        label=gettext_lazy("What shall the group be called?"), max_length=120, required=False,
        help_text=gettext_lazy("People look for the town: put it into the name."),
    )  # fmt: skip
    forum_url = WebAddressField(
        label=gettext_lazy("Thread on the forum"), required=False,
        help_text=gettext_lazy("Where at least two people say that they would come. Open one if there is none."),
    )  # fmt: skip
    interest_note = forms.CharField(
        label=gettext_lazy("Who else is interested?"), max_length=2000, required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Colleagues, people you met, a chat channel. No addresses, please."),
    )  # fmt: skip

    def clean_forum_url(self) -> str:
        url = self.cleaned_data["forum_url"]
        forum = settings.COMMUNITY.links.get("forum", "")
        if url and forum and origin(url) != origin(forum):
            raise ValidationError(
                _("This address is not on our forum. Copy the address of the thread: it begins with %(forum)s."),
                params={"forum": forum},
            )
        return str(url)


class PlaceForm(PartForm):
    """A town from the gazetteer; never a country."""

    place = PlaceField(
        label=gettext_lazy("In which town?"), required=False,
        help_text=gettext_lazy("Its name in any language. A whole country is too large to meet in."),
    )  # fmt: skip
    region_label = forms.CharField(
        label=gettext_lazy("Do you cover more than the town?"), max_length=120, required=False,
        help_text=gettext_lazy("Such as “Leipzig and Halle” or “Basque Country”. Leave it open otherwise."),
    )  # fmt: skip
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Which languages will you speak?"), choices=lazy_languages, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip


class ReachForm(PartForm):
    """For an online group: the languages and time zones it serves instead of a town."""

    languages = PlaceForm.base_fields["languages"]
    time_zones_served = forms.CharField(
        label=gettext_lazy("Which time zones do you serve?"), max_length=200, required=False,
        help_text=gettext_lazy("Such as “Americas, evenings” or “UTC+5 to UTC+8”."),
    )  # fmt: skip
    time_zone = ZoneField(
        label=gettext_lazy("Whose clock sets the time?"), required=False,
        help_text=gettext_lazy("The zone your dates are fixed in, such as Europe/Berlin."),
    )  # fmt: skip


class OrganisersForm(PartForm):
    community_note = forms.CharField(
        label=gettext_lazy("What do you do in the community?"), max_length=2000, required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Answers, code, translations, events you helped with: a few lines for each organiser."),
    )  # fmt: skip


class InviteForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Their name"), max_length=120)
    email = forms.EmailField(
        label=gettext_lazy("Their e-mail address"), max_length=254,
        help_text=gettext_lazy("We send one message with a link. Only they can say yes."),
        error_messages={"invalid": gettext_lazy("This address is not complete. It looks like name@example.org.")},
    )  # fmt: skip


class RoomForm(PartForm):
    venue_kind = forms.ChoiceField(
        label=gettext_lazy("What kind of room is it?"),
        choices=Application.VenueKind.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    venue_name = forms.CharField(label=gettext_lazy("Name of the place"), max_length=160, required=False)
    venue_capacity = forms.IntegerField(
        label=gettext_lazy("Room for how many?"), min_value=1, max_value=100_000, required=False
    )
    venue_address = forms.CharField(label=gettext_lazy("Address"), max_length=300, required=False)
    venue_contact_name = forms.CharField(
        label=gettext_lazy("Who confirms for the place?"), max_length=120, required=False,
        help_text=gettext_lazy("Someone who may say yes for the house."),
    )  # fmt: skip
    venue_contact_email = forms.EmailField(
        label=gettext_lazy("Their e-mail address"), max_length=254, required=False,
        help_text=gettext_lazy("For the team, and to ask them once with a link. Never shown in public."),
        error_messages={"invalid": gettext_lazy("This address is not complete. It looks like name@example.org.")},
    )  # fmt: skip
    venue_access = forms.MultipleChoiceField(
        label=gettext_lazy("Getting in"), choices=ACCESS, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Leave open what you do not know yet."),
    )  # fmt: skip

    def clean_venue_name(self) -> str:
        name = str(self.cleaned_data["venue_name"])
        if word := drinking_word(name):
            raise ValidationError(
                _(
                    "“%(word)s”: bars and pubs cannot be used, because not everybody can or wants to come there. "
                    "Choose an office, a library or another community space."
                ),
                params={"word": word},
            )
        return name


class PlatformForm(PartForm):
    """For an online group: the platform and whose account hosts the call instead of a room."""

    platform = forms.CharField(
        label=gettext_lazy("Where do you meet online?"), max_length=80, required=False,
        help_text=gettext_lazy("Such as BigBlueButton, Jitsi or Zoom. People should need no paid account to come in."),
    )  # fmt: skip
    platform_account = forms.CharField(
        label=gettext_lazy("Whose account hosts the call?"), max_length=160, required=False,
        help_text=gettext_lazy("Name the person or organisation, not the link."),
    )  # fmt: skip


class LaunchForm(PartForm):
    launch_on = DayField(label=gettext_lazy("When do you meet for the first time?"), required=False)
    launch_time = ClockField(label=gettext_lazy("Starts at"), required=False)
    launch_title = forms.CharField(
        label=gettext_lazy("What is the first evening about?"), max_length=160, required=False,
        help_text=gettext_lazy("A title people would come for. You can change it later."),
    )  # fmt: skip

    def clean_launch_on(self) -> Any:
        day = self.cleaned_data["launch_on"]
        today = self.application.today(timezone.now())
        if day is not None and day < today:
            raise ValidationError(_("This day is past. Choose one that is still to come, best four weeks from now."))
        if day is not None and day > today + FARTHEST_LAUNCH:
            raise ValidationError(_("This day is more than two years away. Choose one that people can plan for."))
        return day


class RhythmForm(PartForm):
    slot_ordinal = forms.TypedChoiceField(
        label=gettext_lazy("Which one of the month?"), choices=capitalised(Series.Ordinal.choices), required=False,
        coerce=int, empty_value=None, widget=forms.RadioSelect,
    )  # fmt: skip
    slot_weekday = forms.TypedChoiceField(
        label=gettext_lazy("Which day?"), choices=Series.Weekday.choices, required=False,
        coerce=int, empty_value=None, widget=forms.RadioSelect,
    )  # fmt: skip
    slot_time = ClockField(label=gettext_lazy("Starts at"), required=False)
    slot_minutes = forms.IntegerField(
        label=gettext_lazy("Length in minutes"), min_value=15, max_value=1440, initial=120
    )
    time_zone = ZoneField(
        label=gettext_lazy("Time zone"),
        required=False,
        help_text=gettext_lazy("Comes from the town you chose; change it if it is wrong."),
    )


#: part -> (form for a town, form online)
PARTS: dict[str, tuple[type[PartForm], type[PartForm]]] = {
    "interest": (InterestForm, InterestForm),
    "place": (PlaceForm, ReachForm),
    "organisers": (OrganisersForm, OrganisersForm),
    "room": (RoomForm, PlatformForm),
    "launch": (LaunchForm, LaunchForm),
    "rhythm": (RhythmForm, RhythmForm),
}


def form_class(application: Application, part: str) -> type[PartForm]:
    """The form of one part for this kind of group; KeyError for a part that does not exist."""
    return PARTS[part][1 if application.is_online else 0]
