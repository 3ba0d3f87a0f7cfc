"""Letters to the members of big groups."""

from celery import shared_task
from django.utils import timezone

from meetups.models import GroupLetter
from meetups.services import member_letters
from portal.jobs.services import leased_by

leased_by(GroupLetter, member_letters.SEND)


@shared_task(name="meetups.tasks.write_letter")
def write_letter(letter_id: int) -> None:
    """Into the outbox, one message for each member; a row that is gone, done or in other hands is left alone."""
    letter = GroupLetter.objects.select_related("group").filter(pk=letter_id).first()
    if letter is not None:
        member_letters.write_letter(letter=letter, now=timezone.now())
