"""Questions that no other person has answered."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from django.db.models import QuerySet
from django.utils import timezone

from dashboard import importers, words
from dashboard.models import OpenQuestion
from dashboard.scope import Scope
from dashboard.services.activity import start_of
from dashboard.services.reading import PersonName, person_name, somebody
from dashboard.services.scoped import fetch, matching
from dashboard.services.summary_span import midnight

#: Waiting so many days is late.
LATE_DAYS: Final = 4


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """One question, who asked it, and for how long it waits."""

    title: str
    url: str
    label: str
    series: int
    place: str
    place_pk: int
    person: PersonName
    asked_at: datetime
    days: int

    @property
    def state(self) -> str:
        return "late" if self.days >= LATE_DAYS else "wait" if self.days >= 1 else "off"


def open_questions(
    scope: Scope, until_on: date, *, oldest_first: bool = False, chosen: list[int] | None = None
) -> QuerySet[OpenQuestion]:
    """Unanswered questions of the scope; `chosen`: those that the filters were already found to choose."""
    rows = OpenQuestion.objects.filter(asked_at__gte=midnight(start_of(scope, until_on)))
    if chosen is not None:
        rows = rows.filter(pk__in=chosen)
    elif scope.is_filtered:
        match = matching(scope, until_on)
        sql = f"SELECT c.id {match.rows} AND c.id IN (SELECT contribution_id FROM dashboard_openquestion)"  # noqa: S608
        rows = rows.filter(pk__in=[pk for (pk,) in fetch(sql, match.params)])
    rows = rows.select_related("contribution__channel__source", "contribution__identity__member")
    return rows.order_by("asked_at" if oldest_first else "-asked_at", "pk")


def question_row(scope: Scope, row: OpenQuestion) -> QuestionRow:
    """A question as a line."""
    asked = row.contribution
    member, service = asked.identity.member, asked.channel.source.service
    if scope.tells_of_people and not (member.is_named and member.tells_employer):
        # Its moment and place stand beside a handle in another list.
        day = midnight(row.asked_at.astimezone(UTC).date())
        return QuestionRow("", "", "", 6, "", 0, somebody(), day, max(0, (timezone.now() - day).days))
    is_told = member.is_named  # a title and a link lead to who asked
    return QuestionRow(
        title=asked.title if is_told else "",
        url=asked.url if is_told else "",
        label=words.service_label(service),
        series=importers.SERVICES[service].series if service in importers.SERVICES else 6,
        place=asked.channel.name,
        place_pk=asked.channel_id,
        person=person_name(member),
        asked_at=row.asked_at,
        days=max(0, (timezone.now() - row.asked_at).days),
    )
