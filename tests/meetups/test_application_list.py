"""The public list of open applications: what everybody may know, and nothing else."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from meetups import tracker
from meetups.models import Application, ApplicationOrganiser, CriterionVerdict
from meetups.services import invitations
from meetups.state_words import WORDS
from portal.members.models import Member, User
from tests.meetups.factories import application_in, person, seat_of
from tests.places.factories import PlaceFactory

pytestmark = pytest.mark.django_db
LIST = "/meetups/applications/"


def page(client: Client, query: str = "") -> str:
    response = client.get(LIST + query)
    assert response.status_code == 200
    return response.content.decode()


def test_list_shows_open_applications_only(client: Client) -> None:
    for state in Application.State.values:
        application_in(state, group_name=f"Circle {state}")
    html = page(client)
    shown = {state for state in Application.State.values if f"Circle {state}" in html}
    assert shown == {"submitted", "in_review", "changes_requested", "on_hold"}
    assert "4 open applications" in html
    assert {str(WORDS[state].public) for state in shown} == {
        "Waits to be read", "Being read", "With its organisers", "Put aside for a while",
    }  # fmt: skip
    assert all(str(WORDS[state].public) in html for state in shown)


def test_row_says_place_age_criteria_and_answer_day_and_keeps_the_rest(client: Client) -> None:
    application = application_in(
        "submitted",
        group_name="R&D <Circle>",
        place=PlaceFactory(name="Brno"),
        answer_by_on=timezone.localdate().replace(year=2031, month=3, day=1),
        submitted_at=timezone.now() - timedelta(days=3),
        interest_note="SECRET NOTE",
        venue_contact_name="SECRET HOST",
        venue_contact_email="secret@host.example",
        community_note="SECRET WORK",
    )
    application.history.create(from_state="draft", to_state="submitted", public_note="PUBLIC", private_note="PRIVATE")
    html = page(client)
    for shown in ("R&amp;D &lt;Circle&gt;", "Brno", "answer by 1 March 2031", "5 of 6 criteria", f"#{application.pk}"):
        assert shown in html
    seats = application.organisers.all()
    hidden = ["SECRET", "secret@", "PUBLIC", "PRIVATE", "Public Library", str(application.public_id)]
    for word in [*hidden, *(seat.email for seat in seats), *(seat.name for seat in seats)]:
        assert word not in html


def test_names_are_shown_by_their_own_wish_only(client: Client) -> None:
    application = application_in("submitted")
    seats = {
        "Ana Shown": {"shows_name": True},
        "Bo Silent": {"shows_name": False},
        "Cy Hidden": {"shows_name": True, "hidden": True},
        "Di Waits": {"shows_name": True, "waits": True},
    }
    for name, wish in seats.items():
        member = person(name)
        if wish.pop("hidden", False):
            Member.objects.filter(pk=member.pk).update(visibility="hidden")
        waits = wish.pop("waits", False)
        seat_of(application, None if waits else member, **{"name": name, **wish})  # type: ignore[arg-type]
    html = page(client)
    assert [name for name in seats if name in html] == ["Ana Shown"]


def test_word_of_the_team_goes_before_the_answers(client: Client, reviewer: User) -> None:
    application = application_in("in_review")
    for verdict in ("not_met", "met"):
        CriterionVerdict.objects.create(
            application=application, criterion="room", verdict=verdict, revision=1, given_by=reviewer
        )
    assert "6 of 6 criteria" in page(client)
    Application.objects.update(revision=2)
    assert "5 of 6 criteria" in page(client), "a word on earlier answers is no word on these"
    Application.objects.update(revision=1)
    CriterionVerdict.objects.create(
        application=application, criterion="launch", verdict="not_met", revision=1, reason="SECRET", given_by=reviewer
    )
    html = page(client)
    assert "5 of 6 criteria" in html
    assert "SECRET" not in html


def test_filters_live_in_the_address(client: Client) -> None:
    brno = application_in("submitted", group_name="One", place=PlaceFactory(name="Brnó", country_code="CZ"))
    application_in("submitted", group_name="Two", place=PlaceFactory(name="Porto", country_code="PT"))
    application_in("submitted", group_name="Three", kind="online", place=None)

    def found(query: str) -> list[str]:
        html = page(client, query)
        return [name for name in ("One", "Two", "Three") if f">\n        {name}\n" in html or f" {name}\n" in html]

    assert found("") == ["One", "Two", "Three"]
    assert found("?country=CZ") == ["One"]
    assert found("?kind=online") == ["Three"]
    assert found("?text=brno") == ["One"]
    assert found(f"?text=%23{brno.pk}") == ["One"]
    assert found("?country=XX&kind=nonsense&page=-1") == ["One", "Two", "Three"]
    html = page(client, "?text=nowhere")
    assert "No open application like that" in html
    assert "/meetups/apply/" in html


def test_longest_waiting_come_first_and_pages_turn(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracker, "PAGE_SIZE", 2)
    for number in range(3):
        one = application_in("submitted", group_name=f"Circle {number}.")
        one.history.create(from_state="draft", to_state="submitted", at=timezone.now() - timedelta(days=number))
    first, second = page(client), page(client, "?page=2")
    assert first.index("Circle 2.") < first.index("Circle 1.")
    assert "Circle 0." not in first
    assert "Circle 0." in second


@pytest.mark.parametrize("number", [1, 4])
def test_list_takes_the_same_queries_whatever_its_length(
    number: int, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(number):
        application_in("submitted")
    page(client)
    with django_assert_num_queries(6):
        page(client)


def test_own_name_is_shown_by_a_button_and_by_nobody_else(signed_in, stranger: Member, reviewer: User) -> None:
    application = application_in("submitted")
    address = f"/meetups/applications/{application.public_id}/my-name/"
    for other in (stranger, reviewer):
        assert signed_in(other).post(address, {"shows_name": "1"}).status_code == 404
    client = signed_in(application.applicant)
    assert client.get(address).status_code == 405
    assert not ApplicationOrganiser.objects.filter(shows_name=True).exists()
    assert "Show my name in the list" in client.get(application.get_absolute_url()).content.decode()
    client.post(address, {"shows_name": "1"})
    assert [seat.member for seat in ApplicationOrganiser.objects.filter(shows_name=True)] == [application.applicant]
    client.post(address, {"shows_name": "0"})
    assert not ApplicationOrganiser.objects.filter(shows_name=True).exists()


def test_invitation_asks_whether_the_name_is_shown_and_keeps_the_promise(signed_in) -> None:
    application = application_in("draft")
    seat = invitations.invite(application=application, name="Bo", email="b@example.org", now=timezone.now())
    bo = person("Bo")
    client = signed_in(bo)
    address = f"/meetups/invitations/{seat.token}/"
    assert "tick the box" in client.post(address, {"answer": "accept", "shows_name": "1"}).content.decode()
    seat.refresh_from_db()
    assert (seat.member, seat.agreed_at, seat.shows_name) == (None, None, False)
    client.post(address, {"answer": "accept", "agree": "1", "shows_name": "1"})
    seat.refresh_from_db()
    assert (seat.member, seat.shows_name) == (bo, True)
    assert seat.agreed_at is not None
