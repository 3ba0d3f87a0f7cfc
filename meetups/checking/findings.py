"""What one look at one criterion comes to, and how several sentences become one finding."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Outcome(StrEnum):
    """The same words as `CriterionCheck.Outcome`, from good to bad; not known is beside them."""

    PASS = "pass"  # noqa: S105  an outcome
    WARN = "warn"
    FAIL = "fail"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """An outcome, the sentences that explain it, and the plain values it rests on.

    `retry_at` is set when the same question is worth asking again by itself: something outside was away.
    """

    outcome: Outcome
    explanation: str
    evidence: Mapping[str, Any] = field(default_factory=dict)
    retry_at: datetime | None = None


class Notes:
    """Gathers the sentences of one check; the gravest outcome wins and its sentences are said first."""

    _GRAVITY = (Outcome.FAIL, Outcome.UNKNOWN, Outcome.WARN, Outcome.PASS)

    def __init__(self) -> None:
        self._said: list[tuple[Outcome, str]] = []

    def fail(self, sentence: str) -> None:
        self._said.append((Outcome.FAIL, sentence))

    def unknown(self, sentence: str) -> None:
        self._said.append((Outcome.UNKNOWN, sentence))

    def warn(self, sentence: str) -> None:
        self._said.append((Outcome.WARN, sentence))

    def say(self, sentence: str) -> None:
        """What is good to know and changes nothing."""
        self._said.append((Outcome.PASS, sentence))

    @property
    def outcome(self) -> Outcome:
        """Pass while nobody said anything else."""
        return min((one for one, _sentence in self._said), key=self._GRAVITY.index, default=Outcome.PASS)

    def finding(self, evidence: Mapping[str, Any], *, retry_at: datetime | None = None) -> Finding:
        ordered = sorted(self._said, key=lambda said: self._GRAVITY.index(said[0]))
        is_open = self.outcome == Outcome.UNKNOWN
        return Finding(
            self.outcome, " ".join(sentence for _one, sentence in ordered), evidence, retry_at if is_open else None
        )
