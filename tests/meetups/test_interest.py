"""Saying interest, taking it back, drafts that begin at a place, and who hears of a new group."""

import threading
from collections.abc import Callable

import pytest
from django.core import mail as outbox
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from meetups.models import Application, ApplicationOrganiser, Interest
from meetups.services import drafts, readiness
from meetups.services.applications import Words, move
from meetups.services.interest import apply_for_place, interest_note, say_interest, withdraw_interest
from portal.jobs.transitions import MoveRefused
from portal.mail import services as mail
from portal.mail.models import Message
from portal.members.models import Member, User
from portal.members.services import merge_members
from portal.places.models import Place
from tests.meetups.factories import InterestFactory, application_in, approvable, person
from tests.members.factories import MemberFactory
from tests.places.factories import PlaceFactory, town


def say(member: Member, place: Place, *kinds: str, wants_introduction: bool = False) -> list[str]:
    rows = say_interest(
        member=member, place=place, kinds=kinds, wants_introduction=wants_introduction, now=timezone.now()
    )
    return sorted(row.kind for row in rows)


def standing(member: Member) -> set[str]:
    return set(Interest.objects.filter(member=member).standing().values_list("kind", flat=True))


@pytest.mark.django_db
def test_saying_it_twice_is_saying_it_once(stranger: Member) -> None:
    place = PlaceFactory()
    assert say(stranger, place, "join", "host") == ["host", "join"]
    before = list(Interest.objects.order_by("pk").values())
    assert say(stranger, place, "host", "join") == ["host", "join"]
    assert list(Interest.objects.order_by("pk").values()) == before


@pytest.mark.django_db
def test_saying_something_else_withdraws_the_rest_and_keeps_the_first_day(stranger: Member) -> None:
    place, other = PlaceFactory(), PlaceFactory()
    say(stranger, other, "join", wants_introduction=True)
    say(stranger, place, "join", "host", wants_introduction=True)
    first = Interest.objects.get(place=place, kind="host")
    assert say(stranger, place, "speak") == ["speak"]
    gone = Interest.objects.get(pk=first.pk)
    assert gone.withdrawn_at is not None
    assert gone.wants_introduction is False
    assert say(stranger, place, "host", wants_introduction=True) == ["host"]
    again = Interest.objects.get(pk=first.pk)
    assert (again.withdrawn_at, again.wants_introduction, again.created_at) == (None, True, first.created_at)
    assert standing(stranger) == {"host", "join"}
    assert Interest.objects.get(place=other).wants_introduction is True


@pytest.mark.django_db
def test_withdrawing_takes_back_this_place_only_and_is_done_once(stranger: Member) -> None:
    place, other = PlaceFactory(), PlaceFactory()
    say(stranger, place, "join", "speak", wants_introduction=True)
    say(stranger, other, "sponsor")
    somebody = InterestFactory(place=place)
    assert withdraw_interest(member=stranger, place=place, now=timezone.now()) is True
    assert withdraw_interest(member=stranger, place=place, now=timezone.now()) is False
    assert standing(stranger) == {"sponsor"}
    assert standing(somebody.member) == {"join"}
    assert not Interest.objects.filter(member=stranger, wants_introduction=True).exists()


@pytest.mark.django_db
def test_database_keeps_one_row_for_each_kind_and_knows_the_kinds() -> None:
    one = InterestFactory()
    with pytest.raises(IntegrityError, match="interest_once"), transaction.atomic():
        InterestFactory(member=one.member, place=one.place)
    with pytest.raises(IntegrityError, match="interest_kind"), transaction.atomic():
        InterestFactory(kind="dance")


def at_once(*works: Callable[[], object]) -> None:
    """Do all of it at the same time, each on a connection of its own."""
    gate = threading.Barrier(len(works))

    def run(work: Callable[[], object]) -> None:
        gate.wait()
        try:
            work()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.django_db(transaction=True)
def test_requests_at_once_leave_what_one_of_them_said() -> None:
    member, place = person(), PlaceFactory()
    first, second = ("join", "host", "speak"), ("organise", "sponsor")
    at_once(*[lambda kinds=kinds: say(member, place, *kinds) for kinds in (first, second) * 4])
    assert standing(member) in ({*first}, {*second})
    assert Interest.objects.count() == 5


@pytest.mark.django_db(transaction=True)
def test_clicks_at_once_begin_one_draft() -> None:
    member, place = person(), PlaceFactory()
    at_once(*[lambda: apply_for_place(member=member, user=member.user, place=place, now=timezone.now())] * 4)
    assert Application.objects.count() == 1


