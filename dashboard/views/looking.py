"""What every page of the dashboard shares: the scope of the address, and the ways to another one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from dashboard.filters import Asked, read
from dashboard.scope import WINDOWS, Scope
from dashboard.services.overview import window_end
from dashboard.services.reading import Freshness, freshness

PER_PAGE = 50
Words = str | Promise


@dataclass(frozen=True, slots=True)
class SourceChip:
    """A source with whether it is looked at, and the address that changes that."""

    source: Freshness
    is_on: bool
    url: str


@dataclass(frozen=True)
class Look:
    """The scope of a request and what belongs to it; `extra` are the page's own questions."""

    asked: Asked
    until_on: date | None
    sources: list[Freshness]
    extra: dict[str, str]

    @property
    def scope(self) -> Scope:
        return self.asked.scope

    @property
    def start_on(self) -> date | None:
        return self.until_on and self.until_on - timedelta(days=self.scope.days - 1)

    def address(self, name: str, **more: str) -> str:
        """Another page of the dashboard for the same scope."""
        query = self.scope.address(**more)
        return reverse(f"dashboard:{name}") + (query if query != "?" else "")

    def switch(self, key: str, labels: Mapping[str, Words], current: str, anchor: str = "") -> list[dict[str, Any]]:
        """Links that set one question of this page, for a segmented switch; the first is what is meant without it."""
        usual = next(iter(labels))
        return [
            {
                "label": label,
                "url": self.scope.address(**{**self.extra, key: "" if value == usual else value}) + anchor,
                "current": value == current,
            }
            for value, label in labels.items()
        ]

    @property
    def windows(self) -> list[dict[str, Any]]:
        return [
            {
                "label": _("%(n)s days") % {"n": n},
                "url": self.scope.but(days=n).address(**self.extra),
                "current": n == self.scope.days,
            }
            for n in WINDOWS
        ]

    @property
    def source_chips(self) -> list[SourceChip]:
        """Taking the last one out, or all in, is the same as choosing none."""
        names, chips = {one.name for one in self.sources}, []
        for one in self.sources:
            after = self.scope.toggled(one.name)
            after = after.but(sources=()) if set(after.sources) >= names else after
            is_on = not self.scope.sources or one.name in self.scope.sources
            chips.append(SourceChip(one, is_on, after.address(**self.extra)))
        return chips

    def context(self, to: str, **more: Any) -> dict[str, Any]:
        """What the templates of every page read; `to` is the page that the filters lead back to."""
        scope = self.scope
        return {
            "look": self,
            "scope": scope,
            "days": scope.days,
            "windows": self.windows,
            "chips": self.asked.chips,
            "problems": self.asked.problems,
            "filters_url": reverse("dashboard:filters") + scope.address(to=to),
            "clear_url": Scope(days=scope.days).address(**self.extra),
            "now": timezone.now(),
            **more,
        }


def look(request: HttpRequest, **extra: str) -> Look:
    """The scope of this request; `extra` are questions of its own that the ways to other scopes keep."""
    asked = read(request.GET)
    return Look(asked, window_end(asked.scope.days), freshness(), {key: value for key, value in extra.items() if value})


def chosen(request: HttpRequest, key: str, known: Sequence[str]) -> str:
    """A question of the page with a fixed set of answers; the first is the usual one."""
    wanted = request.GET.get(key, "")
    return wanted if wanted in known else known[0]


def page_of(request: HttpRequest, rows: Any) -> Any:
    """The page of a list that the address asks for."""
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
