"""When an application has to be gone on with, and when it lapses. Plain days in, plain days out.

Source: the table of an application's states: a draft lapses 90 days after it was last touched; changes that were asked
for are due within 30 days and the application lapses after 45; who lets it lie is reminded at 7, 21 and 40 days.
"""

from datetime import date, datetime, timedelta

DRAFT_LAPSES_AFTER = timedelta(days=90)
ANSWER_ASKED_WITHIN = timedelta(days=30)
CHANGES_LAPSE_AFTER = timedelta(days=45)
#: Days of silence after which the organisers are reminded.
REMINDERS = (7, 21, 40)


def lapses_after(state: str) -> timedelta | None:
    """How long an application may lie in this state; None where it may lie."""
    return {"draft": DRAFT_LAPSES_AFTER, "changes_requested": CHANGES_LAPSE_AFTER}.get(state)


def has_lapsed(state: str, *, idle_since: datetime, now: datetime) -> bool:
    limit = lapses_after(state)
    return limit is not None and now >= idle_since + limit


def reminder_due(state: str, *, idle_since: datetime, now: datetime) -> int:
    """The newest reminder that is due, in days of silence; 0 while none is. Older ones are not made up for."""
    if lapses_after(state) is None:
        return 0
    return max((days for days in REMINDERS if now >= idle_since + timedelta(days=days)), default=0)


def asked_for_on(asked_on: date) -> date:
    """The day by which changes are asked for."""
    return asked_on + ANSWER_ASKED_WITHIN


def lapses_on(state: str, since: date) -> date | None:
    """The day on which an application that nobody touches any more lapses."""
    limit = lapses_after(state)
    return since + limit if limit is not None else None
