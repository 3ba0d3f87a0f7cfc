"""Mails about the room of an application: the question to its host, and what the host answered."""

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format

from meetups.models import Application, VenueConfirmation
from meetups.services.letters import _applicant_name, _facts, _team_of, about, absolute, to_user
from portal.mail import services as mail
from portal.mail.models import Message
from portal.members.models import User

#: Answers of one host that are told by mail; a host who goes on changing their mind is read on the page.
MOST_TOLD = 6


def room_key(confirmation: VenueConfirmation) -> str:
    """What the outbox calls a host."""
    return f"venue:{confirmation.pk}"


def host_asked(confirmation: VenueConfirmation) -> None:
    """To the host: who asks, which room, when; and the page where they answer. Each asking is one mail."""
    application = confirmation.application
    user = User.objects.filter(email__iexact=confirmation.email).first()
    before = Message.objects.filter(kind="venue_asked", recipient_key=room_key(confirmation)).count()
    mail.queue(
        kind="venue_asked",
        about=about(application),
        address=confirmation.email,
        recipient_key=room_key(confirmation),
        revision=before,
        language=user.language if user else settings.LANGUAGE_CODE,
        context={
            **_room(confirmation),
            "name": confirmation.contact_name,
            "by": _applicant_name(application),
            "when": application.slot_text,
            "launch": date_format(application.launch_on, "j F Y") if application.launch_on else "",
            "url": absolute(reverse("meetups:venue_answer", args=[confirmation.token])),
        },
    )


def host_answered(confirmation: VenueConfirmation) -> None:
    """To every organiser: yes or no, and the host's words."""
    kind, key = "venue_answered", about(confirmation.application)
    told = Message.objects.filter(kind=kind, about=key, revision__gte=confirmation.pk * MOST_TOLD).filter(
        revision__lt=(confirmation.pk + 1) * MOST_TOLD
    )
    turn = told.values("revision").distinct().count()
    if turn >= MOST_TOLD:
        return
    context = {
        **_room(confirmation),
        **_facts(confirmation.application),
        "host": confirmation.host,
        "confirmed": confirmation.confirmed_at is not None,
        "note": confirmation.note,
    }
    for user in _team_of(confirmation.application):
        to_user(user, kind=kind, subject=key, revision=confirmation.pk * MOST_TOLD + turn, context=context)


def host_knows_nobody(confirmation: VenueConfirmation) -> None:
    """To the team: a host says that they do not know the people who asked in their name."""
    if settings.COMMUNITY.contact_email:
        mail.queue(
            kind="venue_unknown",
            about=about(confirmation.application),
            address=settings.COMMUNITY.contact_email,
            recipient_key="team",
            revision=confirmation.pk,
            context={**_room(confirmation), "note": confirmation.note, "by": _applicant_name(confirmation.application)},
        )


def _room(confirmation: VenueConfirmation) -> dict[str, object]:
    application: Application = confirmation.application
    return {
        "group_name": str(application),
        "venue_name": confirmation.venue_name,
        "venue_address": confirmation.venue_address,
    }
