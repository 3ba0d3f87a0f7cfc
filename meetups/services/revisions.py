"""Freezing what an application says at the moment it is sent in, so that later one can tell what was judged."""

from datetime import date, datetime, time
from typing import Any

from meetups.models import Application, ApplicationRevision
from portal.members.models import User

#: Answers that are kept as they stand; dates and times become text.
_PLAIN = (
    *("kind", "group_name", "forum_url", "interest_note", "region_label", "languages", "time_zones_served"),
    *("community_note", "venue_kind", "venue_name", "venue_address", "venue_capacity", "venue_contact_name"),
    *("venue_contact_email", "venue_access", "platform", "platform_account", "launch_on", "launch_time"),
    *("launch_title", "slot_ordinal", "slot_weekday", "slot_time", "slot_minutes", "time_zone"),
)


def frozen(application: Application) -> dict[str, Any]:
    """The answers of all six criteria as plain JSON values, with the accepted organisers and their companies."""
    answers = {name: _plain(getattr(application, name)) for name in _PLAIN}
    place = application.place
    answers["place"] = {"id": place.pk, "name": place.label} if place else None
    answers["organisers"] = [
        {"member": seat.member_id, "name": seat.name, "organisation": seat.organisation}
        for seat in application.organisers.accepted().order_by("pk")
    ]
    return answers


def freeze(*, application: Application, actor: User | None, now: datetime) -> ApplicationRevision:
    """Keep the answers as the revision the application is at. The caller holds the lock on its row."""
    return ApplicationRevision.objects.create(
        application=application,
        number=application.revision,
        answers=frozen(application),
        sent_by=actor,
        sent_at=now,
    )


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | time) else value
