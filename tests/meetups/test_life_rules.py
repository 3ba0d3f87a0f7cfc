"""The rules of a group falling asleep, day by day."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from meetups import life, transitions
from meetups.models import Group
from portal.jobs.transitions import MoveRefused

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
STATES = [state.value for state in Group.State]
SLEEPING = ("quiet", "dormant", "archived")
#: (from, to) -> who may; all other pairs are refused to everybody.
TABLE = {
    **{(state, "active"): {"system", "organiser"} for state in ("onboarding", *SLEEPING)},
    ("onboarding", "quiet"): {"system"},
    ("active", "quiet"): {"system"},
    ("quiet", "dormant"): {"system"},
    **{(state, "archived"): {"organiser", "keeper"} for state in ("onboarding", "active", "quiet")},
    ("dormant", "archived"): {"system", "organiser", "keeper"},
    **{(state, "suspended"): {"keeper"} for state in STATES if state != "suspended"},
    **{("suspended", state): {"keeper"} for state in STATES if state != "suspended"},
}


@pytest.mark.parametrize(("source", "target"), list(product(STATES, STATES)))
@pytest.mark.parametrize("actor", ["system", "organiser", "keeper"])
def test_every_move_is_for_those_of_the_table(source: str, target: str, actor: str) -> None:
    if actor in TABLE.get((source, target), set()):
        transitions.GROUP.check(source=source, target=target, actors={actor})
    else:
        with pytest.raises(MoveRefused):
            transitions.GROUP.check(source=source, target=target, actors={actor})


def test_no_state_is_a_dead_end() -> None:
    assert transitions.GROUP.final_states == frozenset()
    for state in SLEEPING:
        assert "active" in transitions.GROUP.targets(state, {"organiser"})


def pulse(
    silent: int,
    state: str = "active",
    *,
    announced: int | None = None,
    told: int | None = None,
    next_state: str | None = None,
    **values: object,
) -> life.Pulse:
    """A group silent for so many days; announced and told so many days ago."""
    return life.Pulse(
        **{
            "state": state,
            "last_sign_at": NOW - timedelta(days=silent),
            "time_zone": "UTC",
            "has_date": False,
            "has_organisers": True,
            "next_state": (life.next_step(state) if announced is not None else "")
            if next_state is None
            else next_state,
            "announced_at": None if announced is None else NOW - timedelta(days=announced),
            "members_told_at": None if told is None else NOW - timedelta(days=told),
            **values,
        }  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("given", "act"),
    [
        (pulse(60), "nothing"),
        (pulse(61), "announce"),
        (pulse(61, "onboarding"), "announce"),
        (pulse(67, announced=6), "nothing"),
        (pulse(68, announced=7), "tell_members"),
        (pulse(62, announced=1, has_organisers=False), "tell_members"),
        (pulse(74, announced=13, told=6), "nothing"),
        (pulse(75, announced=14, told=7), "step"),
        (pulse(400, announced=13, told=13), "nothing"),
        (pulse(400, announced=30), "tell_members"),
        (pulse(400, announced=30, told=6), "nothing"),
        (pulse(400, announced=30, told=7), "step"),
        (pulse(74, announced=20, told=10), "nothing"),
        (pulse(165, "quiet"), "nothing"),
        (pulse(166, "quiet"), "announce"),
        (pulse(180, "quiet", announced=14, told=7), "step"),
        (pulse(530, "dormant"), "nothing"),
        (pulse(531, "dormant"), "announce"),
        (pulse(545, "dormant", announced=14, told=7), "step"),
        (pulse(5000, "archived"), "nothing"),
        (pulse(5000, "suspended"), "nothing"),
        (pulse(400, has_date=True), "nothing"),
        (pulse(400, announced=14, told=7, has_date=True), "call_off"),
        (pulse(10, announced=5), "call_off"),
        (pulse(400, "quiet", announced=30, told=20, next_state="quiet"), "announce"),
    ],
)
def test_one_thing_is_due_on_its_day(given: life.Pulse, act: str) -> None:
    assert life.decide(given, NOW) == act


def test_gap_never_skips_the_word_to_organisers_or_members() -> None:
    """A group nobody looked at for years is announced, then told, then moved; never in less than two weeks."""
    state, announced, told, day, seen = "active", None, None, 1000, []
    while len(seen) < 3:
        given = pulse(day, state, announced=announced, told=told)
        act = life.decide(given, NOW)
        if act != "nothing":
            seen.append((act.value, day))
        announced = 0 if act == "announce" else announced
        told = 0 if act == "tell_members" else told
        day, announced = day + 1, None if announced is None else announced + 1
        told = None if told is None else told + 1
    assert seen == [("announce", 1000), ("tell_members", 1007), ("step", 1014)]


@pytest.mark.parametrize(
    ("zone", "last", "now", "days"),
    [
        # The clocks go back on 25 October: 75 days are 75 days on the calendar, though an hour longer.
        ("Europe/Berlin", datetime(2026, 9, 10, 17, 0, tzinfo=UTC), datetime(2026, 11, 24, 3, 20, tzinfo=UTC), 75),
        # Late in the evening in Los Angeles is the next day in UTC, and both ends count in Los Angeles.
        ("America/Los_Angeles", datetime(2026, 11, 2, 4, 0, tzinfo=UTC), datetime(2026, 11, 3, 3, 0, tzinfo=UTC), 1),
        ("UTC", datetime(2026, 11, 2, 4, 0, tzinfo=UTC), datetime(2026, 11, 3, 3, 0, tzinfo=UTC), 1),
        ("Pacific/Auckland", datetime(2026, 11, 2, 10, 30, tzinfo=UTC), datetime(2026, 11, 2, 11, 30, tzinfo=UTC), 1),
    ],
)
def test_days_are_counted_on_the_calendar_of_the_town(zone: str, last: datetime, now: datetime, days: int) -> None:
    assert life.silent_days(last, now, zone) == days
