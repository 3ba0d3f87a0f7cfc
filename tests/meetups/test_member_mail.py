"""What members hear of, by their own choice, and the way out in every mail."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from meetups.models import Event, Group, GroupLetter, GroupMembership, HeldNews
from meetups.services import events, member_letters, series
from meetups.tasks.letters import write_letter
from portal.mail.models import Message
from portal.mail.services import send
from portal.members.models import Member
from tests.meetups.factories import EventFactory, GroupMembershipFactory, SeriesFactory, person
from tests.members.factories import UserFactory

pytestmark = pytest.mark.django_db
CHOICES = ("hears_of_dates", "hears_of_changes", "hears_of_life")


@pytest.fixture
def deaf(group: Group) -> Member:
    """A member who wants no mail at all."""
    return GroupMembershipFactory(group=group, member=person(), **dict.fromkeys(CHOICES, False)).member


def told(kind: str) -> set[str]:
    return set(Message.objects.filter(kind=kind).values_list("address", flat=True))


def sent(kind: str) -> mail.EmailMessage:
    [message] = Message.objects.filter(kind=kind)
    send(message, now=timezone.now())
    return mail.outbox[-1]


def answers(event: Event, **changes: object) -> dict[str, object]:
    kept = ("title", "starts_local", "minutes", "time_zone", "venue_name", "venue_address", "online_url", "about")
    return {**{name: getattr(event, name) for name in kept}, **changes}


def test_new_date_is_told_once_to_who_wants_to_hear(group: Group, organiser: Member, member: Member, deaf) -> None:
    event = EventFactory(group=group, state="draft", title="R&D <evening>")
    assert not Message.objects.exists()
    published = events.publish_event(event=event, now=timezone.now())
    member_letters.event_published(published, now=timezone.now())
    # The organisers have just published it.
    assert told("event_published") == {member.user.email}
    letter = sent("event_published")
    assert letter.subject == f"New date of {group.name}: R&D <evening>"
    assert f"{event.starts_local:%Y-%m-%d %H:%M} (UTC)" in letter.body
    assert "Library" in letter.body


@pytest.mark.parametrize("choice", CHOICES)
def test_each_choice_is_its_own(group: Group, choice: str) -> None:
    GroupMembershipFactory(group=group, member=person(), **{name: name == choice for name in CHOICES})
    event = events.publish_event(event=EventFactory(group=group, state="draft"), now=timezone.now())
    event, _moved = events.edit_event(event=event, answers=answers(event, venue_name="Office"), now=timezone.now())
    events.cancel_event(event=event, reason="Flood", now=timezone.now() + timedelta(minutes=11))
    kinds = set(Message.objects.values_list("kind", flat=True))
    expected = {"hears_of_dates": {"event_published"}, "hears_of_changes": {"event_moved", "event_cancelled"}}
    assert kinds == expected.get(choice, set())


@pytest.mark.parametrize(
    ("change", "is_told"),
    [
        ({"venue_name": "Office"}, True),
        ({"venue_address": "Rua 2"}, True),
        ({"time_zone": "Asia/Tokyo"}, True),
        ({"starts_local": None}, True),
        ({"online_url": "https://call.example.org/secret"}, True),
        ({"title": "Other"}, False),
        ({"about": "More"}, False),
        ({"minutes": 60}, False),
        ({}, False),
    ],
)
def test_new_time_or_place_of_a_public_date_is_told(
    group: Group, organiser: Member, member: Member, deaf: Member, change: dict[str, object], is_told: bool
) -> None:
    event = EventFactory(group=group)
    if "starts_local" in change:
        change = {"starts_local": event.starts_local + timedelta(days=1)}
    events.edit_event(event=event, answers=answers(event, **change), now=timezone.now())
    assert told("event_moved") == ({member.user.email, organiser.user.email} if is_told else set())
    for letter in Message.objects.filter(kind="event_moved"):
        assert send(letter, now=timezone.now() + timedelta(minutes=11))
        assert "secret" not in mail.outbox[-1].body


@pytest.mark.parametrize("state", ["draft", "published"])
def test_what_is_no_news_is_not_told(group: Group, member: Member, state: str) -> None:
    starts_at = timezone.now() + timedelta(days=3 if state == "draft" else -3)
    event = EventFactory(group=group, state=state, starts_at=starts_at)
    events.edit_event(event=event, answers=answers(event, venue_name="Office"), now=timezone.now())
    assert not Message.objects.exists()


def test_nobody_is_written_to_about_a_group_they_cannot_see(group: Group, member: Member) -> None:
    Group.objects.update(state="suspended")
    event = events.publish_event(event=EventFactory(group=group, state="draft"), now=timezone.now())
    events.cancel_event(event=event, reason="Flood", now=timezone.now())
    assert not Message.objects.exists()


def test_called_off_is_always_told_to_organisers(group: Group, organiser: Member, member: Member, deaf) -> None:
    GroupMembershipFactory(group=group, member=organiser, hears_of_changes=False)
    events.cancel_event(event=EventFactory(group=group), reason="Flood", now=timezone.now())
    assert told("event_cancelled") == {organiser.user.email, member.user.email}


def test_dates_of_a_slot_come_in_one_letter(group: Group, member: Member) -> None:
    slot = SeriesFactory(group=group, publishes=True)
    now = timezone.now()
    assert series.expand_series(series=slot, now=now) == 6
    assert series.expand_series(series=slot, now=now) == 0
    letter = sent("dates_published")
    for event in slot.events.all():
        assert f"{event.starts_local:%Y-%m-%d} 18:00 (Europe/Lisbon)" in letter.body


def way_out(group: Group, member: Member, choice: str = "hears_of_dates") -> str:
    token = member_letters.choice_token(group_id=group.pk, member_id=member.pk, choice=choice)
    return f"/meetups/mail/{token}/"


def choices(member: Member) -> tuple[bool, ...]:
    return GroupMembership.objects.values_list(*CHOICES).get(member=member)


def test_mail_to_members_carries_the_way_out_and_to_organisers_does_not(group, organiser, member) -> None:
    events.cancel_event(event=EventFactory(group=group), reason="Flood", now=timezone.now())
    for message in Message.objects.all():
        send(message, now=timezone.now())
    letters = {letter.to[0]: letter for letter in mail.outbox}
    link = f"http://localhost:8000{way_out(group, member, 'hears_of_changes')}"
    headers = letters[member.user.email].extra_headers
    assert headers["List-Unsubscribe"] == f"<{link}>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link in letters[member.user.email].body
    assert "List-Unsubscribe" not in letters[organiser.user.email].extra_headers
    assert "/meetups/mail/" not in letters[organiser.user.email].body


def test_looking_at_the_way_out_changes_nothing(client: Client, group: Group, member: Member) -> None:
    for method in (client.get, client.head):
        assert method(way_out(group, member)).status_code == 200
    assert choices(member) == (True, True, True)
    html = client.get(way_out(group, member)).content.decode()
    assert "Stop these mails" in html
    assert group.name in html
    assert member.name not in html


def test_mail_program_stops_one_kind_by_one_post_without_session_or_csrf(group: Group, member: Member) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post(way_out(group, member), {"List-Unsubscribe": "One-Click"})
    assert (response.status_code, choices(member)) == (200, (False, True, True))
    assert "You are still a member" in response.content.decode()
    assert client.post(way_out(group, member)).status_code == 200
    assert choices(member) == (False, True, True)


def test_way_out_of_others_is_not_guessed(client: Client, group: Group, member: Member) -> None:
    good = way_out(group, member)
    for bad in (good[:-3] + "aa/", good.replace("mail/", "mail/x"), "/meetups/mail/%00/", "/meetups/mail/x:y:z/"):
        assert client.post(bad).status_code in {400, 404}
    assert choices(member) == (True, True, True)


def test_way_out_after_leaving_is_no_error(client: Client, group: Group, member: Member) -> None:
    link = way_out(group, member)
    GroupMembership.objects.all().delete()
    assert client.post(link).status_code == 200


def test_members_choose_on_the_page_of_the_group_and_on_their_own(signed_in, group, member, stranger) -> None:
    url = f"/meetups/groups/{group.slug}/mail/"
    assert signed_in(stranger).post(url, {}).status_code == 404
    client = signed_in(member)
    assert client.get(url).status_code == 405
    assert url in client.get(group.get_absolute_url()).content.decode()
    assert url in client.get("/me/").content.decode()
    response = client.post(url, {"hears_of_life": "on", "next": "/me/#groups"})
    assert (response["Location"], choices(member)) == ("/me/#groups", (False, False, True))
    for elsewhere in (
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "no-such-view",
        "pages:me",
        "\r\n",
    ):
        response = client.post(url, {"hears_of_dates": "on", "next": elsewhere})
        assert (response["Location"], choices(member)) == (group.get_absolute_url(), (True, False, False))


def test_date_changed_in_the_admin_is_told_too(signed_in, group: Group, member: Member) -> None:
    event = EventFactory(group=group)
    client = signed_in(UserFactory(is_staff=True, is_superuser=True))
    form = {
        "group": group.pk, "kind": "meetup", "format": "social", "title": event.title, "minutes": 120,
        "starts_local_0": event.starts_local.strftime("%Y-%m-%d"), "starts_local_1": "20:15:00",
        "time_zone": "UTC", "venue_name": "Office",
    }  # fmt: skip
    response = client.post(reverse("admin:meetups_event_change", args=[event.pk]), form)
    assert response.status_code == 302
    assert told("event_moved") == {member.user.email}


def test_corrections_within_minutes_are_one_letter_and_a_move_back_is_none(group: Group, organiser, member) -> None:
    now, event = timezone.now(), EventFactory(group=group, venue_name="Library")
    for number, room in enumerate(("Ofice", "Office"), start=1):
        moved = answers(event, venue_name=room)
        event, _ = events.edit_event(event=event, answers=moved, now=now + timedelta(minutes=number))
    [letter] = Message.objects.filter(kind="event_moved", address=member.user.email)
    assert (letter.context["before"]["where"], letter.context["where"]) == ("Library", "Office")
    assert letter.next_try_at == now + timedelta(minutes=12)
    event, _ = events.edit_event(event=event, answers=answers(event, venue_name="Library"), now=now)
    assert told("event_moved") == {organiser.user.email}


def test_letter_about_a_move_that_is_out_is_followed_by_another(group: Group, member: Member) -> None:
    now, event = timezone.now(), EventFactory(group=group, venue_name="Library")
    event, _ = events.edit_event(event=event, answers=answers(event, venue_name="Office"), now=now)
    assert send(Message.objects.get(), now=now + timedelta(minutes=11))
    later = now + timedelta(minutes=12)
    event, _ = events.edit_event(event=event, answers=answers(event, venue_name="Hall"), now=later)
    assert Message.objects.filter(kind="event_moved").count() == 2
    events.cancel_event(event=event, reason="Flood", now=later)
    # Nobody hears of the hall any more.
    assert list(Message.objects.order_by("pk").values_list("kind", "state")) == [
        ("event_moved", "done"), ("event_cancelled", "waiting"),
    ]  # fmt: skip


def test_group_that_publishes_much_in_a_day_tells_the_rest_in_one_letter(group: Group, member: Member) -> None:
    now = timezone.now()
    dates = [EventFactory(group=group, state="draft", title=f"Date {n}") for n in range(6)]
    for event in dates:
        events.publish_event(event=event, now=now)
    letters = Message.objects.filter(kind="event_published")
    assert letters.count() == member_letters.MOST_LETTERS_A_DAY == 3
    assert HeldNews.objects.count() == 3
    events.cancel_event(event=dates[5], reason="Flood", now=now)
    assert member_letters.groups_with_held_news(now) == []
    tonight = now + timedelta(hours=12)
    assert member_letters.groups_with_held_news(tonight) == [group.pk]
    assert member_letters.tell_held_news(group=group, now=tonight) == 2
    [letter] = Message.objects.filter(kind="dates_published")
    assert [line.rpartition(": ")[2] for line in letter.context["dates"]] == ["Date 3", "Date 4"]
    assert member_letters.groups_with_held_news(tonight) == []
    again = events.publish_event(event=EventFactory(group=group, state="draft"), now=now + timedelta(days=2))
    assert letters.filter(about=f"event:{again.uid}").exists()


@pytest.mark.parametrize("number", [1, 40])
def test_publishing_takes_the_same_statements_however_many_members(
    group: Group, number: int, django_assert_num_queries
) -> None:
    for _ in range(number):
        GroupMembershipFactory(group=group, member=person())
    event = EventFactory(group=group, state="draft")
    with django_assert_num_queries(21):
        events.publish_event(event=event, now=timezone.now())
    assert len(told("event_published")) == number


def test_letter_to_a_big_group_is_written_by_a_worker(group: Group, organiser: Member, monkeypatch) -> None:
    monkeypatch.setattr(member_letters, "AT_ONCE", 2)
    people = [GroupMembershipFactory(group=group, member=person()).member for _ in range(3)]
    now = timezone.now()
    event = events.publish_event(event=EventFactory(group=group, state="draft", venue_name="Library"), now=now)
    letter = GroupLetter.objects.get()
    assert told("event_published") == set()
    GroupMembership.objects.filter(member=people[0]).update(hears_of_dates=False)
    write_letter(letter.pk)
    write_letter(letter.pk)
    assert told("event_published") == {one.user.email for one in people[1:]}
    assert Message.objects.filter(kind="event_published").count() == 2
    letter.refresh_from_db()
    assert (letter.state, letter.context) == ("done", {})
    # A correction takes the waiting letter's place, and a move back takes it away.
    for room, waits in (("Ofice", 1), ("Office", 1), ("Library", 0)):
        event, _ = events.edit_event(event=event, answers=answers(event, venue_name=room), now=now)
        moved = GroupLetter.objects.filter(kind="event_moved")
        assert moved.count() == waits
        assert [one.context["before"]["where"] for one in moved] == ["Library"] * waits
    events.edit_event(event=event, answers=answers(event, venue_name="Hall"), now=now)
    late = GroupLetter.objects.get(kind="event_moved")
    assert not member_letters.write_letter(letter=late, now=now + timedelta(minutes=9))
    Group.objects.filter(pk=group.pk).update(state="suspended")
    assert member_letters.write_letter(letter=GroupLetter.objects.get(pk=late.pk), now=now + timedelta(minutes=11))
    assert told("event_moved") == {organiser.user.email}
