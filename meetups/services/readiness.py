"""What must stand in an application before it can be sent. Structure only: whether an answer is good, people judge."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from meetups.criteria import ENOUGH_ORGANISERS
from meetups.models import Application

__all__ = ["ENOUGH_ORGANISERS", "Gap", "missing"]


@dataclass(frozen=True, slots=True)
class Gap:
    """An answer that is missing: the part and field it belongs to, and a sentence that says what to do."""

    part: str
    field: str
    sentence: str | Promise


def missing(application: Application, *, now: datetime) -> list[Gap]:
    """The gaps in the order of the parts; an empty list means that it can be sent."""
    gaps = [*_identity(application), *(_online(application) if application.is_online else _in_town(application))]
    if application.organisers.accepted().count() < ENOUGH_ORGANISERS:
        gaps.append(
            Gap("organisers", "invite", _("Two organisers must have accepted; invite one more or wait for the answer."))
        )
    if application.agreed_at is None:
        gaps.append(Gap("organisers", "agree", _("Accept the guidelines and the Code of Conduct.")))
    gaps += _dates(application, application.today(now))
    order = {"interest": 0, "place": 1, "organisers": 2, "room": 3, "launch": 4, "rhythm": 5}
    return sorted(gaps, key=lambda gap: order[gap.part])


def _identity(application: Application) -> list[Gap]:
    gaps = []
    if not application.group_name:
        gaps.append(Gap("interest", "group_name", _("Give the group a name.")))
    if not (application.forum_url or application.interest_note):
        gaps.append(Gap("interest", "forum_url", _("Link the forum thread, or say who is interested.")))
    return gaps


def _in_town(application: Application) -> list[Gap]:
    gaps = []
    if application.place_id is None:
        gaps.append(Gap("place", "place", _("Choose the town you meet in.")))
    if not application.venue_kind:
        gaps.append(Gap("room", "venue_kind", _("Say what kind of room it is.")))
    if not application.venue_name:
        gaps.append(Gap("room", "venue_name", _("Name the room you meet in.")))
    return gaps


def _online(application: Application) -> list[Gap]:
    gaps = []
    if not application.languages:
        gaps.append(Gap("place", "languages", _("Say which languages you speak.")))
    if not application.time_zones_served:
        gaps.append(Gap("place", "time_zones_served", _("Say which time zones you serve.")))
    if not application.platform:
        gaps.append(Gap("room", "platform", _("Name the platform you meet on.")))
    if not application.platform_account:
        gaps.append(Gap("room", "platform_account", _("Say whose account hosts the call.")))
    return gaps


def _dates(application: Application, today: date) -> list[Gap]:
    gaps = []
    if application.launch_on is None:
        gaps.append(Gap("launch", "launch_on", _("Choose a date for the first meetup.")))
    elif application.launch_on < today:
        gaps.append(Gap("launch", "launch_on", _("The date of the first meetup is past; choose a new one.")))
    if application.launch_time is None:
        gaps.append(Gap("launch", "launch_time", _("Say when the first meetup starts.")))
    if application.slot_ordinal is None or application.slot_weekday is None:
        gaps.append(Gap("rhythm", "slot_ordinal", _("Choose a day of each month.")))
    if application.slot_time is None:
        gaps.append(Gap("rhythm", "slot_time", _("Say when your monthly meetup starts.")))
    if not application.time_zone:
        gaps.append(Gap("rhythm", "time_zone", _("Choose the time zone you meet in.")))
    return gaps
