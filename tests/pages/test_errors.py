"""Error pages: styled, honest about the status, and drawn without the database."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import InterfaceError, OperationalError, connection
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path, reverse

from portal.pages import errors
from portal.pages.middleware import ReadableAddressMiddleware
from portal.urls import handler400, handler403, handler404, handler500  # noqa: F401  the handlers of the addresses below
from portal.urls import urlpatterns as real_patterns


def suspect(request: HttpRequest) -> HttpResponse:
    raise SuspiciousOperation("secret-of-the-server")


def refuse(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


def lose(request: HttpRequest) -> HttpResponse:
    raise Http404


def break_down(request: HttpRequest) -> HttpResponse:
    raise ValueError("secret-of-the-server")


def lose_database(request: HttpRequest) -> HttpResponse:
    raise OperationalError("connection refused on secret-host")


def lose_connection(request: HttpRequest) -> HttpResponse:
    raise InterfaceError("connection already closed")


for view in (suspect, refuse, lose, break_down, lose_database, lose_connection):
    view.login_required = False  # type: ignore[attr-defined]
urlpatterns = [
    *real_patterns,
    path("test/400/", suspect),
    path("test/403/", refuse),
    path("test/404/", lose),
    path("test/500/", break_down),
    path("test/503/", lose_database),
    path("test/503-closed/", lose_connection),
]


@pytest.fixture
def stranger(settings: Any) -> Iterator[Client]:
    settings.ROOT_URLCONF = __name__
    logging.disable(logging.ERROR)
    yield Client(raise_request_exception=False)
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize(
    ("address", "status", "heading"),
    [
        ("/test/403/", 403, "403"),
        ("/test/404/", 404, "404"),
        ("/no-such-page/", 404, "404"),
        ("/test/500/", 500, "500"),
        ("/test/503/", 503, "503"),
        ("/test/503-closed/", 503, "503"),
    ],
)
def test_error_page_needs_no_database(stranger: Client, address: str, status: int, heading: str) -> None:
    """No database mark: a query would fail the test, or turn it into another status."""
    response = stranger.get(address)
    html = response.content.decode()
    assert response.status_code == status
    assert heading in html
    assert "<h1>" in html
    assert 'href="/"' in html
    assert "secret" not in html


@pytest.mark.parametrize(
    "address",
    [
        "/meetups/invitations/%00/",
        "/meetups/invitations/a%00b/",
        "/no-such-page/%00",
        "/admin/autocomplete/?term=%00&app_label=meetups&model_name=group&field_name=place",
        "/admin/meetups/event/?state__exact=%00",
        "/meetups/?text=well&text=%00",
        "/?%00=1",
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_unreadable_address_is_refused_before_anything_looks(stranger: Client, address: str, method: str) -> None:
    """No database mark: nobody may ask it."""
    response = getattr(stranger, method)(address)
    html = response.content.decode()
    assert response.status_code == 400
    assert "Error 400" in html
    assert "<h1>" in html
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert response["Permissions-Policy"]


def test_unreadable_cookie_is_refused_before_anything_looks(stranger: Client) -> None:
    """As browsers send a quoted value; Django would look for a session of that name."""
    for value, status in ((r'"\000abcdefgh"', 400), ("well", 200)):
        response = stranger.get(reverse("ui:mark"), headers={"cookie": f"{settings.SESSION_COOKIE_NAME}={value}"})
        assert response.status_code == status


def test_half_a_surrogate_pair_is_refused() -> None:
    """Servers replace it, but nothing says that each does."""
    middleware = ReadableAddressMiddleware(lambda request: HttpResponse("read"))
    request = RequestFactory().get("/")
    assert middleware(request).status_code == 200
    request.path_info = "/\ud800/"
    assert middleware(request).status_code == 400


def test_request_that_django_refuses_has_the_page_too(stranger: Client) -> None:
    response = stranger.get("/test/400/")
    assert (response.status_code, "Error 400" in response.content.decode()) == (400, True)


def test_unavailable_asks_to_come_back(stranger: Client) -> None:
    assert stranger.get("/test/503/")["Retry-After"] == "10"
    assert "Retry-After" not in stranger.get("/test/500/")


def test_csrf_failure_is_the_403_page() -> None:
    response = errors.csrf_failure(RequestFactory().get("/"), reason="no cookie")
    assert response.status_code == 403
    assert "no cookie" not in response.content.decode()


@pytest.mark.django_db(transaction=True)
def test_home_is_unavailable_while_postgresql_is_away(stranger: Client, monkeypatch: Any) -> None:
    connection.close()
    with monkeypatch.context() as patch:
        patch.setitem(connection.settings_dict, "PORT", "1")
        response = stranger.get("/")
    assert response.status_code == 503
    assert response["Retry-After"] == "10"
    assert "<h1>" in response.content.decode()
    assert stranger.get("/").status_code == 200


@pytest.fixture
def _no_cache(settings: Any) -> None:
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}


@pytest.mark.django_db
@pytest.mark.usefixtures("_no_cache")
@pytest.mark.parametrize("name", ["pages:home", "meetups:group_list", "dashboard:overview", "partners:partner_list"])
def test_reading_goes_on_while_the_cache_is_away(stranger: Client, name: str) -> None:
    assert stranger.get(reverse(name)).status_code == 200


@pytest.mark.django_db
@pytest.mark.usefixtures("_no_cache")
def test_sign_in_is_closed_while_the_cache_cannot_count_attempts(stranger: Client) -> None:
    response = stranger.post(reverse("account_login"), {"login": "a@b.example", "password": "wrong"})
    assert (response.status_code, response["Retry-After"]) == (503, "10")