@pytest.mark.django_db
def test_tally_counts_people_and_leaves_out_who_is_not_here() -> None:
    place = PlaceFactory()
    both = InterestFactory(place=place).member
    InterestFactory(place=place, member=both, kind="organise")
    InterestFactory(place=place, kind="organise")
    InterestFactory(place=place, kind="speak", member__visibility=Member.Visibility.HIDDEN)
    InterestFactory(place=place, kind="host", withdrawn_at=timezone.now())
    InterestFactory(place=place, kind="host", member=MemberFactory(erased_at=timezone.now()))
    InterestFactory(place=place, kind="host", member=MemberFactory(bot_state=Member.BotState.BOT))
    InterestFactory(place=place, kind="host", member=MemberFactory(merged_into=both))
    InterestFactory(kind="host")
    assert Interest.objects.filter(place=place).standing().tally() == {
        "join": 1, "organise": 2, "host": 0, "speak": 1, "sponsor": 0, "people": 3, "guests": 1,
    }  # fmt: skip


@pytest.mark.django_db
def test_merged_member_counts_once() -> None:
    place = PlaceFactory()
    kept = InterestFactory(place=place).member
    gone = InterestFactory(place=place, member=MemberFactory()).member
    InterestFactory(place=place, member=gone, kind="speak")
    merge_members(kept=kept, gone=gone, reason="the same")
    tally = Interest.objects.filter(place=place).standing().tally()
    assert (tally["people"], tally["join"], tally["speak"]) == (1, 1, 1)


def test_note_says_numbers_and_no_names() -> None:
    nobody = dict.fromkeys(["join", "organise", "host", "speak", "sponsor", "people", "guests"], 0)
    assert interest_note(nobody) == ""
    assert interest_note(nobody | {"join": 1, "people": 1}) == (
        "1 person told this portal of interest in the place. 1 would join."
    )
    assert interest_note(nobody | {"join": 3, "host": 1, "people": 4}) == (
        "4 people told this portal of interest in the place. 3 would join, 1 would host."
    )


@pytest.mark.django_db
def test_draft_begins_with_what_is_known_and_without_a_promise(stranger: Member) -> None:
    place = town("Köln")
    InterestFactory(place=place, member__name="Secret Name")
    draft = apply_for_place(member=stranger, user=stranger.user, place=place, now=timezone.now())
    assert (draft.state, draft.kind, draft.place, draft.time_zone) == ("draft", "meetup", place, "Europe/Berlin")
    assert draft.group_name.endswith("Köln")
    assert draft.interest_note == "1 person told this portal of interest in the place. 1 would join."
    assert draft.agreed_at is None
    assert "agree" in {gap.field for gap in readiness.missing(draft, now=timezone.now())}
    assert ApplicationOrganiser.objects.get(application=draft).member == stranger
    drafts.agree(application=draft, member=stranger, now=timezone.now())
    draft.refresh_from_db()
    assert draft.agreed_at is not None


@pytest.mark.django_db
def test_draft_for_the_same_place_is_gone_on_with(stranger: Member) -> None:
    place, other = PlaceFactory(), PlaceFactory()
    application_in("draft", place=place)
    application_in("withdrawn", place=place, applicant=stranger)

    def begin(where: Place) -> Application:
        return apply_for_place(member=stranger, user=stranger.user, place=where, now=timezone.now())

    mine = begin(place)
    assert mine.applicant == stranger
    assert begin(place) == mine
    assert begin(other) != mine
    begin(PlaceFactory())
    with pytest.raises(MoveRefused, match="3 applications"):
        begin(PlaceFactory())


@pytest.mark.django_db
def test_new_group_is_told_to_those_who_waited_for_it(lead: User) -> None:
    place = town("Köln")
    waiting = InterestFactory(place=place).member
    InterestFactory(place=place, member=waiting, kind="speak")
    InterestFactory(place=place, withdrawn_at=timezone.now())
    InterestFactory(place=place, member=person(is_active=False))
    InterestFactory(place=PlaceFactory())
    application = approvable(place=place, group_name="R&D <Circle>", launch_on=None)
    InterestFactory(place=place, member=application.applicant)
    application = move(application=application, to="approved", actor=lead, now=timezone.now(), words=Words())
    [message] = Message.objects.filter(kind="group_started")
    assert message.address == waiting.user.email
    assert mail.send(message, now=timezone.now())
    [sent] = [each for each in outbox.outbox if each.to == [waiting.user.email]]
    assert sent.subject == "A group has started in Köln, Germany"
    assert f"http://localhost:8000{application.group.get_absolute_url()}" in sent.body  # type: ignore[union-attr]
    assert "R&D <Circle>" in sent.body
    assert f"http://localhost:8000/meetups/places/{place.slug}/" in sent.body
