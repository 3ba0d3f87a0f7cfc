"""An update in a Slack channel: each of its messages exactly once, also when a worker dies between post and save."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from dashboard import slack_blocks
from dashboard.models import UpdatePost
from dashboard.services.updates import text_of_today
from portal.clients.errors import ClientError
from portal.clients.slack_posts import SlackPoster

#: Longer than all calls of one try together.
LEASE = timedelta(minutes=10)
MAX_ATTEMPTS = 12
#: Clocks of two machines may differ so much.
SLACK_CLOCK = timedelta(minutes=10)


def post_update(*, post: UpdatePost, now: datetime) -> bool:
    """Claim and post; False when it was not ours, or has to wait: then the row says why.

    Slack knows no key of ours that would make a second post harmless. So each message carries a mark, and every try
    after the first looks in the channel's recent history for what stands there already.
    """
    if not post.claim(now=now, lease=LEASE):
        return False
    poster = SlackPoster(
        settings.SLACK_API_URL,
        token=settings.UPDATES_SLACK_TOKEN,
        allowed_private_hosts=settings.ALLOWED_PRIVATE_HOSTS,
        clock=lambda: now,
    )
    try:
        _post_rest(post, poster)
    except ClientError as error:
        _put_off(post, error, now)
        return False
    UpdatePost.objects.filter(pk=post.pk).update(
        state=UpdatePost.State.DONE, posted_at=now, error="", lease_until=None, next_try_at=None
    )
    return True


def _post_rest(post: UpdatePost, poster: SlackPoster) -> None:
    update = post.update_of
    marker = f"update-{update.report.key}"
    parts = slack_blocks.messages(update.title, text_of_today(update), marker=marker)
    for number, blocks in enumerate(parts, start=1):
        if number <= len(post.messages):
            continue
        ts = ""
        if post.attempt > 1:
            ts = poster.standing(post.channel, marker=f"{marker}-{number}", since=post.asked_at - SLACK_CLOCK)
        text = update.title if len(parts) == 1 else f"{update.title} ({number}/{len(parts)})"
        post.messages = [*post.messages, ts or poster.post(post.channel, blocks=blocks, text=text)]
        UpdatePost.objects.filter(pk=post.pk).update(messages=post.messages)


def _put_off(post: UpdatePost, error: ClientError, now: datetime) -> None:
    is_over = error.retry_at is None or post.attempt >= MAX_ATTEMPTS
    UpdatePost.objects.filter(pk=post.pk).update(
        state=UpdatePost.State.FAILED if is_over else UpdatePost.State.WAITING,
        next_try_at=None if is_over else error.retry_at,
        lease_until=None,
        error=error.sentence,
    )


def try_again(*, post: UpdatePost) -> bool:
    """Let a failed post go again at once; False when it is done or under way."""
    again = {"state": UpdatePost.State.WAITING, "next_try_at": None, "lease_until": None}
    rows = UpdatePost.objects.filter(pk=post.pk, state__in=[UpdatePost.State.FAILED, UpdatePost.State.WAITING])
    return bool(rows.update(**again))


def where_it_stands(post: UpdatePost) -> str:
    """A sentence for the team."""
    if post.state == UpdatePost.State.DONE:
        return _("Posted.")
    return post.error or _("Waits for a worker.")
