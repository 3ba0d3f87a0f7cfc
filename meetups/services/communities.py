"""Communities elsewhere: suggested, listed, kept up to date by who claimed them, and made official."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from meetups.links import host_of, link_key
from meetups.models import Application, CommunitySuggestion, Group, GroupMove
from meetups.services import community_letters as letters
from meetups.services import drafts, groups, link_checks
from meetups.services.decision_delay import goes_out_at
from portal.jobs.transitions import MoveRefused
from portal.members.models import Member, User
from portal.places.models import Place

State = CommunitySuggestion.State
MOST_WAITING = 3
MOST_A_DAY = 5


@dataclass(frozen=True, slots=True)
class Answers:
    """What is said about a community."""

    name: str
    platform: str
    url: str
    place: Place | None
    languages: list[str]
    note: str = ""


class Listed(MoveRefused):
    """The address is in the directory already: `group` is its entry."""

    def __init__(self, sentence: str, *, group: Group) -> None:
        super().__init__(sentence, reason="listed")
        self.group = group


def listed_at(url: str, *, besides: Group | None = None) -> Group | None:
    """The community in the directory with the same address, in whatever form it is written."""
    key = link_key(url)
    part = key.partition("?")[0].rpartition("/")[2] or host_of(url)
    near = Group.objects.listed().filter(kind=Group.Kind.EXTERNAL, external_url__icontains=part)
    if besides is not None:
        near = near.exclude(pk=besides.pk)
    return next((group for group in near.order_by("pk") if link_key(group.external_url) == key), None)


@transaction.atomic
def suggest(*, answers: Answers, member: Member, now: datetime) -> CommunitySuggestion:
    """Put it before the team. Raises Listed, or MoveRefused with a sentence."""
    Member.objects.select_for_update(no_key=True).get(pk=member.pk)
    if group := listed_at(answers.url):
        raise Listed(_("This community is listed already."), group=group)
    mine = CommunitySuggestion.objects.filter(suggested_by=member)
    if mine.filter(state=State.WAITING).count() >= MOST_WAITING:
        raise MoveRefused(_("Three suggestions of yours wait for the team. Wait for an answer before the next one."))
    if mine.filter(asked_at__gt=now - timedelta(days=1)).count() >= MOST_A_DAY:
        raise MoveRefused(_("That were many suggestions for one day. Go on tomorrow."))
    try:
        with transaction.atomic():
            suggestion = CommunitySuggestion.objects.create(
                name=answers.name,
                platform=answers.platform,
                url=answers.url,
                link_key=link_key(answers.url),
                place=answers.place,
                languages=answers.languages,
                note=answers.note,
                suggested_by=member,
                asked_at=now,
                is_demo=member.is_demo,
            )
    except IntegrityError as error:
        if "suggestion_waiting_once" not in str(error):
            raise
        raise MoveRefused(_("Somebody suggested this community already; the team has yet to look at it.")) from error
    letters.community_suggested(suggestion)
    return suggestion


def _lock(suggestion: CommunitySuggestion) -> CommunitySuggestion:
    locked = CommunitySuggestion.objects.select_for_update(of=("self",)).select_related("place").get(pk=suggestion.pk)
    if locked.state != State.WAITING:
        raise MoveRefused(
            _("This suggestion is %(state)s already.") % {"state": locked.get_state_display()}, reason="state"
        )
    return locked


def _close(suggestion: CommunitySuggestion, state: str, *, by: User, now: datetime) -> None:
    suggestion.state, suggestion.answered_at, suggestion.answered_by = state, now, by
    suggestion.save()
    letters.suggestion_answered(suggestion)


@transaction.atomic
def accept(*, suggestion: CommunitySuggestion, by: User, now: datetime) -> Group:
    """List it: makes the group, exactly once, and begins to look at its link."""
    locked = _lock(suggestion)
    if group := listed_at(locked.url):
        raise Listed(_("This community is listed already."), group=group)
    place = locked.place
    locked.group = groups.create_group(
        name=locked.name,
        kind=Group.Kind.EXTERNAL,
        state=Group.State.ACTIVE,
        place=place,
        time_zone=place.time_zone if place else "UTC",
        languages=locked.languages,
        external_url=locked.url,
        platform=locked.platform,
        search=groups.search_text(name=locked.name, place=place),
        is_demo=locked.is_demo,
        founded_at=now,
    )
    _close(locked, State.ACCEPTED, by=by, now=now)
    if not locked.is_demo:
        link_checks.watch(locked.group, now=now)
    return locked.group


@transaction.atomic
def refuse(*, suggestion: CommunitySuggestion, by: User, answer: str, now: datetime) -> CommunitySuggestion:
    """Do not list it, and say why."""
    locked = _lock(suggestion)
    if not answer.strip():
        raise MoveRefused(_("Say why: who suggested it gets your words."))
    locked.answer = answer.strip()[:1000]
    _close(locked, State.REFUSED, by=by, now=now)
    return locked


@transaction.atomic
def describe(*, group: Group, values: Mapping[str, object], now: datetime) -> Group:
    """What organisers keep up to date; a new address is looked at at once."""
    locked = Group.objects.select_for_update(of=("self",)).get(pk=group.pk)
    before = locked.external_url
    for name, value in values.items():
        setattr(locked, name, value)
    if locked.kind == Group.Kind.EXTERNAL and locked.external_url != before:
        if other := listed_at(locked.external_url, besides=locked):
            raise Listed(_("Another entry has this address."), group=other)
        if not locked.is_demo:
            link_checks.watch(locked, now=now)
    locked.save(update_fields=list(values))
    if "name" in values:
        groups.refresh_search(locked)
    return locked


def make_official(*, group: Group, member: Member, user: User, now: datetime) -> Application:
    """The member's draft that turns this community into an official group: the one they have, or a new one."""
    if group.kind != Group.Kind.EXTERNAL or group.became_id or group.state == Group.State.SUSPENDED:
        raise MoveRefused(_("This is no community elsewhere that could become official."), reason="state")
    mine = Application.objects.filter(applicant=member, community=group, state=Application.State.DRAFT)
    if draft := mine.order_by("-pk").first():
        return draft
    note = _("The community %(name)s lives at %(link)s today; it shall become official.")
    values: dict[str, object] = {
        "community": group,
        "group_name": group.name,
        "place": group.place,
        "time_zone": group.time_zone,
        "languages": group.languages,
        "interest_note": note % {"name": group.name, "link": group.external_url},
    }
    kind = Application.Kind.MEETUP if group.place_id else Application.Kind.ONLINE
    return drafts.start_draft(member=member, user=user, kind=kind, now=now, values=values, has_agreed=False)


