"""What follows an approval outside the portal: the category on the forum."""

from celery import shared_task
from django.utils import timezone

from meetups.models import ForumCategory
from meetups.services import forum_categories
from portal.jobs.services import leased_by

leased_by(ForumCategory, forum_categories.TASK)


@shared_task(name="meetups.tasks.make_forum_category")
def make_forum_category(category_id: int) -> None:
    """One try; a row that is gone, made or being made is left alone."""
    category = ForumCategory.objects.select_related("group").filter(pk=category_id).first()
    if category is not None:
        forum_categories.make_category(category=category, now=timezone.now())
