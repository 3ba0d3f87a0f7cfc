"""Criterion 5: a date for the first meetup, ideally at least four weeks ahead of the day it was sent in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from meetups import recurrence
from meetups.checking.findings import Finding, Notes
from meetups.criteria import NOTICE


@dataclass(frozen=True, slots=True)
class Clash:
    """An official event in the same town on the same local day."""

    title: str
    starts: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """The date and what it meets. `today` and `sent_on` are days where the group is; no `sent_on` is a draft."""

    launch_on: date | None
    launch_time: time | None
    zone: str
    today: date
    sent_on: date | None = None
    holiday: str = ""
    clashes: Sequence[Clash] = ()


def check(facts: Facts) -> Finding:
    """The finding for the launch date."""
    notes = Notes()
    day = facts.launch_on
    if day is None:
        notes.fail(_("No date is chosen for the first meetup."))
        return notes.finding({})
    sent_on = facts.sent_on or facts.today
    values = {"day": date_format(day), "earliest": date_format(sent_on + NOTICE), "sent": date_format(sent_on)}
    if day < facts.today:
        notes.fail(_("%(day)s is past.") % values)
    elif day - sent_on < NOTICE:
        notes.warn(
            _("%(day)s is less than four weeks after it was sent in, on %(sent)s; %(earliest)s or later is easier.")
            % values
        )
    else:
        notes.say(_("%(day)s is four weeks or more after it was sent in, on %(sent)s.") % values)
    evidence: dict[str, Any] = {
        "launch_on": day.isoformat(),
        "sent_on": sent_on.isoformat(),
        "days_after_sending": (day - sent_on).days,
        "days_left": (day - facts.today).days,
        "zone": facts.zone,
    }
    _judge_clock(facts, day, notes, evidence)
    _say_what_else(facts, notes, evidence)
    return notes.finding(evidence)


def _judge_clock(facts: Facts, day: date, notes: Notes, evidence: dict[str, Any]) -> None:
    if facts.launch_time is None:
        notes.warn(_("It is not said when the first meetup starts."))
        return
    evidence["starts"] = facts.launch_time.strftime("%H:%M")
    if not facts.zone:
        return
    starts, moved, ambiguous = recurrence.attach(datetime.combine(day, facts.launch_time), facts.zone)
    evidence["utc_offset"] = starts.strftime("%z")
    if moved:
        notes.warn(
            _("At %(time)s no clock stands on that day, for it is set forward then: %(new)s is meant.")
            % {"time": facts.launch_time.strftime("%H:%M"), "new": starts.strftime("%H:%M")}
        )
    if ambiguous:
        notes.say(_("%(time)s comes twice on that day; the first is meant.") % {"time": evidence["starts"]})


def _say_what_else(facts: Facts, notes: Notes, evidence: dict[str, Any]) -> None:
    if facts.holiday:
        notes.say(_("It is a public holiday: %(name)s.") % {"name": facts.holiday})
        evidence["holiday"] = facts.holiday
    if facts.clashes:
        titles = ", ".join(clash.title for clash in facts.clashes)
        notes.say(_("On the same day in the same town: %(titles)s.") % {"titles": titles})
        evidence["same_day"] = [
            {"title": clash.title, "starts": clash.starts, "url": clash.url} for clash in facts.clashes
        ]


def approval_concern(*, launch_on: date | None, zone: str, now: datetime) -> str:
    """What speaks against the launch date at the moment of an approval, as a sentence; "" when nothing does.

    The four weeks count anew then: a review that took three of them leaves one. To be asked about, never a bar; that
    the date is past is one, and the approval refuses that itself.
    """
    if launch_on is None:
        return _("No date is chosen for the first meetup.")
    today = now.astimezone(ZoneInfo(zone or "UTC")).date()
    left = (launch_on - today).days
    if left < 0:
        return _("The launch on %(day)s is past: ask the organisers for a new date.") % {"day": date_format(launch_on)}
    if left < NOTICE.days:
        return _("Only %(days)s days are left until the launch on %(day)s: ask the organisers to move it.") % {
            "days": left,
            "day": date_format(launch_on),
        }
    return ""
