"""What a new group has still to do: rows of the approval; some are ticked, the others are done once the thing is."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from meetups.models import Event, ForumCategory, Group, OnboardingTask
from meetups.services.forum_categories import forum_url
from portal.jobs.transitions import MoveRefused
from portal.members.models import User

Key = OnboardingTask.Key
#: What organisers tick themselves; of the others the portal sees when they are done.
TICKED = {Key.INTRODUCE, Key.INVITE}


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do: `is_ticked` by its organisers, else it goes away by itself."""

    key: str
    title: str
    sentence: str
    url: str
    link: str
    is_ticked: bool


def make_tasks(group: Group) -> None:
    """The list of a new group; twice is once. What does not fit the group is left out."""
    keys = [key for key in Key if _fits(group, key)]
    OnboardingTask.objects.bulk_create([OnboardingTask(group=group, key=key) for key in keys], ignore_conflicts=True)


def _fits(group: Group, key: str) -> bool:
    if key == Key.FORUM_CATEGORY:
        return bool(forum_url())
    if key == Key.INTRODUCE:
        return bool(forum_url() or group.forum_url)
    return key != Key.INVITE or group.place_id is not None


def open_tasks(group: Group) -> list[Task]:
    """What is left, in order, in one query. Publishing, describing and the category count as done once they are."""
    out = Event.objects.filter(group=OuterRef("group"), state__in=[Event.State.PUBLISHED, Event.State.HELD])
    made = ForumCategory.objects.filter(group=OuterRef("group"), made_at__isnull=False)
    rows = OnboardingTask.objects.filter(group=group, done_at=None).order_by("pk")
    return [
        _in_words(group, row.key)
        for row in rows.annotate(has_date=Exists(out), has_category=Exists(made))
        if not _is_done(row, group)
    ]


def _is_done(row: OnboardingTask, group: Group) -> bool:
    """`row` carries `has_date` and `has_category` of `open_tasks`."""
    seen = {
        Key.PUBLISH_LAUNCH: row.has_date,  # type: ignore[attr-defined]
        Key.FORUM_CATEGORY: row.has_category,  # type: ignore[attr-defined]
        Key.DESCRIBE: bool(group.about.strip()),
    }
    return bool(seen.get(Key(row.key)))


def _in_words(group: Group, key: str) -> Task:
    page = group.get_absolute_url()
    place = reverse("meetups:place_detail", args=[group.place.slug]) if group.place else page
    forum = group.forum_url or str(settings.COMMUNITY.links.get("meetups_forum", "")) or forum_url()
    words = {
        Key.FORUM_CATEGORY: (
            _("A category on the forum"),
            _("It is made for you, and you get a mail when it is there. You need to do nothing."),
            "",
            "",
        ),
        Key.PUBLISH_LAUNCH: (
            _("Publish the launch event"),
            _("It waits below as a draft: check date, room and text, then publish it."),
            f"{page}#drafts",
            _("Go to the drafts"),
        ),
        Key.INTRODUCE: (
            _("Introduce the group on the forum"),
            _("Who you are, where you meet and who is welcome. A few lines are enough; then tick it off."),
            forum,
            _("Go to the forum"),
        ),
        Key.DESCRIBE: (
            _("Say what the group is about"),
            _("Two or three sentences for somebody who has never heard of it."),
            reverse("meetups:group_describe", args=[group.slug]),
            _("Write it"),
        ),
        Key.INVITE: (
            _("Tell the people who were interested"),
            _("They were told that the group exists. Write to those you know in person; then tick it off."),
            place,
            _("See who was interested"),
        ),
    }
    title, sentence, url, link = words[Key(key)]
    return Task(key=key, title=title, sentence=sentence, url=url, link=link, is_ticked=key in TICKED)


def tick(*, group: Group, key: str, by: User, now: datetime) -> bool:
    """Note that the organisers did it; False when it was ticked before. Raises MoveRefused for what is no tick."""
    if key not in TICKED:
        raise MoveRefused(_("This is done by itself, once the thing is done."))
    rows = OnboardingTask.objects.filter(group=group, key=key)
    if not rows.exists():
        raise MoveRefused(_("This group has no such task."))
    return bool(rows.filter(done_at=None).update(done_at=now, done_by=by))
