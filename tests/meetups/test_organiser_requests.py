"""Stepping up, and who answers."""

from datetime import timedelta

import pytest
from django.conf import settings
from pytest_django import DjangoAssertNumQueries

from meetups.models import Group, GroupMembership, Organiser, OrganiserRequest
from meetups.services import organiser_requests as requests
from portal.jobs.transitions import MoveRefused
from portal.mail.models import Message
from portal.members.models import Member, User
from tests.meetups.factories import NOW, GroupFactory, OrganiserFactory, allow, person
from tests.members.factories import UserFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TERMS = {"note": "I live around the corner.", "agree": "on"}


@pytest.fixture
def team(db: None) -> User:
    return allow(UserFactory(is_staff=True), "view_organiserrequest", "answer_organiserrequest")


@pytest.fixture
def asked(group: Group, organiser: Member, stranger: Member) -> OrganiserRequest:
    return requests.ask_to_organise(group=group, member=stranger, note="Me", now=NOW)


def addresses(kind: str) -> set[str]:
    return set(Message.objects.filter(kind=kind).values_list("address", flat=True))


@pytest.mark.parametrize(
    ("state", "organisers", "is_open"),
    [
        ("active", 2, False),
        ("active", 1, True),
        ("onboarding", 0, True),
        ("quiet", 2, True),
        ("dormant", 2, True),
        ("archived", 2, True),
        ("suspended", 0, False),
    ],
)
def test_stepping_up_is_open_where_hands_are_needed(state: str, organisers: int, is_open: bool) -> None:
    group = GroupFactory(state=state)
    for _ in range(organisers):
        OrganiserFactory(group=group)
    if is_open:
        assert requests.step_up(group=group, member=person(), note="Me", now=NOW).state == "waiting"
    else:
        with pytest.raises(MoveRefused):
            requests.step_up(group=group, member=person(), note="Me", now=NOW)


def test_asking_twice_is_one_question_told_once(group: Group, organiser: Member, stranger: Member) -> None:
    first = requests.ask_to_organise(group=group, member=stranger, note="Me", now=NOW)
    assert requests.ask_to_organise(group=group, member=stranger, note="Me", now=NOW) == first
    assert addresses("organiser_asked") == {organiser.user.email}
    assert addresses("organiser_asked_team") == set()
    assert Message.objects.count() == 1


def test_organiser_says_yes_and_it_is_done_once(asked: OrganiserRequest, organiser: Member, stranger: Member) -> None:
    requests.answer(request=asked, accepts=True, by=organiser.user, now=NOW)
    with pytest.raises(MoveRefused, match="is accepted"):
        requests.answer(request=asked, accepts=True, by=organiser.user, now=NOW)
    seat = Organiser.objects.current().get(member=stranger)
    assert (seat.group, seat.accepted_at) == (asked.group, NOW)
    assert GroupMembership.objects.get().member == stranger
    assert addresses("organiser_request_answered") == {stranger.user.email}


def test_no_makes_nobody_an_organiser_and_is_not_asked_again_at_once(asked, organiser, stranger) -> None:
    requests.answer(request=asked, accepts=False, by=organiser.user, now=NOW)
    assert not Organiser.objects.filter(member=stranger).exists()
    with pytest.raises(MoveRefused, match="a month later"):
        requests.ask_to_organise(group=asked.group, member=stranger, note="Me", now=NOW + 29 * DAY)
    assert requests.ask_to_organise(group=asked.group, member=stranger, note="Me", now=NOW + 31 * DAY) != asked


def test_strangers_the_asker_and_other_organisers_do_not_answer(asked, stranger, other_organiser, member, team) -> None:
    for user in (stranger.user, other_organiser.user, member.user, team):
        with pytest.raises(MoveRefused, match="not yours"):
            requests.answer(request=asked, accepts=True, by=user, now=NOW)


def test_after_two_weeks_it_is_the_teams_turn_too(asked, organiser, team) -> None:
    assert not requests.for_team(NOW + 13 * DAY).exists()
    later = NOW + 14 * DAY
    assert list(requests.for_team(later)) == [asked]
    requests.tell_team(request=asked)
    requests.tell_team(request=asked)
    assert Message.objects.filter(kind="organiser_asked_team").count() == bool(settings.COMMUNITY.contact_email)
    assert requests.may_answer(organiser.user, asked, now=later)
    assert requests.answer(request=asked, accepts=True, by=team, now=later).answered_by == team


@pytest.mark.parametrize("values", [{}, {"kind": "external", "external_url": "https://example.org"}])
def test_where_nobody_runs_it_the_team_answers_at_once(stranger: Member, team: User, values: dict[str, str]) -> None:
    group = GroupFactory(**values)
    if values:
        OrganiserFactory(group=group)
    request = requests.ask_to_organise(group=group, member=stranger, note="Mine", now=NOW)
    assert list(requests.for_team(NOW)) == [request]
    requests.answer(request=request, accepts=True, by=team, now=NOW)
    assert group.organisers.current().filter(member=stranger).exists()
    # Nobody joins a community elsewhere here.
    assert GroupMembership.objects.filter(member=stranger).exists() == (not values)


def test_community_elsewhere_is_never_answered_by_who_claimed_it_first(stranger: Member, team: User) -> None:
    group = GroupFactory(kind="external", external_url="https://example.org")
    first = OrganiserFactory(group=group).member
    request = requests.ask_to_organise(group=group, member=stranger, note="Mine", now=NOW)
    assert not requests.may_answer(first.user, request, now=NOW)
    assert addresses("organiser_asked") == set()


