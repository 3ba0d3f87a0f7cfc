"""Letters about communities elsewhere."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from meetups.models import CommunitySuggestion, Group, LinkCheck, Organiser
from meetups.services.letters import absolute
from portal.mail import services as mail
from portal.members.models import User


def _to(
    user: User,
    *,
    kind: str,
    about: str,
    revision: int,
    context: dict[str, object],
    not_before: datetime | None = None,
) -> None:
    mail.queue(
        kind=kind,
        about=about,
        address=user.email,
        recipient_key=f"user:{user.pk}",
        revision=revision,
        language=user.language,
        time_zone=user.time_zone or "UTC",
        context=context,
        not_before=not_before,
    )


def _to_team(*, kind: str, about: str, revision: int, context: dict[str, object]) -> None:
    if settings.COMMUNITY.contact_email:
        mail.queue(
            kind=kind,
            about=about,
            address=settings.COMMUNITY.contact_email,
            recipient_key="team",
            revision=revision,
            context=context,
        )


def _who_runs(group: Group) -> list[User]:
    return list(
        User.objects.filter(
            is_active=True, member__in=Organiser.objects.current().filter(group=group).values("member")
        ).order_by("pk")
    )


def community_suggested(suggestion: CommunitySuggestion) -> None:
    """To the team: somebody suggests a community."""
    path = reverse("admin:meetups_communitysuggestion_change", args=[suggestion.pk])
    context: dict[str, object] = {
        "name": suggestion.name,
        "link": suggestion.url,
        "note": suggestion.note,
        "admin_url": absolute(path),
    }
    _to_team(kind="community_suggested", about=f"suggestion:{suggestion.pk}", revision=0, context=context)


def suggestion_answered(suggestion: CommunitySuggestion) -> None:
    """To who suggested it: listed, or why not."""
    user = suggestion.suggested_by.user
    if user is None or not user.is_active:
        return
    context: dict[str, object] = {
        "name": suggestion.name,
        "answer": suggestion.answer,
        "url": absolute(suggestion.group.get_absolute_url()) if suggestion.group else "",
    }
    _to(user, kind="community_answered", about=f"suggestion:{suggestion.pk}", revision=0, context=context)


def link_gone(group: Group, check: LinkCheck) -> None:
    """To who claimed the community, and to the team, once for each time it went."""
    since = group.link_gone_since
    context: dict[str, object] = {
        "group_name": group.name,
        "link": group.external_url,
        "sentence": check.sentence,
        "url": absolute(group.get_absolute_url()),
    }
    revision = since.toordinal() if since else 0
    for user in _who_runs(group):
        _to(user, kind="community_link_gone", about=f"group:{group.pk}", revision=revision, context=context)
    _to_team(kind="community_link_gone", about=f"group:{group.pk}", revision=revision, context=context)


def community_became(community: Group, group: Group, *, not_before: datetime | None) -> None:
    """To who claimed it and does not run the new group: the entry is closed, and where the group is."""
    context: dict[str, object] = {
        "group_name": community.name,
        "official_name": group.name,
        "url": absolute(group.get_absolute_url()),
    }
    inside = set(Organiser.objects.current().filter(group=group).values_list("member__user", flat=True))
    for user in _who_runs(community):
        if user.pk not in inside:
            _to(
                user,
                kind="community_became",
                about=f"group:{group.pk}",
                revision=0,
                context=context,
                not_before=not_before,
            )
