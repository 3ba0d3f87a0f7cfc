"""Dated affiliations from a CSV file: read, compared with what is known, and stored once somebody has seen that."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.members.days import Days, overlaps, validate_day
from portal.members.models import Affiliation, Identity, Member, MemberChange, Organisation
from portal.members.names import clean_name
from portal.members.services.organisations import organisation_called

COLUMNS = ("handle", "organisation", "from", "to")
MOST_ROWS = 5000
NEW, CHANGED, SAME, PROBLEM = "new", "changed", "same", "problem"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the file and what it would do. `days` is half-open; `replaces` is the affiliation whose days change."""

    line: int
    handle: str
    organisation: str
    days: Days = (None, None)
    member: Member | None = None
    action: str = PROBLEM
    problem: str = ""
    replaces: Affiliation | None = None


@dataclass(slots=True)
class _Known:
    """What the rows are compared with, read at once for all of them."""

    members: dict[str, set[int]] = field(default_factory=dict)
    people: dict[int, Member] = field(default_factory=dict)
    jobs: dict[int, list[Affiliation]] = field(default_factory=dict)


def read_affiliations(text: str) -> list[Row]:
    """The rows of a CSV file with the columns handle, organisation, from, to; `to` is the last day, empty is open.

    Raises ValidationError when it is no such file. A row that cannot be taken says why.
    """
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff")), strict=True)
    try:
        header = [name.strip().lower() for name in next(reader, [])]
        if sorted(header) != sorted(COLUMNS):
            raise ValidationError(_("The first line has to name the columns handle, organisation, from, to."))
        lines = [(reader.line_num, values) for values in reader if any(value.strip() for value in values)]
    except csv.Error as error:
        told = {"line": reader.line_num, "why": error}
        raise ValidationError(_("Line %(line)s is broken: %(why)s.") % told) from error
    if len(lines) > MOST_ROWS:
        raise ValidationError(_("That is more than %(most)s lines: cut the file in parts.") % {"most": MOST_ROWS})
    return _compared([_row(number, header, values) for number, values in lines])


def _row(number: int, header: list[str], values: list[str]) -> Row:
    cells = dict(zip(header, (clean_name(value) for value in values), strict=False))
    row = Row(number, cells.get("handle", "").lstrip("@"), cells.get("organisation", "")[:120])
    if len(values) != len(header) or not row.handle or not row.organisation:
        return replace(row, problem=_("It needs a handle and an organisation, and four fields."))
    try:
        first, last = (_day(cells[name]) for name in ("from", "to"))
    except ValidationError as error:
        return replace(row, problem=" ".join(error.messages))
    if first and last and last < first:
        return replace(row, problem=_("The last day is before the first one."))
    return replace(row, days=(first, last + timedelta(days=1) if last else None))


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise ValidationError(_("“%(text)s” is no day: write it as 2026-03-31.") % {"text": text[:40]}) from error
    validate_day(day)
    return day


def _compared(rows: list[Row]) -> list[Row]:
    known = _known({row.handle.lower() for row in rows if not row.problem})
    planned: dict[int, list[Row]] = {}
    done = []
    for row in rows:
        judged = row if row.problem else _judged(row, known, planned)
        if judged.member is not None and judged.action != PROBLEM:
            planned.setdefault(judged.member.pk, []).append(judged)
        done.append(judged)
    return done


def _known(handles: set[str]) -> _Known:
    known = _Known()
    living = Q(merged_into=None, erased_at=None)
    by_handle = Member.objects.filter(living).annotate(key=Lower("handle")).filter(key__in=handles)
    found = list(by_handle.values_list("key", "pk"))
    accounts = Identity.objects.filter(username_key__in=handles, member__merged_into=None, member__erased_at=None)
    found += accounts.values_list("username_key", "member")
    for key, pk in found:
        known.members.setdefault(key, set()).add(pk)
    known.people = Member.objects.in_bulk({pk for _key, pk in found})
    jobs = Affiliation.objects.shown().filter(member__in=known.people).select_related("organisation")
    for job in jobs.order_by("pk"):
        known.jobs.setdefault(job.member_id, []).append(job)
    return known


