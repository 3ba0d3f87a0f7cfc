"""The single works behind a standing as pages show them: frozen ones as they were frozen, named as people wish."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from dashboard import words
from dashboard.kinds import ROOT_KINDS
from dashboard.models import Contribution
from dashboard.services.reading import PersonName, person_name, unnamed
from partners.models import Sponsorship
from partners.models import Standing as Frozen
from partners.ranking import PARTS, Standing, part_of
from partners.services.credit import Work, month_end, month_work
from partners.services.rankings import Ranking, utc_today
from partners.services.sponsor_credit import sponsor_work
from portal.members.models import Member


@dataclass(frozen=True, slots=True)
class WorkRow:
    """One work behind a standing, with the weight used."""

    what: words.Words
    title: words.Words
    url: str
    channel: str
    who: PersonName | None
    credited_on: date
    credit: int
    series: int


@dataclass(frozen=True, slots=True)
class WorkGroup:
    """What one person did of one kind: count times weight, and each work of it."""

    person: PersonName | None
    what: words.Words
    series: int
    each: int
    rows: list[WorkRow]

    @property
    def n(self) -> int:
        return len(self.rows)

    @property
    def points(self) -> int:
        return self.n * self.each


def works_of(ranking: Ranking, standing: Standing) -> list[Work]:
    """Every work behind a standing of a ranking, newest first."""
    if ranking.run is None:
        alone = [standing.organisation]
        works = month_work(ranking.month, alone, today=utc_today())
        return works + sponsor_work(ranking.month, month_end(ranking.month), alone)
    row = Frozen.objects.filter(run=ranking.run, organisation=standing.organisation).only("work").first()
    return [unpacked(standing.organisation, packed) for packed in row.work] if row else []


def unpacked(organisation: int, packed: Sequence) -> Work:
    """A work as a standing keeps it."""
    contribution, member, kind, state, credit, on, sponsorship = packed
    return Work(organisation, member, kind, state, credit, date.fromisoformat(on), contribution, sponsorship)


def work_rows(works: Iterable[Work]) -> list[WorkRow]:
    """With titles, links and names; three queries whatever their number. Comments take the title of their thread."""
    works = list(works)
    found = _contributions(works)
    members = people_of(one.member for one in works)
    given = Sponsorship.objects.select_related("need", "event", "group").in_bulk(
        [one.sponsorship for one in works if one.sponsorship is not None]
    )
    return [_row(one, found, members, given) for one in works]


def _contributions(works: Sequence[Work]) -> dict[int, Contribution]:
    opened = Contribution.objects.filter(
        source=OuterRef("source"), thread=OuterRef("thread"), kind__in=ROOT_KINDS
    ).exclude(thread="")
    title = Subquery(opened.order_by("occurred_at").values("title")[:1])
    rows = Contribution.objects.filter(pk__in=[one.contribution for one in works if one.contribution is not None])
    return {row.pk: row for row in rows.select_related("channel").annotate(thread_title=title)}


def people_of(keys: Iterable[int | None]) -> dict[int, Member]:
    """Members by key; of one who was merged into another since, the other."""
    wanted = {key for key in keys if key is not None}
    rows = Member.objects.select_related("merged_into").filter(pk__in=wanted)
    return {row.pk: row.merged_into or row for row in rows}


def tells(member: Member | None) -> bool:
    """Whether a page about an organisation may name somebody as one of its people."""
    return member is not None and member.is_named and member.tells_employer


def named_here(member: Member) -> PersonName:
    """By name for who tells where they work; everybody else is one of those who are counted."""
    return person_name(member) if tells(member) else unnamed(member)


def _row(
    work: Work, found: dict[int, Contribution], members: dict[int, Member], given: dict[int, Sponsorship]
) -> WorkRow:
    what = words.line(work.kind, work.state)
    member = members.get(work.member or 0)
    title, url, channel = "", "", ""
    contribution = found.get(work.contribution or 0)
    if contribution is not None:
        # These pages say where somebody works. Of who does not tell that there is no link, which would name them.
        is_told = tells(member)
        title = (contribution.title or getattr(contribution, "thread_title", "") or "") if is_told else ""
        url, channel = contribution.url if is_told else "", contribution.channel.name
    sponsorship = given.get(work.sponsorship or 0)
    if sponsorship is not None:
        title, url = str(sponsorship.home), sponsorship.need.get_absolute_url()
    who = named_here(member) if member is not None else None
    series = PARTS.index(part_of(work.kind)) + 1
    return WorkRow(what, title or what, url, channel, who, work.on, work.credit, series)


def grouped(works: Iterable[Work]) -> list[WorkGroup]:
    """Works by kind and person, the largest of each part first: what "explain" adds up.

    Who does not tell where they work is in one group with all like them.
    """
    works = list(works)
    by_group: dict[tuple[str, str, int, str], list[WorkRow]] = {}
    for work, row in zip(works, work_rows(works), strict=True):
        who = (row.who.url or "unnamed") if row.who else ""
        by_group.setdefault((work.kind, work.state, work.credit, who), []).append(row)
    groups = [WorkGroup(rows[0].who, rows[0].what, rows[0].series, key[2], rows) for key, rows in by_group.items()]
    return sorted(groups, key=lambda group: (group.series, str(group.what), -group.points))


def who_words(group: WorkGroup) -> str:
    """Who did it, in a word: the company itself, as a sponsor, has no name of a person."""
    return group.person.name if group.person else _("The company")
