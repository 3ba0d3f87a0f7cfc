"""Criterion 6: a day and time of each month, and the next twelve dates it gives."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meetups import recurrence
from meetups.checking.findings import Finding, Notes

AHEAD = 12
SHORTEST, LONGEST = 15, 1440


@dataclass(frozen=True, slots=True)
class Facts:
    """The slot as it was answered, part by part; `today` is the day in its zone, `text` the slot in words.

    `holidays` tells for days what is celebrated then; `same_slot` are groups near that meet at the same time.
    """

    ordinal: int | None
    weekday: int | None
    starts: time | None
    minutes: int
    zone: str
    zone_exists: bool
    today: date
    text: str = ""
    launch_on: date | None = None
    holidays: Mapping[date, str] = field(default_factory=dict)
    same_slot: Sequence[str] = ()


def check(facts: Facts) -> Finding:
    """The finding for the monthly slot."""
    notes = Notes()
    slot = slot_of(facts, notes)
    if slot is None:
        return notes.finding({})
    notes.say(_("Monthly: %(slot)s (%(zone)s).") % {"slot": facts.text, "zone": facts.zone})
    dates = upcoming(facts)
    rows = [_row(one, before, facts.holidays) for one, before in zip(dates, [None, *dates], strict=False)]
    _judge_launch(facts, slot, notes)
    _say_clocks(dates, notes)
    feasts = sum(bool(row.get("holiday")) for row in rows)
    if feasts:
        sentence = ngettext(
            "%(count)s of the next %(all)s dates is a public holiday.",
            "%(count)s of the next %(all)s dates are public holidays.",
            feasts,
        )
        notes.say(sentence % {"count": feasts, "all": len(rows)})
    if facts.same_slot:
        notes.say(_("At the same time: %(names)s.") % {"names": ", ".join(facts.same_slot)})
    evidence: dict[str, Any] = {"slot": facts.text, "zone": facts.zone, "minutes": facts.minutes, "dates": rows}
    return notes.finding({**evidence, "same_slot": list(facts.same_slot)})


def slot_of(facts: Facts, notes: Notes | None = None) -> recurrence.Slot | None:
    """The slot when all of it is there; else None, and what is wrong in `notes`."""
    notes = notes or Notes()
    if facts.ordinal is None or facts.weekday is None or facts.starts is None:
        notes.fail(_("Day or time of the monthly meetup is missing."))
    elif facts.ordinal not in recurrence.ORDINALS:
        notes.fail(_("Only the first to fourth or the last can be kept: a fifth exists in few months."))
    elif not 0 <= facts.weekday <= 6:
        notes.fail(_("There is no such day of the week."))
    if not facts.zone_exists:
        notes.fail(_("“%(zone)s” is not a time zone such as Europe/Berlin.") % {"zone": facts.zone})
    if not SHORTEST <= facts.minutes <= LONGEST:
        notes.fail(_("A meetup lasts from a quarter of an hour to a day."))
    if notes.outcome == "fail" or facts.ordinal is None or facts.weekday is None or facts.starts is None:
        return None
    return recurrence.Slot(facts.ordinal, facts.weekday, facts.starts, facts.minutes, facts.zone)


def upcoming(facts: Facts) -> list[recurrence.Occurrence]:
    """The next twelve dates, from the launch or today, whichever is later; none while the slot is not complete."""
    slot = slot_of(facts)
    start = max(facts.today, facts.launch_on or facts.today)
    return [] if slot is None else recurrence.expand(slot, start=start, count=AHEAD)


def with_holidays(facts: Facts, holidays: Mapping[date, str]) -> Facts:
    """The same facts with what is celebrated on their dates."""
    return replace(facts, holidays=holidays)


def _judge_launch(facts: Facts, slot: recurrence.Slot, notes: Notes) -> None:
    if facts.launch_on is None or recurrence.fits(facts.launch_on, slot.ordinal, slot.weekday):
        return
    notes.warn(_("The launch on %(day)s is not one of these dates.") % {"day": date_format(facts.launch_on)})


def _say_clocks(dates: Sequence[recurrence.Occurrence], notes: Notes) -> None:
    """Times that a change of the clocks moves or doubles, and evenings that end tomorrow."""
    for one in dates:
        if one.moved:
            notes.say(
                _("On %(day)s the clocks are set forward over the start: it begins at %(time)s.")
                % {"day": date_format(one.original_on), "time": one.starts_local.strftime("%H:%M")}
            )
        if one.ambiguous:
            notes.say(
                _("On %(day)s the time of the start comes twice; the first is meant.")
                % {"day": date_format(one.original_on)}
            )
    if dates and _ends_later(dates[0]):
        notes.say(_("It ends on the day after."))


def _ends_later(one: recurrence.Occurrence) -> bool:
    """Whether the wall clock shows another day when it is over; midnight itself still belongs to the evening."""
    ends = one.starts_local + (one.ends_at - one.starts_at)
    return (ends - timedelta(minutes=1)).date() > one.original_on


def _row(
    one: recurrence.Occurrence, before: recurrence.Occurrence | None, feasts: Mapping[date, str]
) -> dict[str, Any]:
    """A date as plain values; `offset` is what its clock is ahead of UTC, in minutes."""
    row: dict[str, Any] = {
        "on": one.original_on.isoformat(),
        "starts": one.starts_local.strftime("%H:%M"),
        "offset": _offset(one),
    }
    if before is not None and _offset(before) != row["offset"]:
        row["clock_changed"] = row["offset"] - _offset(before)
    if one.moved:
        row["moved"] = True
    if one.ambiguous:
        row["ambiguous"] = True
    if _ends_later(one):
        row["ends_next_day"] = True
    if feast := feasts.get(one.original_on):
        row["holiday"] = feast
    return row


def _offset(one: recurrence.Occurrence) -> int:
    wall = one.starts_local.replace(tzinfo=one.starts_at.tzinfo)
    return round((wall - one.starts_at).total_seconds() / 60)
