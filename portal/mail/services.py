"""Queue a message with the data it belongs to; send it once."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import timezone, translation

from portal.jobs.services import enqueue
from portal.mail.models import Message

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
MAX_ATTEMPTS = 8
#: Of a message to many, so many are sent without waiting for the reconciler.
NUDGED = 25


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


@dataclass(frozen=True, slots=True)
class Letter:
    """One recipient of a message that goes to many: where, in which language, with which values."""

    address: str
    recipient_key: str
    context: Mapping[str, object]
    language: str = "en-gb"
    time_zone: str = "UTC"


def queue_many(
    *, kind: str, about: str, letters: Iterable[Letter], revision: int = 0, not_before: datetime | None = None
) -> None:
    """Put one message for each recipient in the outbox, in a few statements; who has it already gets no second one.

    The first few are asked for at once, the reconciler sends the others in its own time: a letter to thousands must
    neither hold up the request it comes from nor the letters of other people.
    """
    rows = [
        Message(
            kind=kind,
            about=about,
            revision=revision,
            recipient_key=letter.recipient_key,
            address=letter.address,
            language=letter.language,
            time_zone=letter.time_zone,
            context=dict(letter.context),
            next_try_at=not_before,
        )
        for letter in letters
    ]
    Message.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    if not_before is None:
        fresh = Message.objects.filter(kind=kind, about=about, revision=revision, state=Message.State.WAITING)
        for key in fresh.order_by("pk").values_list("pk", flat=True)[:NUDGED]:
            enqueue("portal.mail.tasks.send_message", key)


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


@transaction.atomic
def stop(messages: QuerySet[Message], *, reason: str, now: datetime) -> int | None:
    """Stop all of these, or none: None when one of them is out or on its way, or there is none."""
    locked = list(messages.select_for_update())
    if not locked or any(message.state != Message.State.WAITING for message in locked):
        return None
    rows = Message.objects.filter(pk__in=[message.pk for message in locked])
    return rows.update(state=Message.State.FAILED, stopped_at=now, next_try_at=None, error=reason[:2000])


@transaction.atomic
def release(messages: QuerySet[Message]) -> int:
    """Send what was stopped, at once; returns how many."""
    keys = [message.pk for message in messages.select_for_update() if message.stopped_at is not None]
    Message.objects.filter(pk__in=keys).update(state=Message.State.WAITING, stopped_at=None, error="", attempt=0)
    for key in keys:
        enqueue("portal.mail.tasks.send_message", key)
    return len(keys)
