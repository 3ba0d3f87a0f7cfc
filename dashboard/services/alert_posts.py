"""An alert in the team's Slack channel: exactly once, also when a worker dies between post and save."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from dashboard import slack_blocks
from dashboard.models import Alert
from dashboard.services.alerts import address, sentence
from dashboard.services.update_posts import SLACK_CLOCK
from portal.clients.errors import ClientError
from portal.clients.slack_posts import SlackPoster

LEASE = timedelta(minutes=5)
MAX_ATTEMPTS = 8


def post_alert(*, alert: Alert, now: datetime) -> bool:
    """Claim and post; False when it was not ours or has to wait. What was settled meanwhile needs no post."""
    if not alert.claim(now=now, lease=LEASE):
        return False
    done: dict[str, Any] = {"state": Alert.State.DONE, "error": "", "lease_until": None, "next_try_at": None}
    try:
        if alert.settled_at is None:
            _post(alert, now)
    except ClientError as error:
        is_over = error.retry_at is None or alert.attempt >= MAX_ATTEMPTS
        done = {
            "state": Alert.State.FAILED if is_over else Alert.State.WAITING,
            "error": error.sentence,
            "lease_until": None,
            "next_try_at": None if is_over else error.retry_at,
        }
    Alert.objects.filter(pk=alert.pk).update(**done)
    return done["state"] == Alert.State.DONE


def _post(alert: Alert, now: datetime) -> None:
    poster = SlackPoster(
        settings.SLACK_API_URL,
        token=settings.UPDATES_SLACK_TOKEN,
        allowed_private_hosts=settings.ALLOWED_PRIVATE_HOSTS,
        clock=lambda: now,
    )
    marker, channel = f"alert-{alert.pk}", settings.ALERTS_SLACK_CHANNEL
    if alert.attempt > 1 and poster.standing(channel, marker=marker, since=alert.raised_at - SLACK_CLOCK):
        return
    said, where = sentence(alert), address(alert)
    text = f"{slack_blocks.escape(said)} <{slack_blocks.address(where)}|→>" if where else slack_blocks.escape(said)
    poster.post(channel, blocks=[{**slack_blocks.section(text), "block_id": marker}], text=slack_blocks.escape(said))
