"""What the portal itself knows of its groups, as plain values: the shapes the importer of the portal reads."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Person:
    """A member by their key, the one they were merged into where they were; `is_gone` is somebody who was erased."""

    key: int
    is_gone: bool = False


@dataclass(frozen=True, slots=True)
class HeldEvent:
    """An event that took place. `kind` is meetup, online, camp or conference; title and path are empty where no page
    of it may be seen."""

    uid: str
    kind: str
    title: str
    path: str
    ends_at: datetime
    team: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class Review:
    """Somebody of the team who worked on an application, and when they last did before it was decided."""

    person: Person
    at: datetime


@dataclass(frozen=True, slots=True)
class Applicant:
    """One of those who applied; `is_told` says that others may know of it."""

    person: Person
    is_told: bool


@dataclass(frozen=True, slots=True)
class DecidedApplication:
    """An application whose answer is out. Title and path are those of the group it became, else empty."""

    public_id: str
    title: str
    path: str
    submitted_at: datetime
    decided_at: datetime
    applicants: tuple[Applicant, ...]
    reviews: tuple[Review, ...]


@dataclass(frozen=True, slots=True)
class GrantedWork:
    """Work added by hand that a second person confirmed."""

    key: int
    person: Person
    kind: str
    state: str
    title: str
    url: str
    done_at: datetime
    confirmed_at: datetime


class PortalFacts:
    """Reads them. This one knows of nothing; the services hand in one that looks it up."""

    def held(self, *, now: datetime, before: datetime | None, most: int) -> list[HeldEvent]:
        """Events that ended by `now` and before `before`, newest first: `most` or a few more, since events that ended
        at one moment are never torn apart; fewer than `most` are the last."""
        return []

    def decided(self, *, now: datetime) -> list[DecidedApplication]:
        """All applications whose answer is out by `now`."""
        return []

    def granted(self) -> list[GrantedWork]:
        """All work added by hand that counts."""
        return []
