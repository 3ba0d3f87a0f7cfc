"""Founding bits of a group, its search text, joining and leaving."""

from datetime import datetime, timedelta
from itertools import chain, count

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import gettext as _

from meetups.life import QUIET_AFTER
from meetups.models import Group, GroupMembership
from meetups.services import life
from portal.jobs.transitions import MoveRefused
from portal.members.models import Member
from portal.places.countries import country_name
from portal.places.models import Place, fold

#: A date marked as held is a sign of life when it was no longer ago than this.
NEWS = timedelta(days=QUIET_AFTER)


def search_text(*, name: str, place: Place | None, region_label: str = "") -> str:
    """What the directory searches in: name, place with all its names, country in every language of the site; folded."""
    words = [fold(name), fold(region_label)]
    if place is not None:
        words += [fold(place.name), *place.search.strip("|").split("|"), *country_names(place.country_code)]
    return "|".join(dict.fromkeys(word for word in words if word))


def country_names(code: str) -> list[str]:
    """The country's name in each language of the site, folded."""
    names = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            names.append(fold(country_name(code)))
    return names


def refresh_search(group: Group) -> None:
    """Bring the search text in line after a name or place changed."""
    group.search = search_text(name=group.name, place=group.place, region_label=group.region_label)
    group.save(update_fields=["search"])


def free_slug(name: str) -> str:
    """An address nobody has: the folded name, then with -2, -3, ..."""
    stem = slugify(fold(name))[:110] or "group"
    taken = set(Group.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    return next(slug for slug in chain([stem], (f"{stem}-{n}" for n in count(2))) if slug not in taken)


def join_group(*, group: Group, member: Member) -> bool:
    """Make the member one of the group; False when they were already."""
    if not group.accepts_members:
        raise MoveRefused(_("This group does not take new members."))
    return GroupMembership.objects.get_or_create(group=group, member=member)[1]


def leave_group(*, group: Group, member: Member) -> bool:
    """Undo joining; False when they were no member."""
    return bool(GroupMembership.objects.filter(group=group, member=member).delete()[0])


def stop_mail(*, group_id: int, member_id: int, choice: str) -> bool:
    """No more mails of this kind; False when there was no such wish (any more)."""
    wanted = GroupMembership.objects.filter(group=group_id, member=member_id, **{choice: True})
    return bool(wanted.update(**{choice: False}))


@transaction.atomic
def note_held(*, group: Group, at: datetime, now: datetime) -> None:
    """A first held event makes a group active; any later one keeps or wakes it. A suspended one stays suspended."""
    locked = Group.objects.select_for_update(of=("self",)).get(pk=group.pk)
    locked.last_held_at = max(filter(None, [locked.last_held_at, at]))
    locked.save(update_fields=["last_held_at"])
    if locked.state == Group.State.ONBOARDING:
        life.move_group(group=locked, to=Group.State.ACTIVE, actor=None, now=now, reason=_("The first event was held."))
    elif at > now - NEWS:
        life.wake(group=locked, now=now, reason=_("An event was held."))


@transaction.atomic
def note_scheduled(*, group: Group, now: datetime) -> None:
    """A date set by a sleeping group wakes it, even an archived one."""
    life.wake(group=group, now=now, reason=_("A date was published."))
