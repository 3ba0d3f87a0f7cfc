"""How the review is doing, in numbers: what waits and how long, how fast and why it is decided. Four queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    Aggregate,
    Count,
    DateTimeField,
    DurationField,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from meetups.models import Application, ApplicationEvent
from meetups.services.applications import ANSWER_WITHIN

State = Application.State
DECIDED = [State.APPROVED, State.DECLINED, State.REDIRECTED]
ANSWERS = [*DECIDED, State.CHANGES_REQUESTED]
YEAR, QUARTER = timedelta(days=365), timedelta(days=90)
#: Days since an application was first sent: from, up to (not with it).
AGES: tuple[tuple[int, int | None], ...] = ((0, 7), (7, 14), (14, 28), (28, 56), (56, None))


class Median(Aggregate):
    """The middle value; of an even number, between the two in the middle."""

    function = "percentile_cont"
    name = "Median"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


@dataclass(frozen=True, slots=True)
class Age:
    """Open applications of one age: how many in each state, in the order of `Application.OPEN_STATES`."""

    label: str
    counts: Sequence[int]

    @property
    def total(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class Decided:
    """Decisions of the last days: how many, and the median of days since the first sending; None without any."""

    days: int
    number: int
    median_days: float | None


@dataclass(frozen=True, slots=True)
class Numbers:
    """All of the page."""

    ages: Sequence[Age]
    totals: Sequence[int]
    decided: Sequence[Decided]
    reasons: Sequence[tuple[str, int]]
    due: int
    in_time: int

    @property
    def open(self) -> int:
        return sum(self.totals)

    @property
    def share_in_time(self) -> int | None:
        """Of a hundred answers that were due; None where none was."""
        return round(100 * self.in_time / self.due) if self.due else None


def first_sent() -> Coalesce:
    """When an application was sent for the first time: its own `submitted_at` is of the last time."""
    sent = ApplicationEvent.objects.filter(application=OuterRef("pk"), to_state=State.SUBMITTED).order_by("pk")
    return Coalesce(Subquery(sent.values("at")[:1]), F("submitted_at"), output_field=DateTimeField())


def read_numbers(*, now: datetime) -> Numbers:
    rows = Application.objects.annotate(first_sent_at=first_sent())
    ages = _ages(rows, now)
    due, in_time = _in_time(now)
    return Numbers(
        ages=ages,
        totals=[sum(column) for column in zip(*(age.counts for age in ages), strict=True)],
        decided=_decided(rows, now),
        reasons=_reasons(now),
        due=due,
        in_time=in_time,
    )


def _ages(rows: QuerySet[Application], now: datetime) -> list[Age]:
    def within(start: int, end: int | None) -> Q:
        younger = Q(first_sent_at__lte=now - timedelta(days=start)) if start else Q()
        return younger & (Q(first_sent_at__gt=now - timedelta(days=end)) if end else Q())

    counts = {f"from_{start}": Count("pk", filter=within(start, end)) for start, end in AGES}
    found: dict[str, Any] = {
        row["state"]: row
        for row in rows.filter(state__in=Application.OPEN_STATES).order_by().values("state").annotate(**counts)
    }
    return [
        Age(
            _("%(from)s to %(to)s days") % {"from": start, "to": end - 1}
            if end
            else _("%(from)s days and more") % {"from": start},
            [found.get(state, {}).get(f"from_{start}", 0) for state in Application.OPEN_STATES],
        )
        for start, end in AGES
    ]


def _age_label(start: int, end: int | None) -> str:
    if end is None:
        return _("%(from)s days and more") % {"from": start}
    return _("%(from)s to %(to)s days") % {"from": start, "to": end - 1}


def _decided(rows: QuerySet[Application], now: datetime) -> list[Decided]:
    took = ExpressionWrapper(F("decided_at") - F("first_sent_at"), output_field=DurationField())
    quarter = Q(decided_at__gt=now - QUARTER)
    found = (
        rows.filter(state__in=DECIDED, decided_at__gt=now - YEAR)
        .annotate(took=took)
        .aggregate(
            quarter=Count("pk", filter=quarter),
            quarter_median=Median("took", filter=quarter),
            year=Count("pk"),
            year_median=Median("took"),
        )
    )
    return [
        Decided(span.days, found[name], _in_days(found[f"{name}_median"]))
        for name, span in (("quarter", QUARTER), ("year", YEAR))
    ]


def _in_days(span: timedelta | None) -> float | None:
    return None if span is None else round(span / timedelta(days=1), 1)


def _reasons(now: datetime) -> list[tuple[str, int]]:
    """Most frequent first."""
    rows = (
        Application.objects.filter(state=State.DECLINED, decided_at__gt=now - YEAR)
        .order_by()
        .values_list("decline_reason")
        .annotate(n=Count("pk"))
    )
    labels = dict(Application.Decline.choices)
    return sorted(((str(labels.get(key, key)), n) for key, n in rows), key=lambda row: (-row[1], row[0]))


def _in_time(now: datetime) -> tuple[int, int]:
    """(answers that were due in the last year, those of them given by the promised day).

    An answer is a decision, or changes asked for by a person. What was withdrawn unanswered was not due.
    """
    answers = (
        ApplicationEvent.objects.filter(
            application=OuterRef("application"), pk__gt=OuterRef("pk"), to_state__in=ANSWERS
        )
        .exclude(to_state=State.CHANGES_REQUESTED, actor=None)
        .order_by("pk")
    )
    promised = ExpressionWrapper(F("at") + Value(ANSWER_WITHIN + timedelta(days=1)), output_field=DateTimeField())
    found = (
        ApplicationEvent.objects.filter(to_state=State.SUBMITTED, at__gt=now - YEAR)
        .annotate(answered_at=Subquery(answers.values("at")[:1]), promised_at=promised)
        .aggregate(
            in_time=Count("pk", filter=Q(answered_at__lte=F("promised_at"))),
            late=Count(
                "pk",
                filter=Q(answered_at__gt=F("promised_at"))
                | Q(answered_at=None, promised_at__lt=now, application__state__in=Application.OPEN_STATES),
            ),
        )
    )
    return found["in_time"] + found["late"], found["in_time"]
