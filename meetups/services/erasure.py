"""What a person is told of themselves from here, and what is left of them when they are erased."""

from typing import Any

from django.db import connection, transaction
from django.db.models import F, Value
from django.db.models.functions import Replace
from django.utils import timezone
from django.utils.translation import gettext as _

from meetups.models import (
    Application,
    ApplicationComment,
    ApplicationEvent,
    ApplicationOrganiser,
    ApplicationRevision,
    CalendarKey,
    CommunitySuggestion,
    Interest,
    Organiser,
    OrganiserRequest,
)
from meetups.services.applications import organiser_left
from portal.members.models import Member

State = Application.State


def export_for(member: Member) -> dict[str, list[Any]]:
    """Every row about the member, as plain values by table."""
    seats = member.application_seats.values("application__group_name", "name", "email", "organisation", "accepted_at")
    return {
        "groups": list(member.group_memberships.values("group__name", "joined_at")),
        "organiser": list(member.organiser_of.values("group__name", "accepted_at", "ended_at", "ended_reason")),
        "applications": list(member.applications.values()),
        "application_seats": list(seats),
        "application_comments": list(_comments(member).values("application", "text", "at")),
        "interests": list(Interest.objects.filter(member=member).values("place__name", "kind", "created_at")),
        "requests": list(member.organiser_requests.values("group__name", "note", "state", "asked_at")),
        "suggestions": list(CommunitySuggestion.objects.filter(suggested_by=member).values()),
    }


def erase(member: Member) -> None:
    """Leave what others stand on (groups, decided applications), without the person's name, address and words."""
    now = timezone.now()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL portal.erasing = 'on'")
        CalendarKey.objects.filter(member=member).delete()
        member.group_memberships.all().delete()
        Interest.objects.filter(member=member).delete()
        OrganiserRequest.objects.filter(member=member).update(note="")
        CommunitySuggestion.objects.filter(suggested_by=member).update(note="")
        member.applications.filter(submitted_at=None).delete()
        member.applications.update(community_note="")
        _blank_revisions(member)
        _comments(member).update(text="")
        for seat in member.application_seats.select_related("application"):
            _leave(seat, now)
        seats = Organiser.objects.filter(member=member)
        seats.filter(ended_at=None).update(ended_at=now)
        seats.update(invited_email="", invited_name="", token=None, ended_reason="")
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL portal.erasing = 'off'")


def _comments(member: Member) -> Any:
    return ApplicationComment.objects.filter(author=member.user_id or 0)


def _blank_revisions(member: Member) -> None:
    mine = ApplicationRevision.objects.filter(application__organisers__member=member).distinct()
    for revision in mine:
        is_applicant = revision.application.applicant_id == member.pk
        for seat in revision.answers.get("organisers", []):
            if seat.get("member") == member.pk:
                seat.update(name="", organisation="")
        if is_applicant:
            revision.answers["community_note"] = ""
        revision.save(update_fields=["answers"])


def _leave(seat: ApplicationOrganiser, now: Any) -> None:
    """The seat stays, empty of the person; where nothing is decided yet, it is given up."""
    name = seat.name
    if name:
        words = {field: Replace(F(field), Value(name), Value("…")) for field in ("public_note", "private_note")}
        ApplicationEvent.objects.filter(application=seat.application).update(**words)
    seat.name, seat.organisation, seat.shows_name = _("somebody"), "", False
    seat.email, seat.token = f"erased-{seat.pk}@invalid.invalid", f"erased-{seat.pk}"
    is_open = seat.application.state in {State.DRAFT, *Application.OPEN_STATES}
    if is_open and seat.declined_at is None:
        seat.declined_at = now
    seat.save(update_fields=["name", "organisation", "shows_name", "email", "token", "declined_at"])
    if is_open:
        organiser_left(seat=seat, now=now)
