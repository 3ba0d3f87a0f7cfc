"""A frozen report as its page shows it: totals with two comparisons, lists that name people by their wish of today."""

from dataclasses import dataclass
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _

from dashboard import importers, words
from dashboard.models import Contribution, Report
from dashboard.models.updates import title_of
from dashboard.periods import Period
from dashboard.services.reading import PersonName, change, organisation_url, person_name
from meetups.models import Event, Group
from portal.members.models import Member, Organisation, Role


@dataclass(frozen=True, slots=True)
class Total:
    """One number with the same of the period before and of a year ago; deltas in whole per cent."""

    label: str
    now: int
    before: int
    before_delta: int | None
    year_ago: int
    year_ago_delta: int | None


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a list: somebody or something, and its numbers as text."""

    name: str
    url: str
    numbers: list[str]
    note: str = ""
    note_url: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A list of the report; empty ones are left out of the page."""

    title: str
    heads: list[str]
    lines: list[Line]
    unnamed: int = 0


@dataclass(frozen=True)
class ReportPage:
    """Everything on the page of a report."""

    report: Report
    title: str
    before_title: str
    year_ago_title: str
    totals: list[Total]
    tables: list[Table]


def read(report: Report) -> ReportPage:
    """Nine queries at most, however much the period holds."""
    period = Period(report.kind, report.start_on)  # type: ignore[arg-type]
    return ReportPage(
        report=report,
        title=title_of(period.kind, period.start_on),
        before_title=title_of(period.kind, period.before.start_on),
        year_ago_title=title_of(period.kind, period.year_ago.start_on),
        totals=_totals(report),
        tables=[table for table in _tables(report.figures) if table.lines or table.unnamed],
    )


def _totals(report: Report) -> list[Total]:
    labels = {
        "contributions": _("contributions"),
        "people": _("people"),
        "new": _("people for the first time"),
        "organisations": _("organisations"),
        "credit": _("credit"),
        "events": _("events held"),
        "attended": _("people at events"),
        "groups": _("groups founded"),
    }
    now, before, ago = report.figures["totals"], report.before, report.year_ago
    return [
        Total(label, now[key], before[key], change(now[key], before[key]), ago[key], change(now[key], ago[key]))
        for key, label in labels.items()
    ]


def _tables(figures: dict[str, Any]) -> list[Table]:
    members = Member.objects.in_bulk(
        {row[0] for key in ("newcomers", "active", "contributors", "supporters") for row in figures[key]}
    )
    organisations = Organisation.objects.select_related("partner").in_bulk(
        {row[0] for key in ("organisations", "active_organisations", "supporting", "supported") for row in figures[key]}
    )
    firsts = Contribution.objects.in_bulk([row[1] for row in figures["newcomers"]])
    answers, accepted, credit = _("Answers"), _("Accepted"), _("Credit")
    return [
        _of_services(figures),
        _of_kinds(figures),
        _newcomers(figures, members, firsts),
        _of_people(_("Most credit"), [credit, _("Things credited")], figures["contributors"], members),
        _of_people(_("Most active"), [_("Contributions")], figures["active"], members),
        _of_people(_("Who helped others"), [answers, accepted], figures["supporters"], members),
        _roles(figures),
        _ranked(figures, organisations),
        _of_organisations(
            _("Organisations by activity"), [_("People"), _("Contributions")], figures["active_organisations"],
            organisations,
        ),
        _of_organisations(_("Organisations that helped"), [answers], figures["supporting"], organisations),
        _of_organisations(_("Organisations that were helped"), [answers], figures["supported"], organisations),
        _groups(figures),
        _events(figures),
        _questions(figures),
    ]  # fmt: skip


def _of_services(figures: dict[str, Any]) -> Table:
    known = [(words.service_label(service), n) for service, n in figures["services"] if service in importers.SERVICES]
    other = sum(n for service, n in figures["services"] if service not in importers.SERVICES)
    rows = [*known, (_("Elsewhere"), other)] if other else known
    return Table(_("Where"), [_("Contributions")], [Line(label, "", [f"{n:,}"]) for label, n in rows])


def _of_kinds(figures: dict[str, Any]) -> Table:
    lines = [Line(str(words.LINES.get((kind, ""), kind)), "", [f"{n:,}"]) for kind, n in figures["kinds"]]
    return Table(_("What"), [_("Contributions")], lines)


def _of_people(title: str, heads: list[str], rows: list[list[int]], members: dict[int, Member]) -> Table:
    named = [(person_name(members[row[0]]), row) for row in rows if row[0] in members]
    lines = [Line(who.name, who.url, [f"{n:,}" for n in row[1:]]) for who, row in named if who.url]
    return Table(title, heads, lines, unnamed=len(rows) - len(lines))


def _newcomers(figures: dict[str, Any], members: dict[int, Member], firsts: dict[int, Contribution]) -> Table:
    lines = []
    for key, first in figures["newcomers"]:
        who: PersonName | None = person_name(members[key]) if key in members else None
        if who is None or not who.url:
            continue
        deed = firsts.get(first)
        lines.append(Line(who.name, who.url, [], deed.title if deed else "", deed.url if deed else ""))
    new = figures["totals"]["new"]
    return Table(_("Here for the first time"), [], lines, unnamed=new - len(lines))


def _roles(figures: dict[str, Any]) -> Table:
    labels = dict(Role.Kind.choices)
    lines = [Line(str(labels.get(kind, kind)), "", [f"{n:,}"]) for kind, n in figures["supporter_roles"]]
    return Table(_("Roles of those who helped"), [_("People")], lines)


def _of_organisations(
    title: str, heads: list[str], rows: list[list[Any]], organisations: dict[int, Organisation]
) -> Table:
    lines = [
        Line(organisations[row[0]].name, organisation_url(organisations[row[0]]), [f"{n:,}" for n in row[1:]])
        for row in rows
        if row[0] in organisations
    ]
    return Table(title, heads, lines)


def _ranked(figures: dict[str, Any], organisations: dict[int, Organisation]) -> Table:
    """Their place in the period before stands beside the credit."""
    rows = [[key, credit, things] for key, credit, things, _before in figures["organisations"]]
    table = _of_organisations(_("Organisations by credit"), [_("Credit"), _("Things credited")], rows, organisations)
    places = {organisations[row[0]].name: row[3] for row in figures["organisations"] if row[0] in organisations}
    lines = [
        Line(line.name, line.url, [*line.numbers, str(places[line.name] or "–")], line.note) for line in table.lines
    ]
    return Table(table.title, [*table.heads, _("Place before")], lines)


def _groups(figures: dict[str, Any]) -> Table:
    founded = Group.objects.listed().filter(pk__in=figures["founded"]).order_by("founded_at", "pk")
    return Table(_("Groups founded"), [], [Line(one.name, one.get_absolute_url(), []) for one in founded])


def _events(figures: dict[str, Any]) -> Table:
    coming = Event.objects.public().filter(pk__in=figures["coming"]).order_by("starts_at", "pk").select_related("group")
    lines = [
        Line(one.title, one.get_absolute_url(), [formats.date_format(one.starts_local, "j F Y")]) for one in coming
    ]
    return Table(_("What came next"), [_("Day")], lines)


def _questions(figures: dict[str, Any]) -> Table:
    asked = Contribution.objects.filter(pk__in=figures["questions"], deleted_at=None).order_by("-occurred_at", "-pk")
    shown = asked.select_related("identity__member")
    lines = [Line(one.title, one.url, []) for one in shown if one.title and one.identity.member.is_named]
    return Table(_("Questions without an answer when the period was frozen"), [], lines)
