"""The portal as its own source: what it counts is equal to what its tables say, also after everything moved on."""

from datetime import timedelta

import pytest
from django.utils import timezone

from dashboard import importers
from dashboard.importers import portal
from dashboard.models import Contribution, ImportRun, MemberWindow, Source
from dashboard.services import runs, sources, summaries
from dashboard.services.portal_facts import PortalRows
from meetups.models import ApplicationEvent, Event
from meetups.services import recall
from portal.mail.models import Message
from portal.members.models import Identity, Member
from portal.members.services import merge_members, undo_merge
from tests.dashboard.factories import ChannelFactory, MemberFactory, SourceFactory
from tests.meetups.factories import (
    EventFactory,
    GroupFactory,
    OrganiserFactory,
    application_in,
    lead,
    person,
    reviewer,
    verdict_of,
)

pytestmark = pytest.mark.django_db
NOW = timezone.now().replace(microsecond=0)
LONG_AGO = NOW - timedelta(days=400)


@pytest.fixture(autouse=True)
def _weights(weights):
    """The rows that say what organising is worth."""


def read(now=None):
    """Import the portal as beat would have a worker do it."""
    source = sources.ensure_portal_source()
    source.runs.filter(state__in=runs.OPEN).delete()
    run = runs.run_import(ImportRun.objects.create(source=source), now=now or timezone.now(), budget=None)
    assert (run.state, run.error) == ("done", "")
    return run


def held(group, days_ago, **values):
    at = NOW - timedelta(days=days_ago)
    return EventFactory(group=group, starts_at=at, state=Event.State.HELD, attended=9, **values)


def host_of(group, **values):
    return OrganiserFactory(group=group, **{"accepted_at": LONG_AGO, **values}).member


def stored(kind="organised"):
    """(who, which thing, title) of every row that counts."""
    rows = Contribution.objects.filter(kind=kind, deleted_at=None).order_by("identity__member", "thread")
    return [(row.identity.member, row.thread, row.title) for row in rows.select_related("identity__member")]


def expected(*pairs):
    """The same rows from (member, event)."""
    rows = [(member, f"event:{event.uid}", event.title) for member, event in pairs]
    return sorted(rows, key=lambda row: (row[0].pk, row[1]))


def test_held_event_counts_for_those_who_ran_the_group_then():
    group = GroupFactory()
    two = host_of(group), host_of(group)
    left = host_of(group, ended_at=NOW - timedelta(days=40))
    host_of(group, accepted_at=NOW - timedelta(days=1))
    early, late = held(group, 60), held(group, 10)
    EventFactory(group=group, starts_at=NOW - timedelta(days=5))  # over, and nobody said that it was held
    EventFactory(group=group, starts_at=NOW - timedelta(days=6), state=Event.State.CANCELLED)
    held(group, -1)
    maker = person()
    camp = held(None, 20, kind=Event.Kind.CAMP, created_by=maker)
    read()
    at_all = [(member, event) for member in two for event in (early, late)]
    assert stored() == expected(*at_all, (left, early), (maker, camp))
    row = Contribution.objects.get(identity__member=maker)
    assert (row.state, row.credited_at, row.occurred_at) == ("camp", camp.ends_at, camp.ends_at)
    assert (row.url, row.channel.name, row.source.service) == (camp.get_absolute_url(), "Meetups", "portal")
    summaries.rebuild(today=timezone.now().date())
    worth = dict(MemberWindow.objects.filter(days=90).values_list("member", "credit"))
    assert worth == {two[0].pk: 10, two[1].pk: 10, left.pk: 5, maker.pk: 10}


def test_portal_read_twice_changes_nothing():
    group = GroupFactory()
    host_of(group)
    held(group, 3)
    first = read()
    before = list(Contribution.objects.order_by("pk").values())
    again = read()
    assert (first.n_new, again.n_new, again.n_updated, again.n_skipped) == (1, 0, 0, 1)
    assert list(Contribution.objects.order_by("pk").values()) == before
    assert Source.objects.filter(service=importers.PORTAL).count() == 1


