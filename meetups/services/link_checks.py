"""The weekly look at the addresses of communities elsewhere."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from meetups.models import Group, LinkCheck
from meetups.services import community_letters as letters
from portal.clients import links
from portal.jobs.services import enqueue

State = LinkCheck.State
TASK = "meetups.tasks.check_link"
LEASE = timedelta(minutes=3)
WEEK = timedelta(days=7)
#: So many weeks in a row a link is gone before anybody is told.
ENOUGH = 3
Looker = Callable[[str], links.Look]


def look(url: str) -> links.Look:
    return links.look(url, user_agent=settings.USER_AGENT, allowed_private_hosts=tuple(settings.ALLOWED_PRIVATE_HOSTS))


def next_due(now: datetime) -> datetime:
    """A week on, up to half a day earlier or later, so that not all are asked at once."""
    return now + WEEK + timedelta(hours=random.uniform(-12, 12))  # noqa: S311  spreads load, keeps no secret


def watched() -> "list[int]":
    """Keys of the listed communities that nobody looks after yet."""
    groups = Group.objects.listed().filter(kind=Group.Kind.EXTERNAL, link_check=None, is_demo=False)
    return list(groups.exclude(state=Group.State.ARCHIVED).values_list("pk", flat=True))


def queue_missing(*, now: datetime) -> int:
    """A check for each community that has none, the first ones spread over a day; returns how many."""
    rows = [
        LinkCheck(group_id=key, next_try_at=now + timedelta(hours=random.uniform(0, 24)))  # noqa: S311
        for key in watched()
    ]
    return len(LinkCheck.objects.bulk_create(rows, ignore_conflicts=True))


@transaction.atomic
def watch(group: Group, *, now: datetime) -> LinkCheck:
    """Look now and every week from now on; what was found at a former address is forgotten."""
    blank = {"found": "", "sentence": "", "failures": 0, "checked_at": None}
    check, _made = LinkCheck.objects.update_or_create(
        group=group, defaults={**blank, "state": State.WAITING, "attempt": 0, "next_try_at": None, "lease_until": None}
    )
    Group.objects.filter(pk=group.pk).update(link_gone_since=None)
    group.link_gone_since = None
    enqueue(TASK, check.pk)
    return check


def stop_watching(group: Group) -> None:
    LinkCheck.objects.filter(group=group).update(state=State.DONE, next_try_at=None, lease_until=None)


def check_link(*, check: LinkCheck, now: datetime, looker: Looker = look) -> bool:
    """Claim, look, note; False when it was not ours. The look itself stands in no transaction."""
    if not check.claim(now=now, lease=LEASE):
        return False
    group = Group.objects.get(pk=check.group_id)
    if group.is_demo or group.kind != Group.Kind.EXTERNAL or group.state in {"archived", "suspended"}:
        stop_watching(group)
        return False
    found = looker(group.external_url)
    _note(check, group.external_url, found, now)
    return True


@transaction.atomic
def _note(check: LinkCheck, url: str, found: links.Look, now: datetime) -> None:
    """Unless the address changed while we looked: then that one is looked at anyway."""
    group = Group.objects.select_for_update(of=("self",)).get(pk=check.group_id)
    locked = LinkCheck.objects.select_for_update().get(pk=check.pk)
    if group.external_url != url or locked.state != State.RUNNING or locked.attempt != check.attempt:
        return
    if found.status == links.Status.REACHED:
        locked.failures = 0
    elif found.status == links.Status.GONE:
        locked.failures = min(locked.failures + 1, 999)
    locked.found, locked.sentence, locked.checked_at = found.status.value, found.sentence[:500], now
    locked.state, locked.attempt = State.WAITING, 0
    locked.next_try_at, locked.lease_until = next_due(now), None
    locked.save()
    _mark(group, locked, now)


def _mark(group: Group, check: LinkCheck, now: datetime) -> None:
    """Gone three times in a row: shown, and told once; one look that reaches it takes that back."""
    if check.found == LinkCheck.Found.REACHED and group.link_gone_since is not None:
        group.link_gone_since = None
        group.save(update_fields=["link_gone_since"])
    elif check.failures >= ENOUGH and group.link_gone_since is None:
        group.link_gone_since = now
        group.save(update_fields=["link_gone_since"])
        letters.link_gone(group, check)
