"""Raise what the team should look at, each cause once; and say it in a sentence."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncHour
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard.models import Alert, Contribution, MemberLevel, OpenQuestion, Source
from dashboard.models.levels import Level
from dashboard.services.identities import DELETED_PREFIX
from portal.members.models import Member, User

#: Older news is none: a first import of ten years raises nothing.
NEWS: Final = timedelta(days=2)
UNANSWERED_AFTER, UNANSWERED_UNTIL = timedelta(hours=48), timedelta(days=14)
QUIET_AFTER, QUIET_UNTIL = timedelta(days=30), timedelta(days=60)
SOURCE_LATE_AFTER: Final = timedelta(days=1)
BACK_AGAIN: Final = timedelta(days=90)
#: So many contributions of one person in one hour look like a machine.
BURST: Final = 30
TASK: Final = "dashboard.tasks.post_alert"
Kind = Alert.Kind


def find(*, now: datetime) -> int:
    """Look for every kind; returns how many alerts are new. Running twice at once raises nothing twice."""
    state = Alert.State.WAITING if settings.ALERTS_SLACK_CHANNEL and settings.UPDATES_SLACK_TOKEN else Alert.State.DONE
    found = [*_firsts(now), *_unanswered(now), *_gone_quiet(now), *_back(now), *_late_sources(now), *_bursts(now)]
    for alert in found:
        alert.raised_at, alert.state = now, state
    before = Alert.objects.count()
    Alert.objects.bulk_create(found, ignore_conflicts=True)
    return Alert.objects.count() - before


def settle(*, alerts: QuerySet[Alert], by: User, now: datetime) -> int:
    """Somebody looked; returns how many were still open."""
    return alerts.filter(settled_at=None).update(settled_at=now, settled_by=by)


def _people() -> QuerySet[MemberLevel]:
    return MemberLevel.objects.exclude(member__bot_state=Member.BotState.BOT).filter(member__erased_at=None)


def _firsts(now: datetime) -> Iterator[Alert]:
    for row in _people().filter(is_new=True, first_at__gte=now - NEWS):
        yield Alert(kind=Kind.FIRST, cause=f"member:{row.member_id}", member_id=row.member_id)


def _unanswered(now: datetime) -> Iterator[Alert]:
    asked = OpenQuestion.objects.filter(
        asked_at__gte=now - UNANSWERED_UNTIL, asked_at__lt=now - UNANSWERED_AFTER, contribution__deleted_at=None
    )
    for key in asked.values_list("pk", flat=True):
        yield Alert(kind=Kind.UNANSWERED, cause=f"contribution:{key}", contribution_id=key)


def _gone_quiet(now: datetime) -> Iterator[Alert]:
    was_core = Q(level=Level.CORE) | Q(before=Level.CORE) | Q(best=Level.CORE)
    for row in _people().filter(was_core, last_at__gte=now - QUIET_UNTIL, last_at__lt=now - QUIET_AFTER):
        cause = f"member:{row.member_id}:{row.last_at:%Y-%m-%d}"
        yield Alert(kind=Kind.CORE_QUIET, cause=cause, member_id=row.member_id, number=(now - row.last_at).days)


def _back(now: datetime) -> Iterator[Alert]:
    """Whoever returned is "returning" for a while: told again only after as long as it takes to be away anew."""
    told = Alert.objects.filter(kind=Kind.BACK, raised_at__gte=now - BACK_AGAIN).values("member")
    for row in _people().filter(is_returning=True, last_at__gte=now - NEWS).exclude(member__in=told):
        cause = f"member:{row.member_id}:{now.astimezone(UTC):%Y-%m-%d}"
        yield Alert(kind=Kind.BACK, cause=cause, member_id=row.member_id)


def _late_sources(now: datetime) -> Iterator[Alert]:
    late = Q(last_good_at__lt=now - SOURCE_LATE_AFTER) | Q(last_good_at=None, created_at__lt=now - SOURCE_LATE_AFTER)
    for source in Source.objects.filter(late, is_enabled=True):
        since = source.last_good_at or source.created_at
        yield Alert(kind=Kind.SOURCE_LATE, cause=f"source:{source.pk}:{since:%Y-%m-%dT%H:%M}", source=source)


def _bursts(now: datetime) -> Iterator[Alert]:
    rows = (
        Contribution.objects.filter(occurred_at__gte=now - timedelta(days=1), occurred_at__lte=now, deleted_at=None)
        .exclude(identity__member__bot_state=Member.BotState.BOT)
        .exclude(identity__uid__startswith=DELETED_PREFIX)
        .values("identity__member", hour=TruncHour("occurred_at", tzinfo=UTC))
        .annotate(n=Count("pk"))
        .filter(n__gte=BURST)
    )
    for row in rows:
        member, cause = row["identity__member"], f"member:{row['identity__member']}:{row['hour']:%Y-%m-%d}"
        yield Alert(kind=Kind.BURST, cause=cause, member_id=member, number=row["n"])


def sentence(alert: Alert) -> str:
    """For the team: needs `member`, `contribution` and `source` selected with it."""
    who = str(alert.member) if alert.member else ""
    if alert.kind == Kind.FIRST:
        return _("%(who)s did something here for the first time.") % {"who": who}
    if alert.kind == Kind.BACK:
        return _("%(who)s is back after 90 days or more.") % {"who": who}
    if alert.kind == Kind.CORE_QUIET:
        words = ngettext(
            "%(who)s, a core contributor, has done nothing for %(n)s day.",
            "%(who)s, a core contributor, has done nothing for %(n)s days.",
            alert.number,
        )
        return words % {"who": who, "n": alert.number}
    if alert.kind == Kind.BURST:
        words = ngettext(
            "%(n)s contribution by %(who)s within an hour: is it spam?",
            "%(n)s contributions by %(who)s within an hour: is it spam?",
            alert.number,
        )
        return words % {"who": who, "n": alert.number}
    if alert.kind == Kind.SOURCE_LATE:
        return _("The source “%(name)s” has not been imported for a day.") % {"name": alert.source}
    title = alert.contribution.title if alert.contribution else ""
    return _("Nobody has answered for 48 hours: %(title)s") % {"title": title or _("a question")}


def address(alert: Alert) -> str:
    """Where to look: absolute."""
    if alert.contribution is not None and alert.contribution.url:
        return alert.contribution.url
    if alert.member is not None and alert.member.is_named:
        return settings.SITE_URL + alert.member.get_absolute_url()
    return ""


def to_be_posted() -> Iterable[int]:
    """Keys of alerts that wait for their post."""
    return Alert.objects.filter(state=Alert.State.WAITING).order_by("pk").values_list("pk", flat=True)