def test_what_is_undone_goes_and_what_is_edited_follows():
    group = GroupFactory()
    host = host_of(group)
    undone, edited, moved = held(group, 30), held(group, 20), held(group, 10)
    read()
    Event.objects.filter(pk=undone.pk).update(state=Event.State.CANCELLED)
    Event.objects.filter(pk=edited.pk).update(title="Another title")
    Event.objects.filter(pk=moved.pk).update(
        starts_at=moved.starts_at - timedelta(days=25), ends_at=moved.ends_at - timedelta(days=25)
    )
    read()
    edited.title = "Another title"
    assert stored() == expected((host, edited), (host, moved))
    moved.refresh_from_db()
    times = Contribution.objects.filter(deleted_at=None, thread=f"event:{moved.uid}").values_list("occurred_at")
    assert list(times) == [(moved.ends_at,)]
    assert Contribution.objects.exclude(deleted_at=None).exclude(title="").count() == 0
    Event.objects.filter(pk=undone.pk).update(state=Event.State.HELD)
    read()
    assert stored() == expected((host, undone), (host, edited), (host, moved))


def test_merged_members_count_once_and_an_undone_merge_twice_again():
    group = GroupFactory()
    kept = host_of(group)
    gone = OrganiserFactory(group=group, member=MemberFactory(), accepted_at=LONG_AGO)
    event = held(group, 3)
    read()
    assert stored() == expected((kept, event), (gone.member, event))
    merge = merge_members(kept=kept, gone=gone.member, reason="test")
    read()
    assert stored() == expected((kept, event))
    undo_merge(merge=merge)
    read()
    assert stored() == expected((kept, event), (gone.member, event))
    assert Identity.objects.filter(service="portal", uid=str(gone.member_id)).get().member == gone.member


def test_nobody_new_is_made_and_erased_people_are_nobody():
    group = GroupFactory()
    erased = host_of(group)
    Member.objects.filter(pk=erased.pk).update(erased_at=NOW)
    held(group, 3)
    n_members = Member.objects.count()
    read()
    (row,) = Contribution.objects.select_related("identity__member")
    assert row.identity.uid.startswith("deleted:")
    assert Member.objects.count() == n_members + 1  # the one that stands for everybody who is gone


def test_suspended_group_keeps_its_counts_without_a_word():
    group = GroupFactory()
    host_of(group)
    held(group, 3)
    read()
    group.state = "suspended"
    group.save()
    read()
    (row,) = Contribution.objects.all()
    assert (row.title, row.url, row.deleted_at) == ("", "", None)


def moved_by(application, user, to_state, at):
    ApplicationEvent.objects.create(
        application=application, from_state="submitted", to_state=to_state, actor=user, at=at
    )


def decided(state="declined", **values):
    at = NOW - timedelta(days=2)
    return application_in(state, **{"submitted_at": at - timedelta(days=9), "decided_at": at, **values})


def test_decided_application_counts_for_those_who_applied_and_those_who_reviewed():
    judge, chief = reviewer(), lead()
    members = [person(), person()]
    for user, member in ((judge, members[0]), (chief, members[1])):
        member.user.delete()
        Member.objects.filter(pk=member.pk).update(user=user)
    said_no, said_yes = decided(), decided("approved")
    application_in("in_review")
    application_in("withdrawn")
    moved_by(said_no, judge, "in_review", NOW - timedelta(days=5))
    moved_by(said_no, chief, "declined", said_no.decided_at)
    verdict_of(said_yes, "room", given_by=judge, given_at=NOW - timedelta(days=4))
    moved_by(said_yes, said_yes.applicant.user, "submitted", NOW - timedelta(days=9))
    said_no.organisers.filter(name="Second Organiser").update(shows_name=True)
    read()
    thread = {one.pk: f"application:{one.public_id}" for one in (said_no, said_yes)}
    wanted = {
        (seat.member_id, thread[one.pk], one.group.name if one.group else "")
        for one in (said_no, said_yes)
        for seat in one.organisers.all()
    }
    assert {(who.pk, what, title) for who, what, title in stored("applied")} == wanted
    assert len(stored("applied")) == 4
    states = dict(Contribution.objects.filter(kind="applied").values_list("identity__member", "state"))
    quiet = said_no.applicant_id
    assert {member for member, state in states.items() if state == portal.STATE_PRIVATE} == {quiet}
    assert {title for _who, _what, title in stored("reviewed")} == {""}
    reviews = Contribution.objects.filter(kind="reviewed").values_list("identity__member", "thread", "occurred_at")
    assert set(reviews) == {
        (members[0].pk, thread[said_no.pk], NOW - timedelta(days=5)),
        (members[1].pk, thread[said_no.pk], said_no.decided_at),
        (members[0].pk, thread[said_yes.pk], NOW - timedelta(days=4)),
    }