def test_nobody_asks_everybody(stranger: Member) -> None:
    made = [requests.ask_to_organise(group=GroupFactory(), member=stranger, note="Me", now=NOW) for _ in range(3)]
    with pytest.raises(MoveRefused, match="Three questions"):
        requests.ask_to_organise(group=GroupFactory(), member=stranger, note="Me", now=NOW)
    for one in made:
        requests.withdraw(request=one, by=stranger.user, now=NOW)
    for _ in range(2):
        last = requests.ask_to_organise(group=GroupFactory(), member=stranger, note="Me", now=NOW)
        requests.withdraw(request=last, by=stranger.user, now=NOW)
    with pytest.raises(MoveRefused, match="many questions for one day"):
        requests.ask_to_organise(group=GroupFactory(), member=stranger, note="Me", now=NOW)


def test_suspended_group_seats_nobody(asked: OrganiserRequest, team: User) -> None:
    Group.objects.update(state="suspended")
    with pytest.raises(MoveRefused, match="suspended"):
        requests.answer(request=asked, accepts=True, by=team, now=NOW + 20 * DAY)
    with pytest.raises(MoveRefused, match="suspended"):
        requests.ask_to_organise(group=asked.group, member=person(), note="Me", now=NOW)


def test_page_of_stepping_up(signed_in, stranger: Member) -> None:
    group = GroupFactory(state="dormant")
    url = f"/meetups/groups/{group.slug}/step-up/"
    assert signed_in(None).get(url).status_code == 302
    client = signed_in(stranger)
    assert "Six promises" in client.get(url).content.decode()
    assert not OrganiserRequest.objects.exists()
    wrong = client.post(url, {"note": "Me, gladly"}).content.decode()
    assert "tick the box" in wrong
    assert "Me, gladly" in wrong
    client.post(url, TERMS)
    request = OrganiserRequest.objects.get()
    assert (request.member, request.note) == (stranger, TERMS["note"])
    assert "Take the question back" in client.get(url).content.decode()
    client.post(f"/meetups/requests/{request.pk}/withdraw/")
    request.refresh_from_db()
    assert request.state == "withdrawn"


def test_page_of_a_group_with_two_organisers_offers_no_seat(signed_in, stranger: Member) -> None:
    group = GroupFactory()
    OrganiserFactory(group=group)
    OrganiserFactory(group=group)
    url = f"/meetups/groups/{group.slug}/step-up/"
    client = signed_in(stranger)
    assert "I would like to run it" not in client.get(url).content.decode()
    assert "has its organisers" in client.post(url, TERMS).content.decode()
    assert not OrganiserRequest.objects.exists()


@pytest.mark.parametrize("values", [{"state": "suspended"}, {"kind": "external", "external_url": "https://x.example"}])
def test_some_groups_have_no_such_page(signed_in, stranger: Member, values: dict[str, str]) -> None:
    group = GroupFactory(**values)
    assert signed_in(stranger).post(f"/meetups/groups/{group.slug}/step-up/", TERMS).status_code == 404


def test_page_of_the_answer_is_for_organisers_and_the_asker(
    signed_in, asked, organiser, stranger, other_organiser, member
) -> None:
    url = f"/meetups/requests/{asked.pk}/"
    for who in (other_organiser, member):
        assert signed_in(who).get(url).status_code == 403
        assert signed_in(who).post(url, {"answer": "accept"}).status_code == 403
    client = signed_in(stranger)
    assert "Yes, gladly" not in client.get(url).content.decode()
    client.post(url, {"answer": "accept"})
    asked.refresh_from_db()
    assert asked.state == "waiting"
    client = signed_in(organiser)
    assert "Yes, gladly" in client.get(url).content.decode()
    asked.refresh_from_db()
    assert asked.state == "waiting"
    client.post(url, {"answer": "accept", "note": "Welcome"})
    asked.refresh_from_db()
    assert (asked.state, asked.answered_by) == ("accepted", organiser.user)
    assert "is accepted" in client.get(url).content.decode()


def test_own_page_leads_to_the_question_while_it_waits(signed_in, asked, organiser, stranger) -> None:
    client = signed_in(stranger)
    assert f"/meetups/requests/{asked.pk}/" in client.get("/me/").content.decode()
    assert "Take the question back" in client.get(f"/meetups/requests/{asked.pk}/").content.decode()
    assert f"/meetups/requests/{asked.pk}/" not in signed_in(organiser).get("/me/").content.decode()
    client = signed_in(stranger)
    client.post(f"/meetups/requests/{asked.pk}/withdraw/")
    assert f"/meetups/requests/{asked.pk}/" not in client.get("/me/").content.decode()


def test_nobody_takes_back_what_others_asked(signed_in, asked, member) -> None:
    assert signed_in(member).post(f"/meetups/requests/{asked.pk}/withdraw/").status_code == 404
    asked.refresh_from_db()
    assert asked.state == "waiting"


@pytest.mark.parametrize("number", [1, 5])
def test_organisers_page_takes_the_same_queries_whoever_waits(
    signed_in, group: Group, organiser: Member, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(organiser)
    for n in range(number):
        OrganiserFactory(group=group)
        OrganiserFactory(
            group=group, member=None, invited_name=f"P{n}", invited_email=f"p{n}@x.example", accepted_at=None
        )
        OrganiserRequest.objects.create(group=group, member=person())
    client.get("/meetups/")
    with django_assert_num_queries(8):
        html = client.get(f"/meetups/groups/{group.slug}/organisers/").content.decode()
    assert html.count("Read and answer") == number
