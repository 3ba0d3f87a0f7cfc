"""Which moves applications, groups, events and needs may make, and who makes them. Plain words in, plain words out."""

from collections.abc import Iterable, Iterator

from portal.jobs.transitions import Table

TEAM = "team"  # accepted organisers of the application
REVIEWER = "reviewer"
LEAD = "lead"
SYSTEM = "system"
ORGANISER = "organiser"  # runs the group now
KEEPER = "keeper"  # of the team, may suspend groups

UNDECIDED = ("submitted", "in_review", "changes_requested", "on_hold")


def _from_each(sources: Iterable[str], target: str, *actors: str) -> Iterator[tuple[tuple[str, str], frozenset[str]]]:
    for source in sources:
        yield (source, target), frozenset(actors)


def _join(
    *parts: Iterable[tuple[tuple[str, str], frozenset[str]]],
) -> dict[tuple[str, str], frozenset[str]]:
    moves: dict[tuple[str, str], frozenset[str]] = {}
    for part in parts:
        for move, actors in part:
            moves[move] = moves.get(move, frozenset()) | actors
    return moves


#: A decision: once approved, declined, redirected, withdrawn or lapsed it never moves again.
APPLICATION = Table(
    _join(
        _from_each(["draft", "changes_requested"], "submitted", TEAM),
        _from_each(["submitted"], "in_review", REVIEWER),
        _from_each(["submitted", "in_review", "on_hold"], "changes_requested", REVIEWER),
        _from_each(["submitted", "in_review"], "changes_requested", SYSTEM),
        _from_each(["submitted", "in_review"], "on_hold", REVIEWER),
        _from_each(["on_hold"], "in_review", REVIEWER, SYSTEM),
        _from_each(["in_review"], "approved", LEAD),
        _from_each(UNDECIDED, "declined", LEAD),
        _from_each(UNDECIDED, "redirected", REVIEWER),
        _from_each(["draft", *UNDECIDED], "withdrawn", TEAM),
        _from_each(["draft", "changes_requested"], "lapsed", SYSTEM),
    )
)

AWAKE = ("onboarding", "active")
ASLEEP = ("quiet", "dormant", "archived")

#: A life: it falls asleep step by step, and one date wakes it from anywhere, or sleeping groups could never act again.
#: A suspension goes back to what it interrupted, which the service checks.
GROUP = Table(
    _join(
        _from_each(["onboarding", *ASLEEP], "active", SYSTEM, ORGANISER),
        _from_each(AWAKE, "quiet", SYSTEM),
        _from_each(["quiet"], "dormant", SYSTEM),
        _from_each(["dormant"], "archived", SYSTEM),
        _from_each([*AWAKE, "quiet", "dormant"], "archived", ORGANISER, KEEPER),
        _from_each([*AWAKE, *ASLEEP], "suspended", KEEPER),
        *(_from_each(["suspended"], state, KEEPER) for state in (*AWAKE, *ASLEEP)),
    )
)

#: One date of a group. A draft may be called off too: that is how organisers skip a month of their slot, with a reason.
EVENT = Table(
    _join(
        _from_each(["draft"], "published", "organiser"),
        _from_each(["draft", "published"], "cancelled", "organiser"),
        _from_each(["published"], "held", "organiser"),
    )
)

#: Something a group or event would like to be given. That somebody promised it is said by the app that knows partners,
#: which comes as the system; a promise may fall through.
NEED = Table(
    _join(
        _from_each(["open"], "matched", SYSTEM),
        _from_each(["matched"], "open", SYSTEM),
        _from_each(["open", "matched"], "fulfilled", ORGANISER, SYSTEM),
        _from_each(["open", "matched"], "closed", ORGANISER, KEEPER, SYSTEM),
    )
)
