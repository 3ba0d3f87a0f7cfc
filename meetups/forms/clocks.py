"""Fields for days, times and zones that the portal's forms share."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

#: Zones that people live in: Area/Town names and UTC.
ZONES = frozenset(name for name in available_timezones() if "/" in name or name == "UTC")


class DayField(forms.DateField):
    """A day by the browser's own control; also typed as 2026-12-24."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    default_error_messages = {"invalid": _("This is no day we know. Write it as year-month-day: 2026-12-24.")}


class ClockField(forms.TimeField):
    """A time by the browser's own control; also typed as 18:30."""

    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    default_error_messages = {"invalid": _("This is no time of day. Write hours and minutes: 18:30.")}


class ZoneField(forms.CharField):
    """A time zone by name, with suggestions from the browser's list where the page has one."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=64, **kwargs)
        self.widget.attrs.update({"list": "zones", "autocomplete": "off", "spellcheck": "false"})

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if text and text not in ZONES:
            raise ValidationError(_("“%(value)s” is not a time zone such as Europe/Berlin."), params={"value": text})
        return text
