"""A check as people read it: its badge, its sentences, and its evidence as rows of words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetups import criteria
from meetups.models import Application, CriterionCheck
from meetups.services.checks import is_fresh, latest_checks

#: outcome -> state of the badge.
SHAPES = {"pass": "good", "warn": "wait", "fail": "late", "unknown": "off", "": "off"}
#: What each value of the evidence is called, in the order it is shown; a name that is not here is shown as it is.
LABELS: dict[str, Promise] = {
    "thread": gettext_lazy("thread"),
    "title": gettext_lazy("title"),
    "category": gettext_lazy("category"),
    "people": gettext_lazy("people besides the organisers"),
    "perhaps_organisers": gettext_lazy("perhaps organisers"),
    "posts": gettext_lazy("posts"),
    "posts_read": gettext_lazy("posts that were read"),
    "named": gettext_lazy("named"),
    "interested_here": gettext_lazy("interested on the page of the town"),
    "same_thread": gettext_lazy("same thread"),
    "town": gettext_lazy("town"),
    "radius_km": gettext_lazy("radius in km"),
    "people_near": gettext_lazy("people in towns around"),
    "neighbours": gettext_lazy("groups near"),
    "languages": gettext_lazy("languages"),
    "zones_served": gettext_lazy("time zones served"),
    "zones_found": gettext_lazy("time zones found in that"),
    "same_language": gettext_lazy("online groups with the same language"),
    "accepted": gettext_lazy("accepted"),
    "invited": gettext_lazy("invited, no answer yet"),
    "organisers": gettext_lazy("organisers"),
    "room": gettext_lazy("room"),
    "kind": gettext_lazy("kind"),
    "address": gettext_lazy("address"),
    "address_names_town": gettext_lazy("the address names the town"),
    "other_town": gettext_lazy("town in the address"),
    "address_km": gettext_lazy("how far that town is, in km"),
    "capacity": gettext_lazy("room for"),
    "access": gettext_lazy("access"),
    "host": gettext_lazy("host"),
    "word": gettext_lazy("word in the name"),
    "asked": gettext_lazy("the host was asked"),
    "platform": gettext_lazy("platform"),
    "account": gettext_lazy("account"),
    "launch_on": gettext_lazy("launch"),
    "sent_on": gettext_lazy("sent in"),
    "days_after_sending": gettext_lazy("days after it was sent in"),
    "days_left": gettext_lazy("days left when it was checked"),
    "starts": gettext_lazy("starts"),
    "utc_offset": gettext_lazy("ahead of UTC"),
    "holiday": gettext_lazy("public holiday"),
    "same_day": gettext_lazy("on the same day"),
    "slot": gettext_lazy("slot"),
    "zone": gettext_lazy("time zone"),
    "minutes": gettext_lazy("minutes"),
    "dates": gettext_lazy("next dates"),
    "same_slot": gettext_lazy("groups near with the same slot"),
}
_DAYS = frozenset({"launch_on", "sent_on", "on"})


@dataclass(frozen=True, slots=True)
class CheckView:
    """One criterion with its newest check; without one there is nothing but the title."""

    number: int
    key: str
    title: str | Promise
    check: CriterionCheck | None
    is_fresh: bool

    @property
    def badge(self) -> tuple[str, str]:
        """(state of the badge, its word)."""
        if self.check is None:
            return "off", _("Not checked yet")
        if not self.check.outcome:
            return "off", _("Being checked")
        return SHAPES[self.check.outcome], capfirst(self.check.get_outcome_display())

    @property
    def is_pending(self) -> bool:
        """Whether a newer look is on its way."""
        return bool(self.check and getattr(self.check, "is_pending", False))

    @property
    def is_outdated(self) -> bool:
        """Whether the check is too old, or about answers that were changed since."""
        return bool(self.check and self.check.outcome and not self.is_fresh)

    @property
    def evidence(self) -> list[tuple[str, list[str]]]:
        return evidence_rows(self.check.evidence) if self.check else []


def read_checks(application: Application, *, now: Any) -> list[CheckView]:
    """The six criteria in order with their newest checks; one query."""
    latest = latest_checks(application)
    views = []
    for number, (key, (title, online_title, _town, _online)) in enumerate(criteria.CRITERIA.items(), start=1):
        check = latest.get(key)
        words = online_title if application.is_online else title
        views.append(CheckView(number, key, words, check, is_fresh(check, now=now)))
    return views


def evidence_rows(evidence: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    """(label, lines) of each value there is, in the order of `LABELS`."""
    order = {key: place for place, key in enumerate(LABELS)}
    keys = sorted(evidence, key=lambda key: order.get(key, len(order)))
    rows = ((capfirst(str(LABELS.get(key, key))), _lines(key, evidence[key])) for key in keys)
    return [(label, lines) for label, lines in rows if lines]


def _lines(key: str, value: Any) -> list[str]:
    if value is None or value == "" or value == []:
        return []
    if isinstance(value, list):
        return [_ROWS[key](item) if key in _ROWS and isinstance(item, dict) else _text(key, item) for item in value]
    return [_text(key, value)]


def _text(key: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if key in _DAYS:
        return _day(value)
    if isinstance(value, dict):
        return ", ".join(f"{name}: {inner}" for name, inner in value.items())
    return str(value)


def _day(value: Any) -> str:
    try:
        return date_format(date.fromisoformat(value), "D j M Y")
    except (TypeError, ValueError):
        return str(value)


def _date_row(row: Mapping[str, Any]) -> str:
    """ "Fri 2 Apr 2027, 18:00 (UTC+01:00): the clocks have changed"."""
    minutes = row.get("offset") or 0
    sign = "−" if minutes < 0 else "+"
    hours, rest = divmod(abs(minutes), 60)
    notes = [
        _("the clocks have changed") if row.get("clock_changed") else "",
        _("moved, for this time does not exist on that day") if row.get("moved") else "",
        _("this time comes twice, the first is meant") if row.get("ambiguous") else "",
        _("ends on the day after") if row.get("ends_next_day") else "",
        str(row.get("holiday") or ""),
    ]
    said = "; ".join(note for note in notes if note)
    line = f"{_day(row.get('on'))}, {row.get('starts')} (UTC{sign}{hours:02}:{rest:02})"
    return f"{line}: {said}" if said else line


def _neighbour_row(row: Mapping[str, Any]) -> str:
    kinds = {"application": _("application"), "elsewhere": _("community elsewhere")}
    what = kinds.get(str(row.get("kind")), str(row.get("state")))
    return _("%(name)s, %(town)s, %(km)s km (%(what)s)") % {**_named(row, "name", "town", "km"), "what": what}


def _organiser_row(row: Mapping[str, Any]) -> str:
    words = {
        **_named(row, "name", "days_here", "events", "groups_joined", "groups_run"),
        "elsewhere": ", ".join(row.get("accounts_elsewhere") or []) or _("none"),
        "confirmed": _("yes") if row.get("has_confirmed_account") else _("no"),
    }
    return (
        _(
            "%(name)s: confirmed address %(confirmed)s, %(days_here)s days here, accounts elsewhere: %(elsewhere)s, "
            "events made: %(events)s, groups joined: %(groups_joined)s, groups run: %(groups_run)s"
        )
        % words
    )


def _asked_row(row: Mapping[str, Any]) -> str:
    answers = {"confirmed": _("confirmed"), "declined": _("said no"), "waiting": _("no answer yet")}
    line = f"{row.get('room')}: {answers.get(str(row.get('answer')), row.get('answer'))}, {row.get('on')}"
    return f"{line}: {row['note']}" if row.get("note") else line


def _clash_row(row: Mapping[str, Any]) -> str:
    return f"{row.get('title')}, {row.get('starts')}"


def _named(row: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: row.get(name, "") for name in names}


_ROWS = {
    "dates": _date_row,
    "neighbours": _neighbour_row,
    "organisers": _organiser_row,
    "asked": _asked_row,
    "same_day": _clash_row,
}
