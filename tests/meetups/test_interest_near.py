"""A new group is told to people who wait in the next towns; one's own wishes stand on one's own page."""

import pytest
from django.core import mail as outbox
from django.utils import timezone

from meetups.models import Group, Interest
from meetups.services.interest import tell_neighbours
from portal.mail import services as mail
from portal.mail.models import Message
from portal.members.models import Member
from portal.places.models import Place
from tests.meetups.factories import GroupFactory, InterestFactory, OrganiserFactory, person
from tests.places.factories import PlaceFactory

pytestmark = pytest.mark.django_db


def east(km: float) -> Place:
    """A town that many kilometres east of 0, 0 on the equator."""
    return PlaceFactory(latitude=0, longitude=km / 111.195)


def waits(km: float, **values: object) -> Member:
    return InterestFactory(place=east(km), **values).member


@pytest.fixture
def group() -> Group:
    return GroupFactory(name="R&D <Circle>", place=east(0))


def told() -> set[str]:
    return {message.address for message in Message.objects.filter(kind="group_near")}


def test_people_of_the_next_towns_are_told_once(group: Group) -> None:
    near, far = waits(49), waits(51)
    assert (tell_neighbours(group), tell_neighbours(group)) == (1, 0)
    assert told() == {near.user.email}
    assert far.user.email not in told()
    [message] = Message.objects.filter(kind="group_near")
    town = Interest.objects.get(member=near).place
    assert mail.send(message, now=timezone.now())
    assert outbox.outbox[0].subject == f"A group has started 49 km from {town}"
    assert "R&D <Circle>" in outbox.outbox[0].body
    assert f"http://localhost:8000/meetups/places/{town.slug}/" in outbox.outbox[0].body


def test_people_with_a_nearer_living_group_are_left_alone(group: Group) -> None:
    near_other, between, asleep_near = waits(40), waits(20), waits(-30)
    GroupFactory(place=east(60))  # 20 km from the first, 40 from the second
    GroupFactory(place=east(-35), state=Group.State.DORMANT)
    GroupFactory(place=east(41), kind=Group.Kind.ONLINE)
    assert tell_neighbours(group) == 2
    assert told() == {between.user.email, asleep_near.user.email}
    assert near_other.user.email not in told()


def test_who_is_told_otherwise_or_cannot_be_told_is_left_out(group: Group) -> None:
    here = InterestFactory(place=group.place).member
    InterestFactory(place=east(10), member=here)
    InterestFactory(place=east(10), member=OrganiserFactory(group=group).member)
    waits(10, withdrawn_at=timezone.now())
    waits(10, member=person(is_active=False))
    assert tell_neighbours(group) == 0
    assert not Message.objects.filter(kind="group_near").exists()


def test_several_towns_are_one_letter_about_the_nearest(group: Group) -> None:
    member = waits(30)
    InterestFactory(place=east(12), member=member)
    assert tell_neighbours(group) == 1
    assert Message.objects.get(kind="group_near").context["km"] == 12


def test_online_group_has_no_neighbours() -> None:
    waits(0)
    assert tell_neighbours(GroupFactory(kind=Group.Kind.ONLINE, place=None)) == 0


def test_own_wishes_stand_on_the_own_page_and_are_taken_back_there(signed_in, stranger: Member) -> None:
    mine = InterestFactory(kind="speak")
    InterestFactory(kind="host", member=mine.member, place=mine.place)
    other = InterestFactory(member=stranger)
    client = signed_in(mine.member)
    html = client.get("/me/").content.decode()
    assert f'href="/meetups/places/{mine.place.slug}/"' in html
    assert "you would speak, host" in html
    assert other.place.slug not in html
    response = client.post(f"/meetups/places/{mine.place.slug}/withdraw/", {"next": "me"})
    assert response["Location"] == "/me/"
    assert [row.member for row in Interest.objects.filter(withdrawn_at=None)] == [stranger]


def test_place_page_notes_the_wish_to_hear_in_one_click(signed_in, stranger: Member, client) -> None:
    place = PlaceFactory()
    address = f"/meetups/places/{place.slug}/"
    assert "Tell me when something starts here" in client.get(address).content.decode()
    client = signed_in(stranger)
    assert 'type="hidden" name="kinds" value="join"' in client.get(address).content.decode()
    client.post(f"{address}interest/", {"kinds": "join"})
    assert [(row.member, row.kind) for row in Interest.objects.all()] == [(stranger, "join")]
    assert "Tell me when something starts here" not in client.get(address).content.decode()
