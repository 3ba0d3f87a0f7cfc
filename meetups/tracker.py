"""The public list of open applications: where, how far, since when; names of those only who asked to be shown."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import django_filters
from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import Exists, Min, OuterRef, Prefetch, Q, QuerySet
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meetups import criteria
from meetups.choices import capitalised
from meetups.filters import LONGEST_TEXT, occurring_countries
from meetups.models import Application, ApplicationOrganiser, CriterionVerdict, Group
from meetups.services import evidence
from meetups.state_words import WORDS
from portal.places.countries import country_choices
from portal.ui.filtering import chips

PAGE_SIZE = 24
TEAM_ACTS = {Application.State.SUBMITTED, Application.State.IN_REVIEW}
JUDGED_MET = {CriterionVerdict.Verdict.MET, CriterionVerdict.Verdict.WAIVED}


class ApplicationFilter(django_filters.FilterSet):
    """Words or a number, country, kind of group."""

    text = django_filters.CharFilter(method="by_text", label=_("Town, group or number"), max_length=LONGEST_TEXT)
    country = django_filters.ChoiceFilter(
        field_name="place__country_code", label=_("Country"), empty_label=_("any country")
    )
    kind = django_filters.ChoiceFilter(
        choices=capitalised(Application.Kind.choices), label=_("Kind"), empty_label=_("any kind")
    )

    class Meta:
        model = Application
        fields: list[str] = []

    def __init__(self, *args: Any, countries: dict[str, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["country"].extra["choices"] = country_choices([code for code in countries if code])
        self.form.fields["text"].widget = forms.TextInput(
            attrs={"type": "search", "placeholder": _("Town, group or number"), "autocomplete": "off"}
        )

    def by_text(self, rows: QuerySet[Application], name: str, value: str) -> QuerySet[Application]:
        """A number is one application; words are looked for in the group's name, its region and its town."""
        number = value.strip().removeprefix("#")
        if number.isascii() and number.isdigit() and len(number) < 10:
            return rows.filter(pk=int(number))
        for word in value.split()[:8]:
            rows = rows.filter(
                Q(group_name__unaccent__icontains=word)
                | Q(region_label__unaccent__icontains=word)
                | Q(place__name__unaccent__icontains=word)
            )
        return rows


@dataclass(frozen=True, slots=True)
class Mark:
    """One criterion as everybody may know it: its title and whether it is met; never what was answered."""

    title: str | Promise
    badge: tuple[str, str]
    is_met: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One open application."""

    number: int
    group_name: str
    where: str
    place_slug: str
    state: str | Promise
    badge: str
    since: datetime
    answer_by_on: date | None
    marks: list[Mark]
    names: list[str]

    @property
    def met(self) -> int:
        return sum(mark.is_met for mark in self.marks)


@dataclass(frozen=True, slots=True)
class Tracker:
    """Everything the list shows."""

    filterset: ApplicationFilter
    page: Page
    rows: list[Row]
    chips: list[dict[str, str]]

    @property
    def count(self) -> int:
        return self.page.paginator.count


def read_tracker(*, query: QueryDict, now: datetime) -> Tracker:
    """The list for the filters in the address: six queries, whatever its length."""
    opened = Application.objects.undecided()
    filterset = ApplicationFilter(query, queryset=opened, countries=occurring_countries(opened, "place__country_code"))
    page = Paginator(_with_facts(filterset.qs), PAGE_SIZE).get_page(query.get("page"))
    return Tracker(filterset, page, [_row(one, now) for one in page.object_list], chips(filterset.form, query))


def _with_facts(rows: QuerySet[Application]) -> QuerySet[Application]:
    """Those that wait longest first, with all that a row needs."""
    here = Group.objects.listed().filter(place=OuterRef("place"), kind=Group.Kind.MEETUP)
    return (
        rows.select_related("place")
        .annotate(
            has_group_here=Exists(here),
            first_sent_at=Min("history__at", filter=Q(history__to_state=Application.State.SUBMITTED)),
        )
        .prefetch_related(
            Prefetch("organisers", ApplicationOrganiser.objects.select_related("member")),
            "venue_confirmations",
            "verdicts",
        )
        .order_by("first_sent_at", "pk")
    )


def _row(application: Application, now: datetime) -> Row:
    words, place = WORDS[application.state], application.place
    return Row(
        number=application.pk,
        group_name=application.group_name,
        where=str(_("Online")) if application.is_online or place is None else application.region_label or str(place),
        place_slug=place.slug if place and not application.is_online else "",
        state=words.public,
        badge=words.badge,
        since=application.first_sent_at or application.submitted_at or application.created_at,  # type: ignore[attr-defined]
        answer_by_on=application.answer_by_on if application.state in TEAM_ACTS else None,
        marks=_marks(application, now),
        names=[
            seat.member.display_name
            for seat in application.organisers.all()
            if seat.is_accepted and seat.shows_name and seat.member is not None and seat.member.is_named
        ],
    )


def _marks(application: Application, now: datetime) -> list[Mark]:
    """The word of the team on the answers as they stand, where there is one; else how far the answers are."""
    here = [criteria.Neighbour(name="", km=0, same_place=True)] if application.has_group_here else []  # type: ignore[attr-defined]
    results = evidence.judge_loaded(
        application,
        seats=application.organisers.all(),
        neighbours=here,
        venues=application.venue_confirmations.all(),
        now=now,
    )
    given = sorted(application.verdicts.all(), key=lambda row: row.pk)
    newest = {row.criterion: row for row in given if row.revision == application.revision}
    marks = []
    for result in results:
        verdict = newest.get(result.key)
        if verdict is None:
            marks.append(Mark(result.title, result.badge, result.status == criteria.Status.MET))
            continue
        is_met = verdict.verdict in JUDGED_MET
        marks.append(Mark(result.title, ("good", gettext("Met")) if is_met else ("wait", gettext("Open")), is_met))
    return marks
