"""What an approval makes: the group, who runs it, its slot, launch and next dates, its list of things to do."""

from datetime import datetime, time

from meetups import recurrence
from meetups.models import Application, ApplicationOrganiser, Event, Group, GroupMembership, Organiser, Series
from meetups.services import communities, events, forum_categories, groups, interest, onboarding
from meetups.services.decision_delay import goes_out_at
from meetups.services.series import expand_series


def found_group(application: Application, *, now: datetime) -> Group:
    """Everything of a new group, from the answers. The caller holds the lock on the application and calls this once."""
    place = None if application.is_online else application.place
    group = groups.create_group(
        name=application.group_name,
        kind=Group.Kind.ONLINE if application.is_online else Group.Kind.MEETUP,
        place=place,
        region_label=application.region_label,
        time_zone=application.time_zone or (place.time_zone if place else "UTC"),
        languages=application.languages,
        forum_url=application.forum_url,
        search=groups.search_text(name=application.group_name, place=place, region_label=application.region_label),
        is_demo=application.is_demo,
        founded_at=now,
    )
    _seat_organisers(application, group, now)
    series = _make_series(application, group)
    _draft_launch(application, group, series, now)
    if series is not None:
        expand_series(series=series, now=now)
    onboarding.make_tasks(group)
    later = goes_out_at(now)
    forum_categories.ask_for_category(group, now=now, not_before=later)
    if application.community is not None:
        communities.merge_into(community=application.community, group=group, by=None, now=now)
    interest.tell_interested(group, not_before=later)
    interest.tell_neighbours(group, not_before=later)
    return group


def _seat_organisers(application: Application, group: Group, now: datetime) -> None:
    seats = list(ApplicationOrganiser.objects.accepted().filter(application=application).order_by("pk"))
    Organiser.objects.bulk_create(
        Organiser(
            group=group,
            member_id=seat.member_id,
            invited_email=seat.email,
            invited_name=seat.name,
            invited_at=seat.invited_at,
            accepted_at=now,
        )
        for seat in seats
    )
    GroupMembership.objects.bulk_create(
        GroupMembership(group=group, member_id=seat.member_id, joined_at=now) for seat in seats if seat.member_id
    )


def _make_series(application: Application, group: Group) -> Series | None:
    slot = application.slot
    if slot is None:
        return None
    return Series.objects.create(
        group=group,
        title=group.name[:160],
        ordinal=slot.ordinal,
        weekday=slot.weekday,
        starts_local=slot.starts,
        minutes=slot.minutes,
        time_zone=slot.zone,
        venue_name=application.venue_name,
        venue_address=application.venue_address,
        from_on=application.launch_on or application.today(application.created_at),
    )


def _draft_launch(application: Application, group: Group, series: Series | None, now: datetime) -> None:
    """The launch as a draft; on a date of the slot it is that occurrence, so the slot does not make a second one."""
    if application.launch_on is None:
        return
    is_slot_day = series is not None and recurrence.fits(application.launch_on, series.ordinal, series.weekday)
    starts = application.launch_time or application.slot_time or time(18, 0)
    events.create_event(
        group=group,
        by=application.applicant,
        now=now,
        answers={
            "title": application.launch_title or group.name[:160],
            "format": Event.Format.SOCIAL,
            "starts_local": datetime.combine(application.launch_on, starts),
            "minutes": application.slot_minutes,
            "time_zone": group.time_zone,
            "venue_name": application.venue_name,
            "venue_address": application.venue_address,
            "capacity": application.venue_capacity,
            "series": series if is_slot_day else None,
            "original_on": application.launch_on if is_slot_day else None,
        },
    )
