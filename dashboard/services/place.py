"""The page of one place: a repository, channel or category."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Sum

from dashboard.models import Channel
from dashboard.scope import Scope
from dashboard.services import activity
from dashboard.services.people import PeopleList, PersonRow
from dashboard.services.questions import QuestionRow, open_questions, question_row
from dashboard.services.reading import change
from dashboard.services.scoped import fetch, matching
from portal.ui.charts import StackedDays


@dataclass(frozen=True)
class PlacePage:
    """Everything on the page."""

    scope: Scope
    row: activity.PlaceRow
    contributions: int
    contributions_delta: int | None
    people: int
    new: int
    questions_count: int
    chart: StackedDays
    persons: list[PersonRow]
    questions: list[QuestionRow]


def read_place(scope: Scope, until_on: date, channel: Channel) -> PlacePage:
    """One place in the window; other filters stay in force, its source is its own."""
    inside = scope.but(channel=channel.pk, sources=())
    match = matching(inside, until_on)
    people, new = fetch(
        f"""WITH {match.scoped} SELECT count(*), count(*) FILTER (WHERE w.is_new)
            FROM (SELECT DISTINCT member_id FROM scoped WHERE is_person) x
            JOIN dashboard_memberwindow w USING (member_id) WHERE w.days = %(days)s""",  # noqa: S608
        match.params,
    )[0]
    contributions = activity.contributions(inside, until_on)
    questions = open_questions(inside, until_on, oldest_first=True)
    days = activity.days_by(inside, until_on, "kind")
    return PlacePage(
        scope=inside,
        row=activity.place_row(channel, contributions),
        contributions=contributions,
        contributions_delta=change(contributions, _before(inside, until_on) or 0),
        people=people,
        new=new,
        questions_count=questions.count(),
        chart=activity.chart(inside, until_on, "kind", days),
        persons=PeopleList(inside, until_on, "active")[:8],
        questions=[question_row(inside, one) for one in questions[:6]],
    )


def _before(scope: Scope, until_on: date) -> int | None:
    """Contributions of the window before; None where only raw rows would know."""
    if not activity.is_counted_by_day(scope):
        return None
    last = activity.start_of(scope, until_on) - timedelta(days=1)
    rows = activity.day_counts(scope, last - timedelta(days=scope.days - 1), last)
    return rows.aggregate(n=Sum("n"))["n"]
