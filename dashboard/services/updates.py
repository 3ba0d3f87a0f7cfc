"""The monthly update: a draft from the month's report, published once, then posted and mailed by work rows."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from dashboard.models import Contribution, MonthlyUpdate, Report, UpdateMailing, UpdatePost, UpdateReader
from dashboard.services import update_text
from dashboard.services.people_in_text import address_of, with_names_of_today, without_links
from portal.jobs.services import enqueue
from portal.jobs.transitions import MoveRefused
from portal.members.models import Member, User

POST_TASK = "dashboard.tasks.post_update"
MAIL_TASK = "dashboard.tasks.mail_update"


def draft(*, report: Report) -> MonthlyUpdate:
    """The update of a month: the one there is, else a new draft in words made from its figures."""
    if report.kind != Report.Kind.MONTH:
        raise MoveRefused(_("Only months have an update."))
    found = MonthlyUpdate.objects.filter(report=report).first()
    if found is not None:
        return found
    text = {"title": update_text.title(report), "body": update_text.body(report)}
    return MonthlyUpdate.objects.get_or_create(report=report, defaults=text)[0]


@transaction.atomic
def publish(*, update: MonthlyUpdate, by: User | None, now: datetime) -> MonthlyUpdate:
    """Show it in the archive, and ask for its posts and letters; nothing happens the second time."""
    locked = MonthlyUpdate.objects.select_for_update(of=("self",)).select_related("report").get(pk=update.pk)
    if locked.is_published:
        return locked
    if not locked.body.strip():
        raise MoveRefused(_("There is no text yet."))
    locked.state, locked.published_at, locked.published_by = MonthlyUpdate.State.PUBLISHED, now, by
    locked.save()
    for channel in settings.UPDATES_SLACK_CHANNELS if settings.UPDATES_SLACK_TOKEN else ():
        post, _made = UpdatePost.objects.get_or_create(update_of=locked, channel=channel, defaults={"asked_at": now})
        enqueue(POST_TASK, post.pk)
    mailing, _made = UpdateMailing.objects.get_or_create(update_of=locked)
    enqueue(MAIL_TASK, mailing.pk)
    return locked


def text_of_today(update: MonthlyUpdate) -> str:
    """Its Markdown, naming people as they wish to be named now; works of who is named nowhere are not led to."""
    figures = update.report.figures
    told = [*figures["questions"], *(first for _key, first in figures["newcomers"])]
    works = Contribution.objects.filter(pk__in=told).exclude(url="").select_related("identity__member")
    hidden = [work.url for work in works if not work.identity.member.is_named]
    return with_names_of_today(without_links(update.body, hidden))


def forget(*, member: Member) -> None:
    """Take the lines that name somebody or lead to their works out of what is kept."""
    for update in MonthlyUpdate.objects.select_related("report"):
        figures = update.report.figures
        told = [*figures["questions"], *(first for _key, first in figures["newcomers"])]
        works = Contribution.objects.filter(pk__in=told, identity__member=member).exclude(url="")
        body = without_links(update.body, [address_of(member), *works.values_list("url", flat=True)])
        if body != update.body.rstrip("\n"):
            MonthlyUpdate.objects.filter(pk=update.pk).update(body=body)


def subscribe(*, user: User, now: datetime) -> None:
    """From now on each update comes by mail."""
    UpdateReader.objects.get_or_create(user=user, defaults={"since": now})


def unsubscribe(*, user_id: int) -> None:
    UpdateReader.objects.filter(user_id=user_id).delete()
