"""The dashboard's page: its parts, each made from summaries with a fixed number of queries."""

from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from django.db.models import F, Sum
from django.utils.translation import gettext as _

from dashboard import importers, words
from dashboard.models import DayCount, MemberWindow, OrganisationWindow, WindowTotals
from dashboard.services.reading import (
    Freshness,
    Newcomer,
    PersonName,
    as_newcomer,
    change,
    freshness,
    named_newcomers,
    organisation_url,
    person_name,
)
from portal.members.models import Member
from portal.ui.charts import Series, StackedDays

#: `?people=`: what the list of people is ordered by.
PEOPLE_ORDERS = {
    "credit": ("-credit", "-recognition", "member_id"),
    "active": ("-n", "member_id"),
    "answers": ("-answers", "-recognition", "member_id"),
}
_FACTS = ("contributions", "people", "new", "returning", "organisations")


@dataclass(frozen=True, slots=True)
class Fact:
    """One number of the strip, how it moved in per cent, and its small bars."""

    name: str
    number: int
    delta: int | None
    spark: list[int]


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One line of a list of people."""

    rank: int
    person: PersonName
    organisation: str
    n: int
    recognition: int
    credit: int
    answers: int
    active_days: int
    weeks: list[int]
    is_new: bool


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """One line of a list of organisations."""

    name: str
    seed: int
    url: str
    people: int
    n: int
    credit: int


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """A repository, channel or category with what happened there."""

    name: str
    label: str
    series: int
    url: str
    n: int


@dataclass(frozen=True)
class Overview:
    """Everything on the page. `totals` None: nothing has been counted yet."""

    days: int
    start_on: date
    until_on: date
    freshness: list[Freshness]
    facts: dict[str, Fact]
    chart: StackedDays
    people: list[PersonRow]
    organisations: list[OrganisationRow]
    most_credit: int
    volunteers: OrganisationRow
    volunteers_share: int | None
    newcomers: list[Newcomer]
    channels: list[ChannelRow]
    most_busy: int


def overview(*, days: int, people_by: str, csv_url: str = "") -> Overview | None:
    """The page of a window (30, 90, 365), people ordered by a key of PEOPLE_ORDERS; None while there is nothing."""
    row = WindowTotals.objects.filter(days=days).first()
    if row is None:
        return None
    start_on = row.until_on - timedelta(days=days - 1)
    organisations = organisation_rows(days, 6)
    channels = channel_rows(start_on, row.until_on, 8)
    credit = row.totals["credit"]
    return Overview(
        days=days,
        start_on=start_on,
        until_on=row.until_on,
        freshness=freshness(),
        facts={name: _fact(name, row) for name in _FACTS},
        chart=activity_chart(start_on, row.until_on, csv_url),
        people=people_rows(days, people_by, 8),
        organisations=organisations,
        most_credit=max((one.credit for one in organisations), default=0),
        volunteers=OrganisationRow(_("Volunteers"), 0, "", row.totals["volunteers"], 0, row.totals["volunteer_credit"]),
        volunteers_share=round(row.totals["volunteer_credit"] / credit * 100) if credit else None,
        newcomers=[as_newcomer(window) for window in named_newcomers(days)[:6]],
        channels=channels,
        most_busy=max((one.n for one in channels), default=0),
    )


def _fact(name: str, row: WindowTotals) -> Fact:
    delta = change(row.totals[name], row.before.get(name, 0))
    parts = row.totals.get("parts", {}).get(name, [])
    return Fact(name, row.totals[name], delta, parts if any(parts) else [])


def activity_chart(start_on: date, until_on: date, csv_url: str = "") -> StackedDays:
    """Contributions per day and service."""
    days = [start_on + timedelta(days=number) for number in range((until_on - start_on).days + 1)]
    by_service: dict[str, dict[date, int]] = {}
    for day, service, n in day_services(start_on, until_on):
        by_service.setdefault(service, {})[day] = n
    order = sorted(by_service, key=lambda name: importers.SERVICES[name].series if name in importers.SERVICES else 9)
    series = [Series(name, words.service_label(name), [by_service[name].get(day, 0) for day in days]) for name in order]
    return StackedDays(days=days, series=series, summary=_summary(series), csv_url=csv_url)


def day_services(start_on: date, until_on: date) -> list[tuple[date, str, int]]:
    """(day, service, contributions), oldest first."""
    rows = (
        DayCount.objects.filter(day__range=(start_on, until_on))
        .values("day", service=F("channel__source__service"))
        .annotate(total=Sum("n"))
        .order_by("day", "service")
    )
    return [(row["day"], row["service"], row["total"]) for row in rows]


def _summary(series: list[Series]) -> str:
    """One sentence that says what the chart shows."""
    total = sum(one.total for one in series)
    if not total:
        return _("Nothing happened in these days.")
    sums = [sum(values) for values in zip(*(one.values for one in series), strict=True)]
    usual = _("%(n)s contributions on a usual day.") % {"n": f"{round(median(sums)):,}"}
    shares = sorted(((round(one.total / total * 100), one.label) for one in series), reverse=True)[:3]
    first, *others = [(share, label) for share, label in shares if share]
    sentence = _("%(label)s brings %(share)s of every 100") % {"label": first[1], "share": first[0]}
    return f"{usual} " + ", ".join([sentence, *(f"{label} {share}" for share, label in others)]) + "."


def people_rows(days: int, people_by: str, limit: int) -> list[PersonRow]:
    """The first people of a window in one of the orders."""
    rows = people_windows(days, people_by)[:limit]
    return [person_row(row, rank) for rank, row in enumerate(rows, start=1)]


def people_windows(days: int, people_by: str, *, only_new: bool = False):  # type: ignore[no-untyped-def]
    """Windows of people, ordered; those who score nothing in that order are left out of "answers"."""
    rows = MemberWindow.objects.filter(days=days).select_related("member", "organisation")
    if people_by == "answers":
        rows = rows.filter(answers__gt=0)
    if only_new:
        rows = rows.filter(is_new=True, n__gt=0)
    return rows.order_by(*PEOPLE_ORDERS[people_by])


def person_row(row: MemberWindow, rank: int) -> PersonRow:
    """A window as a line; only people who chose to be shown by name have an employer."""
    person = person_name(row.member)
    is_told = row.member.is_named and row.member.visibility == Member.Visibility.PUBLIC
    employer = str(row.organisation) if row.organisation and is_told else ""
    return PersonRow(
        rank=rank,
        person=person,
        organisation=employer,
        n=row.n,
        recognition=row.recognition,
        credit=row.credit,
        answers=row.answers,
        active_days=row.active_days,
        weeks=row.weeks,
        is_new=row.is_new,
    )


def organisation_windows(days: int):  # type: ignore[no-untyped-def]
    """Windows of organisations, most credited first."""
    return (
        OrganisationWindow.objects.filter(days=days)
        .select_related("organisation__partner")
        .order_by("-credit", "-n", "organisation_id")
    )


def organisation_rows(days: int, limit: int | None = None) -> list[OrganisationRow]:
    """The first organisations of a window."""
    return [organisation_row(row) for row in organisation_windows(days)[:limit]]


def organisation_row(row: OrganisationWindow) -> OrganisationRow:
    """A window as a line."""
    organisation = row.organisation
    return OrganisationRow(
        organisation.name, organisation.pk, organisation_url(organisation), row.people, row.n, row.credit
    )


def channel_rows(start_on: date, until_on: date, limit: int | None = None) -> list[ChannelRow]:
    """Channels by what happened there, busiest first."""
    rows = (
        DayCount.objects.filter(day__range=(start_on, until_on))
        .values("channel__name", "channel__url", "channel__source__service")
        .annotate(total=Sum("n"))
        .order_by("-total", "channel__name")[:limit]
    )
    found = []
    for row in rows:
        service = row["channel__source__service"]
        series = importers.SERVICES[service].series if service in importers.SERVICES else 6
        found.append(
            ChannelRow(row["channel__name"], words.service_label(service), series, row["channel__url"], row["total"])
        )
    return found