def _judged(row: Row, known: _Known, planned: dict[int, list[Row]]) -> Row:
    found = known.members.get(row.handle.lower(), set())
    if not found:
        return replace(row, problem=_("Nobody here has this handle."))
    if len(found) > 1:
        return replace(row, problem=_("Several members have this handle: merge them first, if they are one."))
    (pk,) = found
    row = replace(row, member=known.people[pk])
    if any(overlaps(row.days, other.days) for other in planned.get(pk, [])):
        return replace(row, problem=_("The days overlap with another line of the file."))
    clashing = [job for job in known.jobs.get(pk, []) if overlaps(row.days, (job.days.lower, job.days.upper))]
    return _against(row, [job for job in clashing if job.confirmed_at is not None or _is_same(job, row)])


def _against(row: Row, clashing: list[Affiliation]) -> Row:
    """Against what is known for these days; claims nobody answered give way, a person's own word never does."""
    if not clashing:
        return replace(row, action=NEW)
    job = clashing[0]
    if len(clashing) == 1 and _is_same(job, row):
        if (job.days.lower, job.days.upper) == row.days:
            return replace(row, action=SAME)
        if job.source != Affiliation.Source.PERSON:
            return replace(row, action=CHANGED, replaces=job)
    words = {"organisation": job.organisation.name}
    if job.source == Affiliation.Source.PERSON:
        return replace(row, problem=_("The person says otherwise: %(organisation)s. Their word stands.") % words)
    return replace(row, problem=_("The days overlap with %(organisation)s.") % words)


def _is_same(job: Affiliation, row: Row) -> bool:
    return job.organisation.name.lower() == row.organisation.lower()


def store_affiliations(rows: Iterable[Row], *, has_their_word: bool) -> int:
    """Store the new and changed rows as the team's word; returns how many. They count once the person confirms, or at
    once when the team says that it has their word."""
    wanted = [row for row in rows if row.action in {NEW, CHANGED} and row.member is not None]
    now = timezone.now()
    with transaction.atomic():
        names = {row.organisation.lower(): row.organisation for row in wanted}
        organisations = {key: organisation_called(name) for key, name in _missing(names).items()} | _present(names)
        members = set()
        for row in wanted:
            if row.member is not None:
                _store(row, row.member, organisations[row.organisation.lower()], now if has_their_word else None)
                members.add(row.member.pk)
        kind = MemberChange.Kind.AFFILIATION
        MemberChange.objects.bulk_create(MemberChange(member_id=member, kind=kind) for member in sorted(members))
    return len(wanted)


def _present(names: dict[str, str]) -> dict[str, Organisation]:
    found = Organisation.objects.annotate(key=Lower("name")).filter(key__in=names)
    return {one.name.lower(): one for one in found}


def _missing(names: dict[str, str]) -> dict[str, str]:
    there = _present(names)
    return {key: name for key, name in names.items() if key not in there}


def _store(row: Row, member: Member, organisation: Organisation, confirmed_at: datetime | None) -> None:
    days = DateRange(*row.days)
    Affiliation.objects.pending().filter(member=member, days__overlap=days).exclude(
        pk=row.replaces.pk if row.replaces else 0
    ).update(lapsed_at=timezone.now())
    if row.replaces is not None:
        Affiliation.objects.filter(pk=row.replaces.pk).update(days=days, source=Affiliation.Source.TEAM)
        if confirmed_at is not None:
            Affiliation.objects.filter(pk=row.replaces.pk, confirmed_at=None).update(confirmed_at=confirmed_at)
        return
    Affiliation.objects.create(
        member=member,
        organisation=organisation,
        days=days,
        source=Affiliation.Source.TEAM,
        confirmed_at=confirmed_at,
    )
