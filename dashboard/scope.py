"""What a reader looks at: a window of days and the filters of the address, as plain values."""

from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlencode

WINDOWS: Final = (30, 90, 365)
DEFAULT_DAYS: Final = 90
#: `?organisation=`: people without a confirmed employer on the day.
INDEPENDENT: Final = "independent"


@dataclass(frozen=True, slots=True)
class Scope:
    """One window and what of it is looked at; everything empty is the whole window.

    Source, channel, kind and organisation (on the day) choose contributions; country, level and `is_new` choose people.
    """

    days: int = DEFAULT_DAYS
    sources: tuple[str, ...] = ()
    channel: int | None = None
    kind: str = ""
    organisation: str = ""
    country: str = ""
    level: str = ""
    is_new: bool = False

    @property
    def chooses_contributions(self) -> bool:
        """Whether the answer needs raw rows even for a list of people."""
        return bool(self.sources or self.channel or self.kind or self.organisation)

    @property
    def chooses_people(self) -> bool:
        return bool(self.country or self.level or self.is_new)

    @property
    def is_filtered(self) -> bool:
        return self.chooses_contributions or self.chooses_people

    @property
    def tells_of_people(self) -> bool:
        """Whether being in the list says something of a person that only those shown by name tell."""
        return bool(self.organisation or self.country)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The questions of the address, in a fixed order; the usual window is not asked for."""
        pairs = [("days", str(self.days))] if self.days != DEFAULT_DAYS else []
        pairs += [("source", name) for name in self.sources]
        single = {
            "channel": str(self.channel or ""),
            "kind": self.kind,
            "organisation": self.organisation,
            "country": self.country,
            "level": self.level,
            "new": "1" if self.is_new else "",
        }
        return pairs + [(name, value) for name, value in single.items() if value]

    @property
    def query(self) -> str:
        """For an address: "?days=30&source=forum", or nothing."""
        return f"?{urlencode(self.pairs)}" if self.pairs else ""

    def address(self, **more: str) -> str:
        """The same with questions of one page added: "?days=30&people=active"."""
        pairs = self.pairs + [(name, value) for name, value in more.items() if value]
        return f"?{urlencode(pairs)}" if pairs else "?"

    def but(self, **changes: Any) -> "Scope":
        return replace(self, **changes)

    def toggled(self, source: str) -> "Scope":
        """With a source taken in, or out; all of them is the same as none chosen."""
        if source in self.sources:
            return self.but(sources=tuple(name for name in self.sources if name != source))
        return self.but(sources=(*self.sources, source))
