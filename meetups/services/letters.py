"""Mails of this app: who gets which one about what. They go to the outbox in the caller's transaction."""

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse

from meetups.criteria import CRITERIA
from meetups.models import Application, ApplicationEvent, ApplicationOrganiser, Group
from portal.mail import services as mail
from portal.members.models import User


def absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def about(application: Application) -> str:
    """What the outbox calls an application."""
    return f"application:{application.public_id}"


def to_user(user: User, *, kind: str, subject: str, revision: int, context: dict[str, object]) -> None:
    if not user.is_active:
        return
    mail.queue(
        kind=kind,
        about=subject,
        address=user.email,
        recipient_key=f"user:{user.pk}",
        revision=revision,
        language=user.language,
        time_zone=user.time_zone or "UTC",
        context=context,
    )


def _team_of(application: Application) -> Iterable[User]:
    seats = ApplicationOrganiser.objects.accepted().filter(application=application, member__user__isnull=False)
    return [seat.member.user for seat in seats.select_related("member__user")]  # type: ignore[union-attr, misc]


def _facts(application: Application) -> dict[str, object]:
    return {
        "group_name": str(application),
        "place": str(application.place) if application.place else "",
        "url": absolute(application.get_absolute_url()),
    }


def application_received(application: Application, event: ApplicationEvent) -> None:
    """To every organiser that it arrived, and to the team that something waits."""
    answer_by = application.answer_by_on.isoformat() if application.answer_by_on else ""
    facts = {**_facts(application), "answer_by_on": answer_by, "revision": application.revision}
    for user in _team_of(application):
        to_user(user, kind="application_received", subject=about(application), revision=event.pk, context=facts)
    if settings.COMMUNITY.contact_email:
        admin_path = reverse("admin:meetups_application_change", args=[application.pk])
        mail.queue(
            kind="application_waiting",
            about=about(application),
            address=settings.COMMUNITY.contact_email,
            recipient_key="team",
            revision=event.pk,
            context={**facts, "admin_url": absolute(admin_path)},
        )


def application_moved(application: Application, event: ApplicationEvent, *, kind: str) -> None:
    """To every organiser: changes asked for, or the decision. Private notes stay inside."""
    parts = [
        {
            "title": str(CRITERIA[key][1 if application.is_online else 0]),
            "url": absolute(reverse("meetups:application_part", args=[application.public_id, key])),
        }
        for key in event.criteria
        if key in CRITERIA
    ]
    target = application.group or application.redirected_to
    context = {
        **_facts(application),
        "note": event.public_note,
        "parts": parts,
        "reason": application.get_decline_reason_display() if application.decline_reason else "",
        "target_name": target.name if target else "",
        "target_url": absolute(target.get_absolute_url()) if target else "",
    }
    for user in _team_of(application):
        to_user(user, kind=kind, subject=about(application), revision=event.pk, context=context)


def _applicant_name(application: Application) -> str:
    """The name the applicant has in this application; never one they hide."""
    seat = application.organisers.filter(member=application.applicant_id).first()
    return seat.name if seat and seat.name else application.applicant.display_name


def invitation(seat: ApplicationOrganiser) -> None:
    """To somebody named as organiser: who asks, for what, and the page where they answer."""
    application = seat.application
    user = User.objects.filter(email__iexact=seat.email).first()
    mail.queue(
        kind="organiser_invited",
        about=about(application),
        address=seat.email,
        recipient_key=f"seat:{seat.pk}",
        language=user.language if user else settings.LANGUAGE_CODE,
        context={
            **_facts(application),
            "name": seat.name,
            "by": _applicant_name(application),
            "url": absolute(reverse("meetups:invitation", args=[seat.token])),
        },
    )


def invitation_answered(seat: ApplicationOrganiser, *, accepted: bool) -> None:
    """To the applicant, who waits for it."""
    user = seat.application.applicant.user
    if user is not None:
        to_user(
            user,
            kind="organiser_answered",
            subject=f"seat:{seat.pk}",
            revision=int(accepted),
            context={**_facts(seat.application), "name": seat.name, "accepted": accepted},
        )


def group_started(group: Group, user: User) -> None:
    """To somebody who said what they would do in this town: there is a group now."""
    context: dict[str, object] = {
        "group_name": group.name,
        "place": str(group.place),
        "url": absolute(group.get_absolute_url()),
        "place_url": absolute(reverse("meetups:place_detail", args=[group.place.slug])) if group.place else "",
    }
    to_user(user, kind="group_started", subject=f"group:{group.pk}", revision=0, context=context)
