"""The update by mail, to everybody who asked for it, with a link that takes that back."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse

from dashboard.models import UpdateMailing, UpdateReader
from dashboard.services.updates import text_of_today
from portal.mail.services import queue

SALT = "dashboard.update-reader"
LEASE = timedelta(minutes=5)


def stop_token(user_id: int) -> str:
    """A key that can only end this one mail; it never expires, as old mails are read too."""
    return signing.dumps(user_id, salt=SALT)


def read_stop_token(token: str) -> int | None:
    """Whose key it is, when it is one of ours."""
    try:
        return int(signing.loads(token, salt=SALT))
    except (signing.BadSignature, ValueError, TypeError):
        return None


def mail_update(*, mailing: UpdateMailing, now: datetime) -> bool:
    """Queue one letter for each reader; a second run after a dead worker queues only what is missing."""
    if not mailing.claim(now=now, lease=LEASE):
        return False
    update = mailing.update_of
    readers = UpdateReader.objects.filter(user__is_active=True).select_related("user").order_by("pk")
    url = settings.SITE_URL + update.get_absolute_url()
    context = {"title": update.title, "text": text_of_today(update), "url": url}
    number = 0
    for reader in readers.iterator():
        stop = settings.SITE_URL + reverse("updates:stop", args=[stop_token(reader.user_id)])
        queue(
            kind="monthly_update",
            about=f"update:{update.report.key}",
            address=reader.user.email,
            recipient_key=f"user:{reader.user_id}",
            context={**context, "unsubscribe_url": stop},
        )
        number += 1
    UpdateMailing.objects.filter(pk=mailing.pk).update(
        state=UpdateMailing.State.DONE, letters=number, lease_until=None, next_try_at=None
    )
    return True
