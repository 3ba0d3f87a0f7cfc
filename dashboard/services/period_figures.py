"""The figures of a month, quarter or year, counted once when it is frozen."""

from datetime import UTC, date, datetime, time
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import QuerySet, Sum

from dashboard import kinds
from dashboard.models import MonthCredit, OpenQuestion
from dashboard.periods import Period
from dashboard.services import period_sql as sql
from dashboard.services.identities import DELETED_PREFIX
from meetups.models import Event, Group

MOST: Final = 10
COMING: Final = 6
#: What answers somebody: in a thread that another person opened.
ANSWER_KINDS: Final = (kinds.ANSWER, kinds.POST, kinds.REPLY, kinds.COMMENT, kinds.DISCUSSION_REPLY)
Rows = list[list[Any]]


@transaction.atomic
def figures(period: Period) -> dict[str, Any]:
    """Totals, and lists of at most ten: keys of members, organisations and contributions, with their numbers."""
    parameters = _parameters(period)
    with connection.cursor() as cursor:

        def rows(statement: str) -> Rows:
            cursor.execute(statement, parameters)
            return [list(row) for row in cursor.fetchall()]

        for name in ("deeds", "help"):
            cursor.execute(f"DROP TABLE IF EXISTS {name}")
        cursor.execute(sql.DEEDS, parameters)
        cursor.execute(sql.HELP, parameters)
        newcomers = rows(sql.NEWCOMERS)
        contributions, people, organisations = rows(sql.TOTALS)[0]
        return {
            "totals": {
                "contributions": contributions,
                "people": people,
                "new": len(newcomers),
                "organisations": organisations,
                **_credit(period),
                **_gatherings(period),
            },
            "services": rows(sql.BY_SERVICE),
            "kinds": rows(sql.BY_KIND),
            "newcomers": newcomers[:MOST],
            "active": rows(sql.MOST_ACTIVE),
            "contributors": _top(period, "member"),
            "supporters": rows(sql.SUPPORTERS),
            "supporter_roles": rows(sql.SUPPORTER_ROLES),
            "organisations": _moved(period),
            "active_organisations": rows(sql.ACTIVE_ORGANISATIONS),
            "supporting": rows(sql.SUPPORTING),
            "supported": rows(sql.SUPPORTED),
            "questions": _questions(period),
            "founded": _founded(period),
            "coming": _coming(period),
        }


def totals(period: Period) -> dict[str, int]:
    """The totals alone, to compare with; counted the same way."""
    parameters = _parameters(period)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS deeds")
        cursor.execute(sql.DEEDS, parameters)
        cursor.execute(sql.TOTALS)
        contributions, people, organisations = cursor.fetchone()
        cursor.execute(sql.NEWCOMERS, parameters)
        new = len(cursor.fetchall())
        cursor.execute("DROP TABLE deeds")
    counted = {"contributions": contributions, "people": people, "new": new, "organisations": organisations}
    return {**counted, **_credit(period), **_gatherings(period)}


def _parameters(period: Period) -> dict[str, Any]:
    return {
        "start": _midnight(period.start_on),
        "until": _midnight(period.until_on),
        "start_on": period.start_on,
        "until_on": period.until_on,
        "deleted": f"{DELETED_PREFIX}%",
        "accepted": kinds.STATE_ACCEPTED,
        "root_kinds": list(kinds.ROOT_KINDS),
        "answer_kinds": list(ANSWER_KINDS),
        "most": MOST,
    }


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


def _months(period: Period) -> dict[str, Any]:
    return {"month__gte": period.start_on, "month__lt": period.until_on}


def _credit(period: Period) -> dict[str, int]:
    credit = MonthCredit.objects.filter(**_months(period)).aggregate(n=Sum("credit"))["n"]
    return {"credit": credit or 0}


def _top(period: Period, by: str) -> Rows:
    """[key, credit, things credited] of those with the most credit."""
    rows = (
        MonthCredit.objects.filter(**_months(period), credit__gt=0)
        .exclude(**{by: None})
        .values_list(by)
        .annotate(points=Sum("credit"), things=Sum("n"))
        .order_by("-points", "-things", by)
    )
    return [list(row) for row in rows[:MOST]]


def _moved(period: Period) -> Rows:
    """[organisation, credit, things credited, its place by credit in the period before or None]."""
    ranks: dict[int, int] = {}
    earlier = (
        MonthCredit.objects.filter(**_months(period.before), organisation__isnull=False, credit__gt=0)
        .values_list("organisation")
        .annotate(points=Sum("credit"), things=Sum("n"))
        .order_by("-points", "-things", "organisation")
    )
    for rank, row in enumerate(earlier, start=1):
        ranks[row[0]] = rank
    return [[*row, ranks.get(row[0])] for row in _top(period, "organisation")]


def _gatherings(period: Period) -> dict[str, int]:
    start, until = _midnight(period.start_on), _midnight(period.until_on)
    held = Event.objects.filter(state=Event.State.HELD, starts_at__gte=start, starts_at__lt=until)
    return {
        "events": held.count(),
        "attended": held.aggregate(n=Sum("attended"))["n"] or 0,
        "groups": _founded_in(period).count(),
    }


def _founded_in(period: Period) -> QuerySet[Group]:
    start, until = _midnight(period.start_on), _midnight(period.until_on)
    return Group.objects.listed().filter(founded_at__gte=start, founded_at__lt=until)


def _founded(period: Period) -> list[int]:
    return list(_founded_in(period).order_by("founded_at", "pk").values_list("pk", flat=True)[:MOST])


def _coming(period: Period) -> list[int]:
    """The next dates after the period."""
    coming = Event.objects.public().filter(state=Event.State.PUBLISHED, starts_at__gte=_midnight(period.until_on))
    return list(coming.order_by("starts_at", "pk").values_list("pk", flat=True)[:COMING])


def _questions(period: Period) -> list[int]:
    """Asked in the period and still without an answer by somebody else, newest first."""
    asked = OpenQuestion.objects.filter(
        asked_at__gte=_midnight(period.start_on), asked_at__lt=_midnight(period.until_on)
    )
    return list(asked.order_by("-asked_at", "-pk").values_list("pk", flat=True)[:MOST])
