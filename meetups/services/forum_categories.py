"""The category that a new group gets on the forum: made through the API, or by somebody of the team."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from meetups import forum_text
from meetups.links import origin
from meetups.models import ForumCategory, Group
from meetups.services import forum_letters as letters
from portal.clients.discourse import DiscourseClient
from portal.clients.errors import ClientError, PermanentError
from portal.jobs.services import enqueue
from portal.jobs.transitions import MoveRefused
from portal.members.models import User

State = ForumCategory.State
TASK = "meetups.tasks.make_forum_category"
#: Longer than the three calls of one try together.
LEASE = timedelta(minutes=6)
MAX_ATTEMPTS = 10


def forum_url() -> str:
    return str(settings.COMMUNITY.links.get("forum", "")).rstrip("/")


def parent_url() -> str:
    return str(settings.COMMUNITY.links.get("meetups_forum", ""))


def ask_for_category(group: Group, *, now: datetime, not_before: datetime | None = None) -> ForumCategory | None:
    """A row of work for a real group, once; None for a demo or where there is no forum."""
    if group.is_demo or group.kind == Group.Kind.EXTERNAL or not forum_url():
        return None
    found = ForumCategory.objects.filter(group=group).first()
    if found is not None:
        return found
    category = _create(group, now, not_before)
    if not_before is None:
        enqueue(TASK, category.pk)
    return category


def _create(group: Group, now: datetime, not_before: datetime | None) -> ForumCategory:
    """Under a name that no other group has; groups of one name get a number."""
    for number in range(1, 100):
        name = forum_text.category_name(group.name, number=number)
        if ForumCategory.objects.filter(name=name).exists():
            continue
        try:
            with transaction.atomic():
                return ForumCategory.objects.create(group=group, name=name, asked_at=now, next_try_at=not_before)
        except IntegrityError as error:
            if "forum_category_name_once" not in str(error):
                raise
    raise MoveRefused(_("A hundred groups have this name."))


def make_category(*, category: ForumCategory, now: datetime) -> bool:
    """Claim and make one; False when it was not ours to make or has to wait or be made by hand.

    An answer may be lost after the forum made the category: each try first looks whether it stands there already.
    """
    if not category.claim(now=now, lease=LEASE):
        return False
    parent = forum_text.category_number(parent_url())
    if not settings.FORUM_API_KEY or parent is None or not _is_ours(parent_url()):
        _hand_over(category, reason="")
        return False
    try:
        found = _find_or_create(category, parent)
    except ClientError as error:
        _put_off(category, error, now)
        return False
    _made(category, number=found["id"], url=_address(found), now=now)
    return True


def _is_ours(url: str) -> bool:
    return origin(url) == origin(forum_url())


def _find_or_create(category: ForumCategory, parent: int) -> dict[str, Any]:
    client = DiscourseClient(
        forum_url(),
        token=settings.FORUM_API_KEY,
        username=settings.FORUM_API_USER,
        user_agent=settings.USER_AGENT,
        allowed_private_hosts=tuple(settings.ALLOWED_PRIVATE_HOSTS),
    )
    try:
        if found := _standing(client, category, parent):
            return found
        colour = forum_text.colour_of(category.name)
        try:
            made = client.create_category(name=category.name, parent_id=parent, color=colour)
        except PermanentError as error:
            if error.status == 422 and (found := _standing(client, category, parent)):
                return found
            raise
        return _checked(made)
    finally:
        client.close()


def _standing(client: DiscourseClient, category: ForumCategory, parent: int) -> dict[str, Any] | None:
    """The category of this name inside the parent, when it is there and no other group has it."""
    taken = set(
        ForumCategory.objects.exclude(pk=category.pk)
        .filter(category_id__isnull=False)
        .values_list("category_id", flat=True)
    )
    for one in client.categories():
        if not isinstance(one, dict) or one.get("parent_category_id") != parent:
            continue
        if forum_text.same_words(str(one.get("name", "")), category.name) and one.get("id") not in taken:
            return _checked(one)
    return None


def _checked(found: dict[str, Any]) -> dict[str, Any]:
    number = found.get("id")
    if isinstance(number, bool) or not isinstance(number, int) or not 0 < number < 2**31:
        raise PermanentError(_("The forum made a category without a number."), status=200)
    return found


def _address(found: dict[str, Any]) -> str:
    slug = quote(str(found.get("slug") or "")[:100], safe="-_")
    return "/".join(part for part in (forum_url(), "c", slug, str(found["id"])) if part)


@transaction.atomic
def _made(
    category: ForumCategory, *, number: int | None, url: str, now: datetime, by: User | None = None
) -> ForumCategory:
    """Note it, and tell the organisers; nothing happens the second time."""
    locked = ForumCategory.objects.select_for_update(of=("self",)).select_related("group").get(pk=category.pk)
    if locked.is_made:
        return locked
    locked.state, locked.category_id, locked.url = State.DONE, number, url
    locked.made_at, locked.error, locked.lease_until, locked.next_try_at = now, "", None, None
    locked.is_by_hand = by is not None
    locked.save()
    letters.category_made(locked)
    return locked


@transaction.atomic
def _hand_over(category: ForumCategory, *, reason: str) -> None:
    """No machine goes on with it: the team gets the text to paste."""
    rows = ForumCategory.objects.filter(pk=category.pk, made_at=None)
    rows.update(
        state=State.FAILED if reason else State.DONE,
        is_by_hand=not reason,
        error=reason[:2000],
        lease_until=None,
        next_try_at=None,
    )
    category.refresh_from_db()
    letters.category_by_hand(category)


def _put_off(category: ForumCategory, error: ClientError, now: datetime) -> None:
    """Later when waiting helps, else over to the team."""
    is_over = error.retry_at is None or category.attempt >= MAX_ATTEMPTS
    if is_over:
        _hand_over(category, reason=_sentence(error))
        return
    wait = now + timedelta(minutes=min(2**category.attempt, 240))
    ForumCategory.objects.filter(pk=category.pk).update(
        state=State.WAITING, next_try_at=max(wait, error.retry_at or wait), lease_until=None, error=error.sentence
    )


def _sentence(error: ClientError) -> str:
    if isinstance(error, PermanentError) and error.status == 422:
        return _("The forum refuses this name: another category has it, or it is not allowed.")
    if isinstance(error, PermanentError) and error.status in (401, 403):
        return _("The forum refuses the key: it is wrong, revoked, or may not make categories.")
    return error.sentence


@transaction.atomic
def try_again(*, category: ForumCategory, now: datetime) -> ForumCategory:
    """Let the machine try from the start; raises MoveRefused when it is made, or is being made right now."""
    locked = ForumCategory.objects.select_for_update(of=("self",)).get(pk=category.pk)
    if locked.is_made:
        raise MoveRefused(_("This category is made already."), reason="state")
    if locked.state == State.RUNNING and locked.lease_until and locked.lease_until > now:
        raise MoveRefused(_("It is being made right now: look again in a few minutes."), reason="state")
    locked.state, locked.attempt, locked.is_by_hand, locked.error = State.WAITING, 0, False, ""
    locked.next_try_at = locked.lease_until = None
    locked.save()
    enqueue(TASK, locked.pk)
    return locked


def note_made_by_hand(*, category: ForumCategory, url: str, by: User, now: datetime) -> ForumCategory:
    """Somebody of the team made it: keep its address, which is on our forum; raises MoveRefused with a sentence."""
    number = forum_text.category_number(url)
    if not _is_ours(url) or number is None:
        raise MoveRefused(
            _("This is no category of our forum. Its address looks like %(forum)s/c/name/12.") % {"forum": forum_url()}
        )
    if ForumCategory.objects.exclude(pk=category.pk).filter(category_id=number).exists():
        raise MoveRefused(_("Another group has this category."))
    if category.is_made:
        raise MoveRefused(_("This category is made already."), reason="state")
    return _made(category, number=number, url=url, now=now, by=by)


@transaction.atomic
def call_off(group: Group, *, reason: str) -> None:
    """Do not make it, as long as nobody began."""
    rows = ForumCategory.objects.filter(group=group, state=State.WAITING, made_at=None)
    rows.update(state=State.FAILED, error=reason[:2000], next_try_at=None)


@transaction.atomic
def resume(group: Group, *, now: datetime) -> None:
    """Go on with what was called off."""
    category = ForumCategory.objects.filter(group=group, made_at=None, state=State.FAILED).first()
    if category is not None:
        try_again(category=category, now=now)
