"""What changed between two revisions of an application, criterion by criterion, in words. Plain values in and out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from meetups.languages import language_name
from meetups.models import Application, Series
from meetups.rooms import ACCESS

Answers = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """One answer that reads differently: its label, and how it read before and after (empty: not answered)."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Field:
    """An answer as it is frozen: its key, its label, and how its value is said to people."""

    key: str
    label: str | Promise
    say: Callable[[Any], str] = str


def _choice(choices: Any) -> Callable[[Any], str]:
    labels = dict(choices)
    return lambda value: str(labels.get(value, value))


def _day(value: str) -> str:
    return date_format(date.fromisoformat(value), "l j F Y")


def _clock(value: str) -> str:
    return value[:5]


def _languages(codes: list[str]) -> str:
    return ", ".join(language_name(code) for code in codes)


def _access(keys: list[str]) -> str:
    labels = dict(ACCESS)
    return ", ".join(str(labels.get(key, key)) for key in keys)


def _people(seats: list[Mapping[str, Any]]) -> str:
    return ", ".join(
        f"{seat['name']} ({seat['organisation']})" if seat.get("organisation") else str(seat["name"]) for seat in seats
    )


#: criterion -> the answers it is judged by. "place" freezes number and name; two places of one name are two.
FIELDS: dict[str, tuple[Field, ...]] = {
    "interest": (
        Field("group_name", _("Name")),
        Field("forum_url", _("Forum thread")),
        Field("interest_note", _("Who is interested")),
    ),
    "place": (
        Field("kind", _("Kind of group"), _choice(Application.Kind.choices)),
        Field("place", _("Town"), lambda place: str(place["name"])),
        Field("region_label", _("Region covered")),
        Field("languages", _("Languages"), _languages),
        Field("time_zones_served", _("Time zones served")),
    ),
    "organisers": (
        Field("organisers", _("Organisers"), _people),
        Field("community_note", _("In the community")),
    ),
    "room": (
        Field("venue_kind", _("Kind of room"), _choice(Application.VenueKind.choices)),
        Field("venue_name", _("Name of the place")),
        Field("venue_capacity", _("Room for how many")),
        Field("venue_address", _("Address")),
        Field("venue_contact_name", _("Who confirms")),
        Field("venue_contact_email", _("Their e-mail address")),
        Field("venue_access", _("Getting in"), _access),
        Field("platform", _("Platform")),
        Field("platform_account", _("Whose account hosts")),
    ),
    "launch": (
        Field("launch_on", _("Date"), _day),
        Field("launch_time", _("Starts at"), _clock),
        Field("launch_title", _("Title")),
    ),
    "rhythm": (
        Field("slot_ordinal", _("Which"), _choice(Series.Ordinal.choices)),
        Field("slot_weekday", _("Weekday"), _choice(Series.Weekday.choices)),
        Field("slot_time", _("Starts at"), _clock),
        Field("slot_minutes", _("Minutes")),
        Field("time_zone", _("Time zone")),
    ),
}


def differences(before: Answers, after: Answers) -> dict[str, list[Change]]:
    """criterion -> what reads differently in `after`, in the order of the handbook; criteria without are left out."""
    found: dict[str, list[Change]] = {}
    for criterion, fields in FIELDS.items():
        changes = [
            Change(str(field.label), _said(field, before), _said(field, after))
            for field in fields
            if (before.get(field.key) or None) != (after.get(field.key) or None)
        ]
        if changes:
            found[criterion] = changes
    return found


def _said(field: Field, answers: Answers) -> str:
    value = answers.get(field.key)
    return field.say(value) if value not in (None, "", [], {}) else ""
