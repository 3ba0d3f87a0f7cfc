"""The shared rule of all state machines: which moves exist and who may make them. Pure: no model, no clock."""

from collections.abc import Mapping
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

    def __init__(self, source: str, target: str, actor: str) -> None:
        super().__init__(f"{actor} may not move {source} to {target}", reason="actor")
        self.source, self.target, self.actor = source, target, actor


@dataclass(frozen=True, slots=True)
class Table:
    """Allowed moves: (from, to) -> the kinds of actors who may make it. What is not in it does not exist."""

    moves: Mapping[tuple[str, str], frozenset[str]]

    def check(self, *, source: str, target: str, actor: str) -> None:
        """Nothing when the move is allowed, else UnknownMove or WrongActor."""
        actors = self.moves.get((source, target))
        if actors is None:
            raise UnknownMove(source, target)
        if actor not in actors:
            raise WrongActor(source, target, actor)

    def targets(self, source: str, actor: str) -> list[str]:
        """The states `actor` may move to from `source`, in the table's order."""
        return [to for (start, to), actors in self.moves.items() if start == source and actor in actors]

    @property
    def final_states(self) -> frozenset[str]:
        """States that are reached and never left."""
        return frozenset(to for _, to in self.moves) - frozenset(start for start, _ in self.moves)
