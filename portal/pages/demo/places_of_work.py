"""The demo's sources: invented addresses, repositories, chat channels, forum categories."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.text import slugify

from dashboard.importers import PORTAL
from dashboard.importers.portal import CHANNEL_KEY

#: Every address of the demo lies below this name, which can never be registered.
DOMAIN = "demo.example"


@dataclass(frozen=True, slots=True)
class Spot:
    """A channel to be: its key, name and share of the source's activity."""

    key: str
    name: str
    kind: str
    share: float
    url: str


@dataclass(frozen=True, slots=True)
class Workplace:
    """A source to be."""

    service: str
    name: str
    base_url: str
    options: Mapping[str, str]
    spots: Sequence[Spot]


def workplaces(software: str) -> Mapping[str, Workplace]:
    """All six, by service; names are made from the software's own."""
    word = slugify(software) or "software"
    questions = {"site": f"questions.{DOMAIN}", "tag": word}
    sources: Sequence[tuple[str, str, Mapping[str, str], Sequence[Spot]]] = (
        ("github", "code", {"org": word}, _repositories(word)),
        ("slack", "chat", {"channels": "all"}, _chat()),
        ("discourse", "forum", {"support": "help"}, _forum()),
        (PORTAL, "meetups", {}, [Spot(CHANNEL_KEY, "Meetups", "portal", 1, f"https://meetups.{DOMAIN}/meetups/")]),
        ("reddit", "links", {"subreddit": word}, [_spot(1, f"r/{word}", "subreddit", 1, "links", f"r/{word}")]),
        ("stackexchange", "questions", questions, [_spot(1, f"[{word}]", "tag", 1, "questions", f"tagged/{word}")]),
    )
    return {
        service: Workplace(service, f"demo-{host}", f"https://{host}.{DOMAIN}", options, spots)
        for service, host, options, spots in sources
    }


def _spot(key: int, name: str, kind: str, share: float, host: str, path: str) -> Spot:
    return Spot(str(key), name, kind, share, f"https://{host}.{DOMAIN}/{path}")


def _repositories(word: str) -> Sequence[Spot]:
    shares = {
        word: 46, "user-docs": 13, "developer-docs": 7, "api-client": 5, "container-images": 5, "translations": 6,
        "theme-starter": 4, "plugin-kit": 4, "website-bridge": 3, "campaign-recipes": 4, "import-tools": 3,
    }  # fmt: skip
    return [
        _spot(61_000 + number, f"{word}/{name}", "repository", share, "code", f"{word}/{name}")
        for number, (name, share) in enumerate(shares.items())
    ]


def _chat() -> Sequence[Spot]:
    shares = {
        "community": 26, "help": 24, "dev": 16, "t-product": 7, "t-education": 5, "t-marketing": 6, "translations": 5,
        "meetups": 8, "jobs": 3,
    }  # fmt: skip
    return [
        _spot(700 + number, f"#{name}", "channel", share, "chat", f"c/{name}")
        for number, (name, share) in enumerate(shares.items())
    ]


def _forum() -> Sequence[Spot]:
    shares = {"Help": 58, "Ideas": 12, "Show and tell": 10, "Meetups": 8, "International": 7, "Announcements": 5}
    return [
        _spot(20 + number, name, "category", share, "forum", f"c/{slugify(name)}/{20 + number}")
        for number, (name, share) in enumerate(shares.items())
    ]
