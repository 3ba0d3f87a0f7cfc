"""Starting an application and keeping what was typed."""

import uuid
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from meetups.models import Application, ApplicationOrganiser
from portal.jobs.transitions import MoveRefused
from portal.members.models import Member, User

MOST_UNDECIDED = 3
#: Withdrawn ones count too: who begins and withdraws all day does not found a group.
MOST_STARTED_A_DAY = 5
#: What a new draft takes over from an application that ended.
KEPT = (
    *("kind", "group_name", "forum_url", "interest_note", "place", "region_label", "languages", "time_zones_served"),
    *("community_note", "venue_kind", "venue_name", "venue_address", "venue_capacity", "venue_contact_name"),
    *("venue_contact_email", "venue_access", "platform", "platform_account", "launch_title", "slot_ordinal"),
    *("slot_weekday", "slot_time", "slot_minutes", "time_zone", "community"),
)
CAN_RETRY = {Application.State.DECLINED, Application.State.WITHDRAWN, Application.State.LAPSED}


def new_token() -> str:
    return get_random_string(43)


@transaction.atomic
def start_draft(
    *,
    member: Member,
    user: User,
    kind: str,
    now: datetime,
    values: Mapping[str, object] | None = None,
    key: uuid.UUID | None = None,
    has_agreed: bool = True,
) -> Application:
    """A new draft; its applicant is the first organiser and has accepted the guidelines and the Code of Conduct.

    `key` is the form's own: sent twice, it makes one draft. `has_agreed=False`: they were not asked yet; the draft can
    be sent only once they `agree`.
    """
    Member.objects.select_for_update(no_key=True).get(pk=member.pk)
    if key and (twin := Application.objects.filter(public_id=key, applicant=member).first()):
        return twin
    _check_limits(member, now)
    if key and Application.objects.filter(public_id=key).exists():
        key = None
    application = Application.objects.create(
        **{
            **(values or {}),
            "public_id": key or uuid.uuid4(),
            "kind": kind,
            "applicant": member,
            "agreed_at": now if has_agreed else None,
            "created_at": now,
            "changed_at": now,
            "is_demo": user.is_demo,
        }
    )
    _seat_applicant(application, member, user, now)
    return application


def _seat_applicant(application: Application, member: Member, user: User, now: datetime) -> None:
    """Under the name the person chose to show; who began the application has said yes."""
    ApplicationOrganiser.objects.create(
        application=application,
        member=member,
        name=member.display_name,
        email=user.email.lower(),
        organisation=current_organisation(member, application.today(now)),
        token=new_token(),
        invited_at=now,
        accepted_at=now,
        agreed_at=application.agreed_at,
    )


def _check_limits(member: Member, now: datetime) -> None:
    undecided = Application.objects.filter(
        applicant=member, state__in=[Application.State.DRAFT, *Application.OPEN_STATES]
    ).count()
    if undecided >= MOST_UNDECIDED:
        raise MoveRefused(
            _("You have %(count)s applications under way. Finish or withdraw one before you begin another.")
            % {"count": undecided}
        )
    started = Application.objects.filter(applicant=member, created_at__gt=now - timedelta(days=1)).count()
    if started >= MOST_STARTED_A_DAY:
        raise MoveRefused(_("You began %(count)s applications within a day. Go on tomorrow.") % {"count": started})


def current_organisation(member: Member, today: date) -> str:
    """Name of the organisation the member says they belong to today, or nothing."""
    affiliation = member.affiliations.confirmed().filter(days__contains=today).select_related("organisation").first()
    return affiliation.organisation.name if affiliation else ""


@transaction.atomic
def save_answers(*, application: Application, values: Mapping[str, object], now: datetime) -> Application:
    """Keep these answers; only while the organisers may write."""
    locked = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    if not locked.is_editable:
        raise MoveRefused(_("This application was sent in; its answers cannot change now."), reason="state")
    for name, value in values.items():
        setattr(locked, name, value)
    if (
        "place" in values
        and locked.place is not None
        and (not locked.time_zone or application.place_id != locked.place_id)
    ):
        locked.time_zone = locked.place.time_zone
    locked.changed_at = now
    locked.save()
    return locked


@transaction.atomic
def agree(*, application: Application, member: Member, now: datetime) -> Application:
    """Who began the application accepts the guidelines and the Code of Conduct; nobody can do that for them."""
    locked = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    if locked.agreed_at is None and locked.applicant_id == member.pk:
        locked.agreed_at = now
        locked.save(update_fields=["agreed_at"])
        locked.organisers.filter(member=member).update(agreed_at=now)
    return locked


def retry(
    *, application: Application, member: Member, user: User, now: datetime, key: uuid.UUID | None = None
) -> Application:
    """A new draft with the answers of one that was declined, withdrawn or lapsed; the two stay linked."""
    if application.state not in CAN_RETRY:
        raise MoveRefused(_("Only an application that ended can be begun again."), reason="state")
    values = {name: getattr(application, name) for name in KEPT if name != "kind"}
    values["previous"] = application
    return start_draft(member=member, user=user, kind=application.kind, now=now, values=values, key=key)
