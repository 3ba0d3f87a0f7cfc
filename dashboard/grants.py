"""The rules of work that is added by hand: what it counts as, which days may be named, and who may decide."""

from datetime import date, timedelta
from typing import Final

from dashboard import kinds
from dashboard.weights import GRANTED_ROLES, GRANTED_WORKS, STATE_CONFERENCE

TALK: Final = "talk"
TALK_CONFERENCE: Final = "talk_conference"
ROLES: Final[tuple[str, ...]] = tuple(name for name, _points in GRANTED_ROLES)
#: What may be added by hand, as the table of weights knows it: (kind, state).
COUNTS_AS: Final[dict[str, tuple[str, str]]] = {
    **{work: (work, kinds.STATE_NONE) for work in (*GRANTED_WORKS, *ROLES)},
    TALK: (kinds.SPOKE, kinds.STATE_NONE),
    TALK_CONFERENCE: (kinds.SPOKE, STATE_CONFERENCE),
}
#: Every kind that work added by hand may have.
GRANTED_KINDS: Final[tuple[str, ...]] = tuple(dict.fromkeys(kind for kind, _state in COUNTS_AS.values()))
#: Credit counts from the day of the confirmation: what is older would count for a month it has nothing to do with.
OLDEST: Final = timedelta(days=365)

AHEAD: Final = "ahead"
TOO_OLD: Final = "too_old"
MONTH_OPEN: Final = "month_open"


def is_role(work: str) -> bool:
    """Whether it is a month in a role, and no piece of work."""
    return work in ROLES


def day_that_counts(work: str, day: date) -> date:
    """A role counts by the month: on its first day."""
    return day.replace(day=1) if is_role(work) else day


def month_over_on(day: date) -> date:
    """The first day after the month of `day`."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def day_problem(work: str, day: date, today: date) -> str:
    """AHEAD, TOO_OLD or MONTH_OPEN (a role's month that is not over); empty when the day may be named."""
    if day > today:
        return AHEAD
    if day < today - OLDEST:
        return TOO_OLD
    return MONTH_OPEN if is_role(work) and month_over_on(day) > today else ""


def may_decide(*, decider: int, member: int, proposer: int) -> bool:
    """A second person: neither who did the work nor who proposed it, by the keys of who they are today."""
    return decider not in (member, proposer)