def merge_into(*, community: Group, group: Group, by: User | None, now: datetime) -> None:
    """The community became official: its entry stays, archived, and points to the group. Twice is once.

    A suspended entry stays out of sight: only the team brings it back, by hand.
    """
    locked = Group.objects.select_for_update(of=("self",)).get(pk=community.pk)
    if locked.became_id or locked.kind != Group.Kind.EXTERNAL or locked.state == Group.State.SUSPENDED:
        return
    _turn(locked, Group.State.ARCHIVED, by, now, _("It became the official group %(name)s.") % {"name": group.name})
    locked.became = group
    locked.save(update_fields=["became"])
    link_checks.stop_watching(locked)
    letters.community_became(locked, group, not_before=goes_out_at(now))


def split_again(*, group: Group, by: User | None, now: datetime) -> None:
    """The approval was stopped: the entries that pointed to the group live on as before."""
    for locked in Group.objects.select_for_update(of=("self",)).filter(became=group):
        last = locked.moves.filter(to_state=locked.state).order_by("-pk").first()
        before = last.from_state if last else Group.State.ACTIVE
        _turn(locked, before, by, now, _("The approval of the official group was stopped."))
        locked.became = None
        locked.save(update_fields=["became"])
        if not locked.is_demo:
            link_checks.watch(locked, now=now)


def _turn(group: Group, state: str, by: User | None, now: datetime, reason: str) -> None:
    GroupMove.objects.create(group=group, from_state=group.state, to_state=state, actor=by, reason=reason, at=now)
    group.state, group.state_since, group.next_state, group.announced_at = state, now, "", None
    group.save(update_fields=["state", "state_since", "next_state", "announced_at"])
