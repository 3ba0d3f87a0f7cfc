"""Queue a message with the data it belongs to; send it once."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from portal.jobs.services import enqueue
from portal.mail.models import Message

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
MAX_ATTEMPTS = 8


def queue(
    *,
    kind: str,
    about: str,
    address: str,
    recipient_key: str = "",
    revision: int = 0,
    language: str = "en-gb",
    time_zone: str = "UTC",
    context: Mapping[str, object] | None = None,
    not_before: datetime | None = None,
) -> Message | None:
    """Put a message in the outbox, inside the caller's transaction; None when the same message was queued before.

    `kind` names the templates `mail/<kind>.subject.txt` and `.txt`; `context` holds plain JSON values;
    its `unsubscribe_url`, where there is one, goes into the headers too.
    `not_before`: it waits in the outbox until then, so that a slip can be stopped.
    """
    try:
        with transaction.atomic():
            message = Message.objects.create(
                kind=kind,
                about=about,
                recipient_key=recipient_key or address.lower(),
                revision=revision,
                address=address,
                language=language,
                time_zone=time_zone,
                context=dict(context or {}),
                next_try_at=not_before,
            )
    except IntegrityError as error:
        if "mail_message_once" not in str(error):
            raise
        return None
    if not_before is None:
        enqueue("portal.mail.tasks.send_message", message.pk)
    return message


def send(message: Message, *, now: datetime) -> bool:
    """Claim and send one message; False when it was not ours to send or the server refused it for now."""
    if not message.claim(now=now, lease=LEASE):
        return False
    try:
        _deliver(message)
    except Exception as error:  # noqa: BLE001  a broken letter must not be tried for ever, nor stop the others
        _postpone(message, error, now)
        return False
    # The context is emptied: links in letters may be keys, and a sent letter needs them no more.
    Message.objects.filter(pk=message.pk).update(
        state=Message.State.DONE, sent_at=now, error="", lease_until=None, next_try_at=None, context={}
    )
    return True


def _deliver(message: Message) -> None:
    context = {**message.context, "community": settings.COMMUNITY, "site_url": settings.SITE_URL}
    with translation.override(message.language), timezone.override(ZoneInfo(message.time_zone)):
        subject = " ".join(render_to_string(f"mail/{message.kind}.subject.txt", context).split())
        text = render_to_string(f"mail/{message.kind}.txt", context)
    headers = {"Message-ID": f"<outbox-{message.pk}@{settings.SITE_HOST}>", **_way_out(message)}
    EmailMultiAlternatives(subject, text, to=[message.address], headers=headers).send()


def _way_out(message: Message) -> dict[str, str]:
    """What mail programs make a button of (RFC 8058): their POST to the link of the letter needs no session."""
    link = message.context.get("unsubscribe_url")
    if not link:
        return {}
    return {"List-Unsubscribe": f"<{link}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def _postpone(message: Message, error: Exception, now: datetime) -> None:
    is_over = message.attempt >= MAX_ATTEMPTS
    wait = timedelta(minutes=min(2**message.attempt, 240))
    logger.warning("message %s not sent (attempt %s): %s", message.pk, message.attempt, error)
    with transaction.atomic():
        Message.objects.filter(pk=message.pk).update(
            state=Message.State.FAILED if is_over else Message.State.WAITING,
            next_try_at=None if is_over else now + wait,
            lease_until=None,
            error=str(error)[:2000],
        )
