"""What the page of a group says is needed next, to its organisers and to everybody else."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from meetups.models import ForumCategory, Group, OrganiserRequest
from portal.members.models import Member
from tests.meetups.factories import (
    EventFactory,
    GroupFactory,
    GroupMembershipFactory,
    OrganiserFactory,
    SeriesFactory,
    person,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def todos(client: Client, group: Group) -> list[str]:
    return [todo.key for todo in client.get(group.get_absolute_url()).context["page"].todos]


def test_list_of_a_group_in_order_is_empty(signed_in, group: Group, organiser: Member) -> None:
    OrganiserFactory(group=group)
    EventFactory(group=group)
    EventFactory(group=group, state="held", starts_at=timezone.now() - DAY)
    assert todos(signed_in(organiser), group) == []


def test_each_thing_is_named_and_leads_to_where_it_is_done(signed_in, group: Group, organiser: Member) -> None:
    draft = EventFactory(group=group, state="draft")
    past = EventFactory(group=group, starts_at=timezone.now() - DAY)
    asked = OrganiserRequest.objects.create(group=group, member=person("Ana"))
    Group.objects.update(next_state="quiet", announced_at=timezone.now())
    client = signed_in(organiser)
    assert todos(client, group) == ["step_ahead", "request", "held", "publish", "hands"]
    html = client.get(group.get_absolute_url()).content.decode()
    for url in (
        f"/meetups/groups/{group.slug}/events/new/",
        f"/meetups/requests/{asked.pk}/",
        f"/meetups/events/{past.pk}/held/",
        draft.get_absolute_url(),
        f"/meetups/groups/{group.slug}/organisers/",
    ):
        assert url in html


def test_without_a_draft_a_date_is_to_be_planned(signed_in, group: Group, organiser: Member) -> None:
    assert todos(signed_in(organiser), group) == ["plan", "hands"]


def test_list_is_for_the_organisers_of_this_group(
    signed_in, group, organiser, other_organiser, member, stranger
) -> None:
    for who in (None, other_organiser, member, stranger):
        client = signed_in(who)
        assert todos(client, group) == []
        html = client.get(group.get_absolute_url()).content.decode()
        assert "Next to do" not in html
        assert f"/meetups/groups/{group.slug}/organisers/" not in html


@pytest.mark.parametrize(
    ("state", "organisers", "words"),
    [
        ("active", 2, None),
        ("active", 1, "looks for a second pair of hands"),
        ("quiet", 2, "Help revive it"),
        ("dormant", 0, "Nobody runs it now"),
        ("archived", 2, "in the archive with all its past"),
    ],
)
def test_everybody_is_asked_to_step_up_where_hands_are_needed(
    client: Client, state: str, organisers: int, words: str | None
) -> None:
    group = GroupFactory(state=state)
    for _ in range(organisers):
        OrganiserFactory(group=group)
    html = client.get(group.get_absolute_url()).content.decode()
    assert (f"/meetups/groups/{group.slug}/step-up/" in html) == (words is not None)
    assert words is None or words in html


def test_page_without_a_date_says_when_the_group_met_last(client: Client, group: Group) -> None:
    at = timezone.now() - 100 * DAY
    EventFactory(group=group, state="held", starts_at=at)
    html = client.get(group.get_absolute_url()).content.decode()
    assert "Last met" in html
    assert f"{at:%Y-%m-%d}" in html


def test_page_answers_in_the_order_a_visitor_asks(client: Client, group: Group) -> None:
    OrganiserFactory(group=group)
    EventFactory(group=group, title="Next one")
    EventFactory(group=group, title="Held one", state="held", starts_at=timezone.now() - 9 * DAY)
    ForumCategory.objects.create(group=group, name="Circle", url="https://forum.example.org/c/circle/9")
    html = client.get(group.get_absolute_url()).content.decode()
    asked = ("Next one", "Who runs it", "Sign in to join", "https://forum.example.org/c/circle/9", "Held one")
    assert [html.index(words) for words in asked] == sorted(html.index(words) for words in asked)
    assert "Code of Conduct" in html


@pytest.mark.parametrize("number", [1, 9])
def test_organisers_page_takes_the_same_queries_whatever_waits(
    signed_in, group: Group, organiser: Member, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(organiser)
    for _ in range(number):
        OrganiserFactory(group=group)
        EventFactory(group=group)
        EventFactory(group=group, state="draft")
        EventFactory(group=group, starts_at=timezone.now() - 9 * DAY)
        GroupMembershipFactory(group=group)
        OrganiserRequest.objects.create(group=group, member=person())
    SeriesFactory(group=group)
    client.get("/meetups/")
    with django_assert_num_queries(18):
        html = client.get(group.get_absolute_url()).content.decode()
    assert html.count("Read and answer") == number
