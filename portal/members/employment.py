"""Where somebody belongs on a day: one answer or none, so that totals add up; pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from portal.members.days import Days

#: Whose word weighs more: the person's and the team's, then the organisation's own, a mail domain, a profile's text.
RANK = {"person": 0, "team": 0, "organisation": 1, "domain": 2, "profile": 3}
INDEPENDENT = None


@dataclass(frozen=True, slots=True)
class Job:
    """An organisation for a half-open range of days; counts only once the person has said yes to it."""

    organisation: int
    days: Days
    source: str = "person"
    is_confirmed: bool = True


def organisation_at(jobs: Iterable[Job], day: date) -> int | None:
    """The organisation that what the person did on `day` counts for; INDEPENDENT (None) where there is none.

    Of two that cover the day (the database allows none) the better known one answers, then the lower key.
    """
    there = [job for job in jobs if job.is_confirmed and _covers(job.days, day)]
    if not there:
        return INDEPENDENT
    return min(there, key=lambda job: (RANK.get(job.source, len(RANK)), job.organisation)).organisation


def _covers(days: Days, day: date) -> bool:
    start, end = days
    return (start is None or start <= day) and (end is None or day < end)
