"""A group's page, joining and leaving."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from meetups.models import Group, GroupMembership
from portal.members.models import Member
from tests.meetups.factories import (
    EventFactory,
    GroupFactory,
    GroupMembershipFactory,
    NeedFactory,
    OrganiserFactory,
    SeriesFactory,
    person,
)

pytestmark = pytest.mark.django_db


def test_page_answers_when_where_who_and_what_was(client: Client) -> None:
    now = timezone.now()
    group = GroupFactory(languages=["pt", "en"], forum_url="https://forum.mautic.org/t/x/9")
    OrganiserFactory(group=group, member=person("Ana Silva"))
    OrganiserFactory(group=group, member=person("Gone Person"), ended_at=now)
    OrganiserFactory(group=group, member=None, invited_name="Asked Person", accepted_at=None)
    GroupMembershipFactory(group=group, member__name="Quiet Member")
    SeriesFactory(group=group)
    coming = EventFactory(group=group, title="Next one", venue_name="Library")
    EventFactory(group=group, title="Held one", state="held", attended=7, starts_at=now - timedelta(days=9))
    EventFactory(group=group, title="Called off", state="cancelled", starts_at=now - timedelta(days=5))
    EventFactory(group=group, title="Secret draft", state="draft")
    html = client.get(group.get_absolute_url()).content.decode()
    page = client.get(group.get_absolute_url()).context["page"]
    assert page.next_event == coming
    assert [event.title for event in page.past] == ["Held one"]
    assert [str(organiser) for organiser in page.organisers] == ["Ana Silva"]
    for shown in (
        "Library",
        "Ana Silva",
        "7 came",
        "First Friday of the month, 18:00",
        "https://forum.mautic.org/t/x/9",
    ):
        assert shown in html
    assert "We speak Portuguese, English." in html
    assert "1 member." in html
    for hidden in ("Quiet Member", "Gone Person", "Asked Person", "Secret draft", "Called off"):
        assert hidden not in html


def test_handle_is_shown_where_the_organiser_wants_no_name(client: Client, group: Group) -> None:
    shy = person("Real Name")
    Member.objects.filter(pk=shy.pk).update(visibility="handle", handle="handy")
    OrganiserFactory(group=group, member=shy)
    html = client.get(group.get_absolute_url()).content.decode()
    assert "handy" in html
    assert "Real Name" not in html


def test_cancelled_next_date_stays_visible_but_is_not_next(client: Client, group: Group) -> None:
    off = EventFactory(
        group=group, state="cancelled", cancel_reason="Flood", starts_at=timezone.now() + timedelta(days=1)
    )
    on = EventFactory(group=group, starts_at=timezone.now() + timedelta(days=9))
    response = client.get(group.get_absolute_url())
    assert (response.context["page"].next_event, response.context["page"].later) == (on, [off])
    assert "Flood" in response.content.decode()


def test_group_elsewhere_points_there_and_takes_no_members(client: Client) -> None:
    group = GroupFactory(kind="external", external_url="https://t.me/circle")
    html = client.get(group.get_absolute_url()).content.decode()
    assert 'href="https://t.me/circle"' in html
    assert "/join/" not in html


def test_anonymous_is_sent_to_sign_in_and_comes_back(client: Client, group: Group) -> None:
    assert f"/accounts/login/?next={group.get_absolute_url()}" in client.get(group.get_absolute_url()).content.decode()
    response = client.post(f"/meetups/groups/{group.slug}/join/")
    assert (response.status_code, response["Location"].split("?")[0]) == (302, "/accounts/login/")
    assert not GroupMembership.objects.exists()


def test_stranger_joins_by_post_and_leaves_again(client: Client, group: Group, stranger: Member) -> None:
    client.force_login(stranger.user)
    for path in ("join", "leave"):
        assert client.get(f"/meetups/groups/{group.slug}/{path}/")["Location"] == group.get_absolute_url()
    assert not GroupMembership.objects.exists()
    html = client.post(f"/meetups/groups/{group.slug}/join/", follow=True).content.decode()
    assert GroupMembership.objects.get().member == stranger
    assert "Leave this group" in html
    client.post(f"/meetups/groups/{group.slug}/leave/")
    assert not GroupMembership.objects.exists()


def test_drafts_are_for_the_organisers_of_this_group(
    signed_in, group, organiser, other_organiser, member, stranger
) -> None:
    EventFactory(group=group, title="Secret draft", state="draft")
    for who in (None, stranger, member, other_organiser):
        assert "Secret draft" not in signed_in(who).get(group.get_absolute_url()).content.decode()
    assert "Secret draft" in signed_in(organiser).get(group.get_absolute_url()).content.decode()


@pytest.mark.parametrize("number", [1, 12])
def test_group_page_takes_the_same_queries_whatever_happened(
    client: Client, group: Group, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.get("/meetups/")
    for _ in range(number):
        OrganiserFactory(group=group)
        EventFactory(group=group)
        EventFactory(group=group, state="held", starts_at=timezone.now() - timedelta(days=9))
        GroupMembershipFactory(group=group)
        NeedFactory(group=group, event=EventFactory(group=group, state="draft"))
    SeriesFactory(group=group)
    with django_assert_num_queries(9):
        html = client.get(group.get_absolute_url()).content.decode()
    assert len(re.findall("event-row__title", html)) == min(number - 1, 6)
