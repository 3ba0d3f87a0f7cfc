"""The shared rule of all state machines: which moves exist and who may make them. Pure: no model, no clock."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass


class MoveRefused(ValueError):
    """A move that may not be made. `reason` tells which rule said no: state, actor or guard; the text is for people."""

    def __init__(self, message: str, *, reason: str = "guard") -> None:
        super().__init__(message)
        self.reason = reason


class UnknownMove(MoveRefused):
    """The table holds no such move."""

    def __init__(self, source: str, target: str) -> None:
        super().__init__(f"no move from {source} to {target}", reason="state")
        self.source, self.target = source, target


class WrongActor(MoveRefused):
    """The move exists, but not for this kind of actor."""

    def __init__(self, source: str, target: str, actors: Collection[str]) -> None:
        who = ", ".join(sorted(actors)) or "nobody"
        super().__init__(f"{who} may not move {source} to {target}", reason="actor")
        self.source, self.target, self.actors = source, target, frozenset(actors)


@dataclass(frozen=True, slots=True)
class Table:
    """Allowed moves: (from, to) -> the kinds of actors who may make it. What is not in it does not exist."""

    moves: Mapping[tuple[str, str], frozenset[str]]

    def check(self, *, source: str, target: str, actors: Collection[str]) -> None:
        """Nothing when somebody who is all of `actors` may make the move, else UnknownMove or WrongActor."""
        allowed = self.moves.get((source, target))
        if allowed is None:
            raise UnknownMove(source, target)
        if allowed.isdisjoint(actors):
            raise WrongActor(source, target, actors)

    def targets(self, source: str, actors: Collection[str]) -> list[str]:
        """The states somebody who is all of `actors` may move to from `source`, in the table's order."""
        return [to for (start, to), allowed in self.moves.items() if start == source and not allowed.isdisjoint(actors)]

    @property
    def final_states(self) -> frozenset[str]:
        """States that are reached and never left."""
        return frozenset(to for _, to in self.moves) - frozenset(start for start, _ in self.moves)
