"""The moves of an application and of an event, each pair of states, against the table of the specification."""

from itertools import product

import pytest

from meetups import transitions
from meetups.models import Application, Event
from portal.jobs.transitions import UnknownMove, WrongActor

ACTORS = ("team", "reviewer", "lead", "system")
#: Written out by hand from the specification: from -> {to: who may}.
EXPECTED: dict[str, dict[str, set[str]]] = {
    "draft": {"submitted": {"team"}, "withdrawn": {"team"}, "lapsed": {"system"}},
    "submitted": {
        "in_review": {"reviewer"},
        "changes_requested": {"reviewer", "system"},
        "on_hold": {"reviewer"},
        "declined": {"lead"},
        "redirected": {"reviewer"},
        "withdrawn": {"team"},
    },
    "in_review": {
        "approved": {"lead"},
        "changes_requested": {"reviewer", "system"},
        "on_hold": {"reviewer"},
        "declined": {"lead"},
        "redirected": {"reviewer"},
        "withdrawn": {"team"},
    },
    "changes_requested": {
        "submitted": {"team"},
        "declined": {"lead"},
        "redirected": {"reviewer"},
        "withdrawn": {"team"},
        "lapsed": {"system"},
    },
    "on_hold": {
        "in_review": {"reviewer", "system"},
        "changes_requested": {"reviewer"},
        "declined": {"lead"},
        "redirected": {"reviewer"},
        "withdrawn": {"team"},
    },
}


@pytest.mark.parametrize(("source", "target"), list(product(Application.State.values, repeat=2)))
def test_application_pair_is_allowed_exactly_to_its_actors(source: str, target: str) -> None:
    allowed = EXPECTED.get(source, {}).get(target)
    for actor in ACTORS:
        if allowed is None:
            with pytest.raises(UnknownMove):
                transitions.APPLICATION.check(source=source, target=target, actors={actor})
        elif actor in allowed:
            transitions.APPLICATION.check(source=source, target=target, actors={actor})
        else:
            with pytest.raises(WrongActor):
                transitions.APPLICATION.check(source=source, target=target, actors={actor})


def test_application_decisions_are_final() -> None:
    assert transitions.APPLICATION.final_states == {"approved", "declined", "redirected", "withdrawn", "lapsed"}


@pytest.mark.parametrize(("source", "target"), list(product(Event.State.values, repeat=2)))
def test_event_pair_is_allowed_or_not(source: str, target: str) -> None:
    allowed = {("draft", "published"), ("draft", "cancelled"), ("published", "cancelled"), ("published", "held")}
    assert (source, target) in allowed or target not in transitions.EVENT.targets(source, {"organiser"})
    if (source, target) in allowed:
        transitions.EVENT.check(source=source, target=target, actors={"organiser"})
