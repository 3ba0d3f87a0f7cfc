"""Sending the outbox."""

from celery import shared_task
from django.utils import timezone

from portal.jobs.services import leased_by
from portal.mail import services
from portal.mail.models import Message

leased_by(Message, "portal.mail.tasks.send_message")


@shared_task(name="portal.mail.tasks.send_message")
def send_message(message_id: int) -> None:
    """Send one outbox row; a row that is gone, sent or being sent is left alone."""
    message = Message.objects.filter(pk=message_id).first()
    if message is not None:
        services.send(message, now=timezone.now())
