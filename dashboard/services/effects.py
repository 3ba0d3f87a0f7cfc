"""What a correction of where somebody works would change: contributions and accepted work, by organisation."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date

from django.db.models import Count, Q
from django.db.models.functions import TruncDate

from dashboard.models import Contribution
from portal.members.employment import Job, organisation_at
from portal.members.models import Affiliation, Identity, Member, Organisation


@dataclass(frozen=True, slots=True)
class Change:
    """What counts for one organisation before and after; `organisation` empty is work as an independent."""

    organisation: str
    contributions_before: int
    contributions_after: int
    accepted_before: int
    accepted_after: int


@dataclass(frozen=True, slots=True)
class Effect:
    """All changes, and the first days of the months whose accepted work changes hands."""

    changes: tuple[Change, ...] = ()
    months: tuple[date, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.changes)


def jobs_of(member: Member) -> dict[int, Job]:
    """The confirmed affiliations as plain values, by key."""
    return {row.pk: job_of(row) for row in Affiliation.objects.confirmed().filter(member=member)}


def job_of(row: Affiliation) -> Job:
    return Job(row.organisation_id, (row.days.lower, row.days.upper), row.source)


def effect_of(*, member: Member, before: Iterable[Job], after: Iterable[Job], names: dict[int, str]) -> Effect:
    """Compare two states of the member's jobs over all that they did. `names` may name organisations not saved yet."""
    before, after = list(before), list(after)
    counts: dict[int | None, Counter[str]] = {}
    months: set[date] = set()
    for field, days in (("contributions", _days(member, "occurred_at")), ("accepted", _days(member, "credited_at"))):
        for day, number in days:
            old, new = organisation_at(before, day), organisation_at(after, day)
            counts.setdefault(old, Counter())[f"{field}_before"] += number
            counts.setdefault(new, Counter())[f"{field}_after"] += number
            if field == "accepted" and old != new:
                months.add(day.replace(day=1))
    return _effect(counts, months, names)


def _effect(counts: dict[int | None, Counter[str]], months: set[date], names: dict[int, str]) -> Effect:
    known = {**dict(Organisation.objects.filter(pk__in=[pk for pk in counts if pk]).values_list("pk", "name")), **names}
    changes = [
        Change(
            known.get(pk, "") if pk is not None else "",
            count["contributions_before"],
            count["contributions_after"],
            count["accepted_before"],
            count["accepted_after"],
        )
        for pk, count in counts.items()
    ]
    moved = [
        one
        for one in changes
        if (one.contributions_before, one.accepted_before) != (one.contributions_after, one.accepted_after)
    ]
    return Effect(tuple(sorted(moved, key=lambda one: (not one.organisation, one.organisation))), tuple(sorted(months)))


def _days(member: Member, field: str) -> list[tuple[date, int]]:
    """Each UTC day on which the member did something, or had something accepted, with how much."""
    return work_days([member.pk], field).get(member.pk, [])


def work_days(members: Collection[int], field: str) -> dict[int, list[tuple[date, int]]]:
    """The same of many members in one query: (day, number) by member."""
    rows = Contribution.objects.filter(identity__member__in=members, deleted_at=None).exclude(**{field: None})
    counted = rows.annotate(day=TruncDate(field, tzinfo=UTC)).values_list("identity__member", "day")
    found: dict[int, list[tuple[date, int]]] = {}
    for member, day, number in counted.annotate(n=Count("pk")).order_by("day"):
        found.setdefault(member, []).append((day, number))
    return found


def work_of(identity: Identity) -> tuple[int, int]:
    """How many contributions an account brings to its member, and how many of them were accepted."""
    rows = Contribution.objects.filter(identity=identity, deleted_at=None)
    found = rows.aggregate(n=Count("pk"), accepted=Count("pk", filter=Q(credited_at__isnull=False)))
    return found["n"], found["accepted"]
