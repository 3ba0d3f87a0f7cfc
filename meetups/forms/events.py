"""What organisers say about an event."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from meetups.choices import capitalised
from meetups.forms.addresses import OnceField, WebAddressField
from meetups.forms.clocks import ClockField, DayField, ZoneField
from meetups.models import Event

FIRST_DAY = date(2000, 1, 1)
FARTHEST = timedelta(days=5 * 365 + 1)


class EventForm(forms.Form):
    """An event as its organisers write it: wall time at the place, and everything people need to come."""

    key = OnceField()
    title = forms.CharField(label=_("Title"), max_length=160)
    format = forms.ChoiceField(label=_("What kind of evening?"), choices=capitalised(Event.Format.choices))
    day = DayField(label=_("Day"))
    time = ClockField(label=_("Starts at"))
    minutes = forms.IntegerField(label=_("Length in minutes"), min_value=15, max_value=1440, initial=120)
    time_zone = ZoneField(label=_("Time zone"), help_text=_("The clock people at the place read."))
    venue_name = forms.CharField(label=_("Place of meeting"), max_length=160, required=False)
    venue_address = forms.CharField(label=_("Address"), max_length=300, required=False)
    online_url = WebAddressField(
        label=_("Meeting link"),
        required=False,
        help_text=_("For people who cannot be in the room. Never shown to visitors who are not signed in."),
    )
    capacity = forms.IntegerField(
        label=_("Places"),
        min_value=1,
        max_value=100_000,
        required=False,
        help_text=_("Leave open when there is no limit."),
    )
    about = forms.CharField(
        label=_("What happens"),
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Plain text or Markdown: what it is about, for whom, what to bring."),
    )

    @classmethod
    def initial_of(cls, event: Event) -> dict[str, Any]:
        """The form's first values for an event that exists."""
        values = {name: getattr(event, name) for name in cls.base_fields if hasattr(event, name)}
        return {**values, "day": event.starts_local.date(), "time": event.starts_local.time()}

    def clean_day(self) -> date:
        """Dates far away are slips of the finger, and clocks cannot count them."""
        day: date = self.cleaned_data["day"]
        last = timezone.localdate() + FARTHEST
        if not FIRST_DAY <= day <= last:
            span = {"first": date_format(FIRST_DAY, "j F Y"), "last": date_format(last, "j F Y")}
            raise ValidationError(_("Choose a day between %(first)s and %(last)s."), params=span)
        return day

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        if not (answers.get("venue_name") or answers.get("online_url")) and "online_url" not in self.errors:
            self.add_error("venue_name", _("Say where you meet: a room, or a meeting link below."))
        return answers

    def answers(self) -> dict[str, Any]:
        """The event's own fields: day and time become one wall time."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "key"}
        values["starts_local"] = datetime.combine(values.pop("day"), values.pop("time"))
        return values


class CancelForm(forms.Form):
    """Why an event is off."""

    reason = forms.CharField(
        label=_("Why is it off?"),
        max_length=300,
        help_text=_("Shown on the event's page and sent to the group's members."),
    )


class HeldForm(forms.Form):
    """How it was."""

    attended = forms.IntegerField(
        label=_("How many people were there?"),
        min_value=0,
        max_value=100_000,
        help_text=_("Organisers count too. A guess will do."),
    )
