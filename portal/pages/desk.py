"""What needs the team today: one line for each kind of work that the reader may do, with the way to it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import ngettext_lazy

from dashboard.models import Alert, DeadLetter, Grant, MonthlyUpdate, Source
from meetups.models import Application, CommunitySuggestion, ForumCategory
from partners.models import FairPlayFlag, PartnerApplication, ProfileChange
from portal.conduct.models import Report
from portal.mail.models import Message
from portal.members.models import Member, MergeSuggestion, User

LATE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Duty:
    """Rows of a model that wait for somebody, and where they are dealt with."""

    permission: str
    rows: Callable[[User, datetime], QuerySet]
    words: Promise
    list_name: str
    query: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """Something to do."""

    number: int
    text: str
    url: str


def _ill(_user: User, now: datetime) -> QuerySet:
    return Source.objects.filter(~Q(last_error="") | Q(last_good_at__lt=now - LATE), is_enabled=True)


def _by_hand(_user: User, _now: datetime) -> QuerySet:
    states = [ForumCategory.State.DONE, ForumCategory.State.FAILED]
    return ForumCategory.objects.filter(made_at=None, state__in=states)


def _grants(user: User, _now: datetime) -> QuerySet:
    """Those on which the reader may be the second person."""
    waiting = Grant.objects.filter(state=Grant.State.PROPOSED)
    return waiting.exclude(member__user=user).exclude(proposed_by__user=user)


DUTIES = (
    Duty(
        "conduct.view_report",
        lambda user, now: Report.objects.visible_to(user).filter(state__in=["received", "triage"]),
        ngettext_lazy("%(n)s report under the Code of Conduct", "%(n)s reports under the Code of Conduct", "n"),
        "conduct_report",
    ),
    Duty(
        "meetups.view_application",
        lambda user, now: Application.objects.filter(state__in=["submitted", "in_review"]),
        ngettext_lazy("%(n)s application for a group", "%(n)s applications for groups", "n"),
        "meetups_application",
        "?queue=open",
    ),
    Duty(
        "meetups.view_forumcategory",
        _by_hand,
        ngettext_lazy("%(n)s forum category to be made by hand", "%(n)s forum categories to be made by hand", "n"),
        "meetups_forumcategory",
    ),
    Duty(
        "meetups.view_communitysuggestion",
        lambda user, now: CommunitySuggestion.objects.filter(state="waiting"),
        ngettext_lazy("%(n)s community suggested", "%(n)s communities suggested", "n"),
        "meetups_communitysuggestion",
    ),
    Duty(
        "dashboard.view_alert",
        lambda user, now: Alert.objects.filter(settled_at=None),
        ngettext_lazy("%(n)s alert", "%(n)s alerts", "n"),
        "dashboard_alert",
    ),
    Duty(
        "dashboard.view_source",
        _ill,
        ngettext_lazy("%(n)s source is ill or late", "%(n)s sources are ill or late", "n"),
        "dashboard_source",
    ),
    Duty(
        "dashboard.view_deadletter",
        lambda user, now: DeadLetter.objects.all(),
        ngettext_lazy("%(n)s item that no import understood", "%(n)s items that no import understood", "n"),
        "dashboard_deadletter",
    ),
    Duty(
        "dashboard.decide_grant",
        _grants,
        ngettext_lazy(
            "%(n)s contribution added by hand to confirm", "%(n)s contributions added by hand to confirm", "n"
        ),
        "dashboard_grant",
    ),
    Duty(
        "dashboard.change_monthlyupdate",
        lambda user, now: MonthlyUpdate.objects.filter(state=MonthlyUpdate.State.DRAFT),
        ngettext_lazy("%(n)s monthly update to be published", "%(n)s monthly updates to be published", "n"),
        "dashboard_monthlyupdate",
        "?state__exact=draft",
    ),
    Duty(
        "members.view_mergesuggestion",
        lambda user, now: MergeSuggestion.objects.waiting(),
        ngettext_lazy("%(n)s pair that may be one person", "%(n)s pairs that may be one person", "n"),
        "members_mergesuggestion",
    ),
    Duty(
        "members.view_member",
        lambda user, now: Member.objects.to_be_judged(),
        ngettext_lazy("%(n)s account that may be a bot", "%(n)s accounts that may be bots", "n"),
        "members_member",
        "?bots=look",
    ),
    Duty(
        "partners.view_partnerapplication",
        lambda user, now: PartnerApplication.objects.filter(state__in=["submitted", "in_review"]),
        ngettext_lazy("%(n)s application to become a partner", "%(n)s applications to become partners", "n"),
        "partners_partnerapplication",
    ),
    Duty(
        "partners.view_profilechange",
        lambda user, now: ProfileChange.objects.filter(state=ProfileChange.State.WAITING),
        ngettext_lazy("%(n)s change of a partner's profile", "%(n)s changes of partners' profiles", "n"),
        "partners_profilechange",
    ),
    Duty(
        "partners.view_fairplayflag",
        lambda user, now: FairPlayFlag.objects.filter(state=FairPlayFlag.State.OPEN),
        ngettext_lazy("%(n)s oddity in the ranking", "%(n)s oddities in the ranking", "n"),
        "partners_fairplayflag",
    ),
    Duty(
        "mail.view_message",
        lambda user, now: Message.objects.filter(state=Message.State.FAILED, stopped_at=None),
        ngettext_lazy("%(n)s mail that could not be sent", "%(n)s mails that could not be sent", "n"),
        "mail_message",
        "?state__exact=failed",
    ),
)


def read_desk(user: User, *, now: datetime) -> list[Line]:
    """At most one query for each duty, and none for what the reader may not see; what is empty is left out."""
    lines = []
    for duty in DUTIES:
        if not user.has_perm(duty.permission):
            continue
        number = duty.rows(user, now).count()
        if number:
            url = reverse(f"admin:{duty.list_name}_changelist") + duty.query
            lines.append(Line(number, str(duty.words % {"n": number}), url))
    return lines
