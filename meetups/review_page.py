"""What the team's page of one application shows, part by part; read once, in a fixed number of queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.functional import Promise

from meetups import near_map
from meetups.application_page import answers_by_part
from meetups.check_page import CheckView, read_checks
from meetups.criteria import CRITERIA, RADIUS_KM
from meetups.forms.review import CommentForm, VerdictForm
from meetups.models import (
    Application,
    ApplicationComment,
    ApplicationEvent,
    ApplicationOrganiser,
    ApplicationRevision,
    CriterionVerdict,
    Group,
    VenueConfirmation,
)
from meetups.revisions import Change, differences
from meetups.services import approval, verdicts
from meetups.services.evidence import NEAR_KM
from portal.members.models import User
from portal.places.distances import near

MOST_NEAR = 8


@dataclass(frozen=True, slots=True)
class CriterionPart:
    """One criterion: what the organisers say, what the machine found, what a person holds of it."""

    number: int
    key: str
    title: str | Promise
    answers: Sequence[tuple[str, object]]
    check: CheckView
    verdict: CriterionVerdict | None
    counts: bool
    form: VerdictForm | None


@dataclass(frozen=True, slots=True)
class RevisionPart:
    """One time the answers were sent, and what had changed since the time before."""

    revision: ApplicationRevision
    is_first: bool
    changes: Sequence[tuple[str | Promise, list[Change]]]


@dataclass(frozen=True, slots=True)
class Near:
    """A group or an open application near the place; `number` is its number on the map."""

    number: int
    name: str
    where: str
    km: int
    state: str
    url: str
    is_group: bool


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """The whole page."""

    criteria: Sequence[CriterionPart]
    seats: Sequence[ApplicationOrganiser]
    hosts: Sequence[VenueConfirmation]
    revisions: Sequence[RevisionPart]
    comments: Sequence[ApplicationComment]
    history: Sequence[ApplicationEvent]
    near: Sequence[Near]
    map: near_map.NearMap | None
    obstacles: Sequence[str]
    note_form: CommentForm
    letter_form: CommentForm
    radius_km: int = RADIUS_KM
    near_km: int = NEAR_KM
    judged: int = field(default=0)


def read_review_page(
    application: Application,
    *,
    reader: User,
    now: datetime,
    desk: Any,
    verdict_forms: Mapping[str, VerdictForm] | None = None,
    note_form: CommentForm | None = None,
    letter_form: CommentForm | None = None,
) -> ReviewPage:
    """`desk` gives the address of another application's page; forms that hold errors replace the empty ones."""
    latest = verdicts.latest_verdicts(application)
    counting = verdicts.counting_verdicts(application, latest)
    found = _near(application, desk)
    return ReviewPage(
        criteria=_criteria(application, latest, counting, verdict_forms or {}, now),
        seats=list(application.organisers.select_related("member").order_by("pk")),
        hosts=list(application.venue_confirmations.all()[:5]),
        revisions=_revisions(application),
        comments=list(application.comments.select_related("author__member")),
        history=list(application.history.select_related("actor__member").order_by("pk")),
        near=[row for row, _point in found],
        map=_map(application, [point for _row, point in found]),
        obstacles=approval.obstacles(application, actor=reader, now=now)
        if application.state == Application.State.IN_REVIEW
        else [],
        note_form=note_form or CommentForm(auto_id="note_%s"),
        letter_form=letter_form or CommentForm(auto_id="letter_%s"),
        judged=sum(row.verdict in approval.ENOUGH for row in counting.values()),
    )


def _criteria(
    application: Application,
    latest: Mapping[str, CriterionVerdict],
    counting: Mapping[str, CriterionVerdict],
    forms: Mapping[str, VerdictForm],
    now: datetime,
) -> list[CriterionPart]:
    answers = answers_by_part(application)
    return [
        CriterionPart(
            number=check.number,
            key=check.key,
            title=check.title,
            answers=answers[check.key],
            check=check,
            verdict=latest.get(check.key),
            counts=check.key in counting,
            form=(forms.get(check.key) or VerdictForm(auto_id=f"{check.key}_%s")) if application.is_open else None,
        )
        for check in read_checks(application, now=now)
    ]


def _revisions(application: Application) -> list[RevisionPart]:
    """Newest first."""
    rows = list(application.revisions.select_related("sent_by__member").order_by("number"))
    titles = {key: both[1] if application.is_online else both[0] for key, both in CRITERIA.items()}
    parts = []
    for at, row in enumerate(rows):
        changed = differences(rows[at - 1].answers, row.answers) if at else {}
        parts.append(RevisionPart(row, at == 0, [(titles[key], changes) for key, changes in changed.items()]))
    return parts[::-1]


Point = tuple[float, float, int, str]


def _near(application: Application, desk: Any) -> list[tuple[Near, Point]]:
    """Groups (sleeping ones too: they could be woken) and open applications within `NEAR_KM`, nearest first."""
    place = application.place
    if place is None or application.is_online:
        return []
    at = {"latitude": place.latitude, "longitude": place.longitude, "km": NEAR_KM, "prefix": "place__"}
    groups = Group.objects.listed().filter(kind=Group.Kind.MEETUP).exclude(pk=application.group_id or 0)
    others = Application.objects.undecided().filter(kind=Application.Kind.MEETUP).exclude(pk=application.pk)
    rows: list[Any] = [
        *near(groups.select_related("place"), **at)[:MOST_NEAR],  # type: ignore[arg-type]
        *near(others.select_related("place"), **at)[:MOST_NEAR],  # type: ignore[arg-type]
    ]
    found = []
    for number, row in enumerate(sorted(rows, key=lambda one: (one.distance_km, str(one))), start=1):
        is_group = isinstance(row, Group)
        one = Near(
            number=number,
            name=str(row),
            where=row.place.label,
            km=round(row.distance_km),
            state=str(row.badge[1] if is_group else row.get_state_display()),
            url=row.get_absolute_url() if is_group else desk(row),
            is_group=is_group,
        )
        kind = "application" if not is_group else "quiet" if row.state in _SLEEPING else "group"
        found.append((one, (row.place.latitude, row.place.longitude, number, kind)))
    return found


_SLEEPING = {Group.State.QUIET, Group.State.DORMANT, Group.State.ARCHIVED}


def _map(application: Application, points: Sequence[Point]) -> near_map.NearMap | None:
    place = application.place
    if place is None or application.is_online:
        return None
    return near_map.draw(latitude=place.latitude, longitude=place.longitude, points=points, radius_km=RADIUS_KM)
