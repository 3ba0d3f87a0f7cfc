"""The shared rule of state machines."""

import pytest

from portal.jobs.transitions import MoveRefused, Table, UnknownMove, WrongActor

DOOR = Table(
    {
        ("open", "shut"): frozenset({"guest", "porter"}),
        ("shut", "locked"): frozenset({"porter"}),
        ("shut", "open"): frozenset({"guest"}),
    }
)


def test_move_of_an_allowed_actor_passes() -> None:
    assert DOOR.check(source="shut", target="locked", actors={"guest", "porter"}) is None


def test_move_that_is_not_in_the_table_is_unknown() -> None:
    with pytest.raises(UnknownMove) as refusal:
        DOOR.check(source="locked", target="open", actors={"porter"})
    assert (refusal.value.source, refusal.value.target, refusal.value.reason) == ("locked", "open", "state")


def test_move_of_the_wrong_actor_names_actor_and_move() -> None:
    with pytest.raises(WrongActor, match="guest may not move shut to locked"):
        DOOR.check(source="shut", target="locked", actors={"guest"})


def test_move_of_nobody_is_refused() -> None:
    with pytest.raises(MoveRefused) as refusal:
        DOOR.check(source="open", target="shut", actors=frozenset())
    assert refusal.value.reason == "actor"


def test_targets_are_those_the_actors_may_reach() -> None:
    assert DOOR.targets("shut", {"porter"}) == ["locked"]
    assert DOOR.targets("shut", {"porter", "guest"}) == ["locked", "open"]
    assert DOOR.targets("locked", {"porter"}) == []


def test_final_states_are_reached_and_never_left() -> None:
    assert DOOR.final_states == {"locked"}
