"""Mails about who runs a group: questions, answers, invitations, and seats that end."""

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse

from meetups.models import Group, Organiser, OrganiserRequest
from meetups.services.letters import absolute, to_user
from portal.mail import services as mail
from portal.members.models import Member, User


def about_group(group: Group) -> str:
    """What the outbox calls a group."""
    return f"group:{group.pk}"


def organisers_of(group: Group) -> Iterable[User]:
    """The accounts of who runs the group now."""
    current = Organiser.objects.current().filter(group=group).values("member__user")
    return User.objects.filter(pk__in=current, is_active=True).order_by("pk")


def facts(group: Group) -> dict[str, object]:
    """What every letter about a group says of it."""
    return {"group_name": group.name, "place": group.place_text, "url": absolute(group.get_absolute_url())}


def to_team(*, kind: str, group: Group, about: str, revision: int, context: dict[str, object], path: str) -> None:
    """To the address of the team, where the community has one."""
    if settings.COMMUNITY.contact_email:
        mail.queue(
            kind=kind,
            about=about,
            address=settings.COMMUNITY.contact_email,
            recipient_key="team",
            revision=revision,
            context={**facts(group), **context, "admin_url": absolute(path)},
        )


def organiser_asked(request: OrganiserRequest, *, for_team: bool) -> None:
    """To who answers: the group's organisers, and the team when it is its turn."""
    group, subject = request.group, f"organiser_request:{request.pk}"
    context: dict[str, object] = {"by": request.member.display_name, "note": request.note}
    if for_team:
        path = reverse("admin:meetups_organiserrequest_change", args=[request.pk])
        to_team(kind="organiser_asked_team", group=group, about=subject, revision=0, context=context, path=path)
    if group.kind == Group.Kind.EXTERNAL:
        return
    answer_url = absolute(reverse("meetups:organiser_request", args=[request.pk]))
    for user in organisers_of(group):
        to_user(
            user,
            kind="organiser_asked",
            subject=subject,
            revision=0,
            context={**facts(group), **context, "answer_url": answer_url},
        )


def organiser_request_answered(request: OrganiserRequest, *, accepted: bool, note: str) -> None:
    """To who asked."""
    _to_member(
        request.member,
        kind="organiser_request_answered",
        subject=f"organiser_request:{request.pk}",
        revision=0,
        context={**facts(request.group), "accepted": accepted, "note": note.strip()},
    )


def _to_member(member: Member, *, kind: str, subject: str, revision: int, context: dict[str, object]) -> None:
    if member.user is not None:
        to_user(member.user, kind=kind, subject=subject, revision=revision, context=context)


def co_organiser_invited(seat: Organiser, *, by: Member) -> None:
    """To somebody an organiser named: who asks, for what, and the page where they answer."""
    user = User.objects.filter(email__iexact=seat.invited_email).first()
    mail.queue(
        kind="co_organiser_invited",
        about=about_group(seat.group),
        address=seat.invited_email,
        recipient_key=f"organiser:{seat.pk}",
        language=user.language if user else settings.LANGUAGE_CODE,
        context={
            **facts(seat.group),
            "name": seat.invited_name,
            "by": by.display_name,
            "answer_url": absolute(reverse("meetups:co_organiser", args=[seat.token])),
        },
    )


def co_organiser_answered(seat: Organiser, *, name: str, accepted: bool) -> None:
    """To who runs the group already."""
    for user in organisers_of(seat.group):
        if seat.member is None or seat.member.user_id != user.pk:
            to_user(
                user,
                kind="co_organiser_answered",
                subject=f"organiser:{seat.pk}",
                revision=int(accepted),
                context={**facts(seat.group), "name": name, "accepted": accepted},
            )


def organiser_removed(seat: Organiser, *, reason: str) -> None:
    """To who was removed."""
    if seat.member is not None:
        context = {**facts(seat.group), "reason": reason.strip()}
        _to_member(seat.member, kind="organiser_removed", subject=f"organiser:{seat.pk}", revision=0, context=context)


def organiser_ended(seat: Organiser) -> None:
    """To those who still run the group; to the team where nobody is left."""
    left = list(organisers_of(seat.group))
    context = {**facts(seat.group), "name": str(seat), "left": len(left)}
    for user in left:
        to_user(user, kind="organiser_ended", subject=f"organiser:{seat.pk}", revision=0, context=context)
    if not left:
        path = reverse("admin:meetups_group_change", args=[seat.group.pk])
        subject = f"organiser:{seat.pk}"
        to_team(kind="group_alone", group=seat.group, about=subject, revision=0, context=context, path=path)
