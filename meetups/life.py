"""When a group falls asleep, and what has to be said before. Pure: days and states in, one act out.

quiet after 75 days with neither a held nor a scheduled event, dormant after 180 (specification, section 4); archived a
year after that. Each step is announced two weeks ahead to the organisers and a week ahead to the members, however late
we look: a gap postpones the step, it never skips a word.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

QUIET_AFTER, DORMANT_AFTER, ARCHIVED_AFTER = 75, 180, 180 + 365
#: state -> (the step that follows, silent days after which it is taken).
STEPS: dict[str, tuple[str, int]] = {
    "onboarding": ("quiet", QUIET_AFTER),
    "active": ("quiet", QUIET_AFTER),
    "quiet": ("dormant", DORMANT_AFTER),
    "dormant": ("archived", ARCHIVED_AFTER),
}
NOTICE = timedelta(days=14)
MEMBERS_NOTICE = timedelta(days=7)


class Act(StrEnum):
    """What is due for a group today; never more than one thing."""

    NOTHING = "nothing"
    CALL_OFF = "call_off"  # an announced step that is no longer due
    ANNOUNCE = "announce"  # to the organisers
    TELL_MEMBERS = "tell_members"
    STEP = "step"


@dataclass(frozen=True, slots=True)
class Pulse:
    """What is known of a group at `now`: its last sign of life, what was announced and when."""

    state: str
    last_sign_at: datetime
    time_zone: str
    has_date: bool
    has_organisers: bool
    next_state: str
    announced_at: datetime | None
    members_told_at: datetime | None


def next_step(state: str) -> str:
    """The state a silent group in `state` comes to, or nothing."""
    return STEPS[state][0] if state in STEPS else ""


def silent_days(last_sign_at: datetime, now: datetime, time_zone: str) -> int:
    """Whole days on the calendar of the group's own town, which clock changes do not bend."""
    zone = ZoneInfo(time_zone)
    return (now.astimezone(zone).date() - last_sign_at.astimezone(zone).date()).days


def due_on(pulse: Pulse) -> date | None:
    """The day the next step is due by silence alone, in the group's town."""
    if pulse.state not in STEPS:
        return None
    return pulse.last_sign_at.astimezone(ZoneInfo(pulse.time_zone)).date() + timedelta(days=STEPS[pulse.state][1])


def earliest_step_at(announced_at: datetime, members_told_at: datetime | None) -> datetime:
    """Two weeks after the organisers heard, and one after the members did (or will)."""
    told = members_told_at or announced_at + (NOTICE - MEMBERS_NOTICE)
    return max(announced_at + NOTICE, told + MEMBERS_NOTICE)


def decide(pulse: Pulse, now: datetime) -> Act:
    """The one thing to do today."""
    step, after = STEPS.get(pulse.state, ("", 0))
    silent = silent_days(pulse.last_sign_at, now, pulse.time_zone)
    if not step or pulse.has_date or silent < after - NOTICE.days:
        return Act.CALL_OFF if pulse.next_state else Act.NOTHING
    if pulse.next_state != step or pulse.announced_at is None:
        return Act.ANNOUNCE
    if pulse.members_told_at is None:
        # Where nobody runs the group the members are the ones to hear, at once.
        is_their_turn = not pulse.has_organisers or now >= pulse.announced_at + (NOTICE - MEMBERS_NOTICE)
        return Act.TELL_MEMBERS if is_their_turn else Act.NOTHING
    is_announced = now >= earliest_step_at(pulse.announced_at, pulse.members_told_at)
    return Act.STEP if is_announced and silent >= after else Act.NOTHING