def test_answer_that_is_not_out_yet_or_was_stopped_is_not_told(settings):
    settings.DECISION_DELAY = timedelta(minutes=15)
    fresh = decided(decided_at=timezone.now() - settings.DECISION_DELAY / 2)
    stopped = decided()
    letter = Message.objects.create(
        kind=recall.KINDS[1],
        about=f"application:{stopped.public_id}",
        recipient_key="1",
        address="a@example.org",
        stopped_at=NOW,
    )
    read()
    assert stored("applied") == []
    letter.stopped_at = None
    letter.save()
    read(now=fresh.decided_at + settings.DECISION_DELAY + timedelta(seconds=1))
    assert len(stored("applied")) == 4


def test_long_history_comes_in_pages_that_tear_no_moment_apart(monkeypatch):
    monkeypatch.setattr(portal, "MOST", 2)
    group, other = GroupFactory(), GroupFactory()
    hosts = {group.pk: host_of(group), other.pk: host_of(other)}
    events = [held(one, days) for days in (50, 40, 30, 20) for one in (group, other)]
    read()
    assert stored() == expected(*((hosts[event.group_id], event) for event in events))
    Event.objects.filter(pk__in=[events[2].pk, events[7].pk]).update(state=Event.State.CANCELLED)
    read()
    left = [event for number, event in enumerate(events) if number not in (2, 7)]
    assert stored() == expected(*((hosts[event.group_id], event) for event in left))


def test_demo_and_real_events_are_worlds_apart():
    group = GroupFactory()
    host = host_of(group)
    held(group, 3, is_demo=True)
    event = held(group, 4)
    read()
    assert stored() == expected((host, event))


def test_source_comes_by_itself_and_is_read_soon_after_something_happened():
    assert (runs.queue_imports(now=NOW), Source.objects.count()) == (0, 0)
    group = GroupFactory()
    host_of(group)
    event = held(group, 3)
    assert runs.queue_imports(now=timezone.now()) == 1
    read()
    Event.objects.update(changed_at=NOW - timedelta(days=1))
    assert runs.queue_imports(now=timezone.now()) == 0
    Event.objects.filter(pk=event.pk).update(changed_at=timezone.now())
    assert (runs.queue_imports(now=timezone.now()), runs.queue_imports(now=timezone.now())) == (1, 0)
    source = Source.objects.get()
    assert (source.service, importers.SERVICES[source.service].series, source.is_demo) == ("portal", 4, False)


def test_name_that_is_taken_is_no_obstacle():
    ChannelFactory(source=SourceFactory(name="meetups"))
    held(GroupFactory(), 3)
    assert sources.ensure_portal_source().name == "portal"


def test_reading_takes_a_fixed_number_of_queries(django_assert_num_queries):
    group = GroupFactory()
    host_of(group)
    held(group, 3)
    with django_assert_num_queries(3):
        assert len(PortalRows().held(now=timezone.now(), before=None, most=500)) == 1
    for days in range(4, 14):
        other = GroupFactory()
        host_of(other)
        held(other, days)
    with django_assert_num_queries(3):
        assert len(PortalRows().held(now=timezone.now(), before=None, most=500)) == 11
