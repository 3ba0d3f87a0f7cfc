"""The reader's language and zone, the end of old sessions, and pages that need no session."""

import time
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth import get_user
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from portal.members.middleware import ReaderMiddleware
from portal.members.models import User
from tests.members.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


def seen_by(user: User, settings) -> tuple[str, str]:
    """(zone, language) that a view sees when this person reads."""
    request = HttpRequest()
    request.user = user
    request.COOKIES[settings.SESSION_COOKIE_NAME] = "x"
    seen: list[tuple[str, str]] = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append((timezone.get_current_timezone_name(), translation.get_language()))
        return HttpResponse()

    with translation.override("en-gb"):
        ReaderMiddleware(view)(request)
    return seen[0]


def test_reader_reads_in_their_own_zone(settings):
    assert seen_by(UserFactory(time_zone="Asia/Kolkata"), settings) == ("Asia/Kolkata", "en-gb")


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../../etc/passwd", "\x00", "Europe", "x" * 60])
def test_broken_zone_does_not_lock_anybody_out(zone: str, settings):
    assert seen_by(User(email="a@example.org", time_zone=zone), settings) == ("UTC", "en-gb")


@pytest.mark.parametrize(("language", "seen"), [("de", "de"), ("xx", "en-gb"), ("", "en-gb")])
def test_reader_reads_in_their_own_language_where_the_site_has_it(language: str, seen: str, settings):
    settings.LANGUAGES = [("en-gb", "English"), ("de", "Deutsch")]
    assert seen_by(UserFactory(language=language), settings)[1] == seen


def test_zone_of_one_reader_does_not_stay_for_the_next(client: Client, settings):
    seen_by(UserFactory(time_zone="Asia/Kolkata"), settings)
    assert timezone.get_current_timezone_name() == "UTC"


def sign_in(client: Client) -> User:
    user = UserFactory()
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert get_user(client) == user
    return user


def test_session_ends_two_weeks_after_its_last_use(client: Client):
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        sign_in(client)
        clock.move_to(start + timedelta(days=13))
        assert client.get(reverse("pages:me")).status_code == 200
        clock.move_to(start + timedelta(days=26))
        assert client.get(reverse("pages:me")).status_code == 200
    with time_machine.travel(start, tick=False) as clock:
        other = Client()
        sign_in(other)
        clock.move_to(start + timedelta(days=15))
        assert other.get(reverse("pages:me")).status_code == 302


def test_session_ends_after_thirty_days_however_it_is_used(client: Client):
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        sign_in(client)
        for day in (10, 20, 29):
            clock.move_to(start + timedelta(days=day))
            assert client.get(reverse("pages:me")).status_code == 200
        clock.move_to(start + timedelta(days=30, seconds=1))
        response = client.get(reverse("pages:me"), follow=True)
        assert response.redirect_chain[0] == (reverse("account_login"), 302) or reverse("account_login") in str(
            response.redirect_chain
        )
        assert "signed in for a long time" in response.content.decode()
        assert not get_user(client).is_authenticated


def test_session_is_written_once_a_day_not_at_each_page(client: Client, django_assert_num_queries):
    sign_in(client)
    client.get(reverse("pages:me"))
    written = client.session.get_expiry_date()
    client.get(reverse("pages:me"))
    assert client.session.get_expiry_date() - written < timedelta(seconds=5)
    assert "seen_at" not in client.session
    with time_machine.travel(time.time() + 25 * 3600):
        client.get(reverse("pages:me"))
        assert "seen_at" in client.session


def test_public_page_reads_no_session_and_does_not_vary_by_it(client: Client, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get(reverse("places:search"))
    assert answer.cookies == {}
    assert "Cookie" not in answer.headers.get("Vary", "")


def test_page_for_somebody_signed_in_varies_by_cookie_and_is_not_stored(client: Client):
    client.force_login(UserFactory())
    answer = client.get(reverse("pages:me"))
    assert "Cookie" in answer.headers["Vary"]
    assert answer.headers["Cache-Control"] == "no-store"
