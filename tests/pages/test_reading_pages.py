"""The start page, what is known of people, and robots.txt."""

import dataclasses
from typing import Any

import pytest
from django.conf import settings as project_settings
from django.test import Client

from dashboard.models import Channel
from dashboard.services.starting_points import remember_starting_points
from dashboard.services.store import store
from tests.dashboard.factories import NOW, ChannelFactory, SourceFactory, record

pytestmark = pytest.mark.django_db


def with_links(settings: Any, **links: str) -> None:
    settings.COMMUNITY = dataclasses.replace(project_settings.COMMUNITY, links=links)


def test_start_leads_to_the_places_of_the_community(client: Client, settings: Any) -> None:
    with_links(settings, forum="https://forum.example.org", code="https://code.example.org")
    html = client.get("/start/").content.decode()
    assert 'href="https://forum.example.org"' in html
    assert 'href="https://code.example.org"' in html


def test_start_leaves_out_what_leads_nowhere(client: Client, settings: Any) -> None:
    with_links(settings)
    titles = [str(one.way.title) for _title, _text, ways in client.get("/start/").context["groups"] for one in ways]
    assert titles == ["Come to a meetup", "Give a talk", "Found a group", "Let people work on it"]


def test_about_data_names_the_sources_that_are_read(client: Client) -> None:
    SourceFactory(service="discourse", name="forum")
    html = client.get("/about-data/").content.decode()
    assert "<li>Forum</li>" in html
    assert "At the moment no place is read." not in html


def test_about_data_says_how_to_opt_out(client: Client, settings: Any) -> None:
    settings.COMMUNITY = dataclasses.replace(project_settings.COMMUNITY, contact_email="us@example.org")
    html = client.get("/about-data/").content.decode()
    assert 'href="/me/"' in html
    assert 'href="mailto:us@example.org"' in html


@pytest.mark.parametrize("path", ["/start/", "/about-data/", "/robots.txt"])
def test_reading_pages_need_no_account_and_set_no_cookie(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert response.cookies.output() == ""


def test_robots_are_kept_from_pages_of_people_and_do_not_learn_of_the_admin(client: Client) -> None:
    response = client.get("/robots.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    text = response.content.decode()
    assert "Disallow: /me/" in text
    assert "Disallow: /people/" in text
    assert project_settings.ADMIN_PATH not in text


def points(channel: Channel, count: int) -> None:
    records = [
        dataclasses.replace(
            record(f"issue:{number}", kind="issue", state="open", url=f"https://code.example.org/{number}"),
            title=f"Small thing {number}",
            starting_labels=("good first issue",),
        )
        for number in range(count)
    ]
    store(source=channel.source, channel=channel, records=records, now=NOW)
    remember_starting_points(source=channel.source, records=records)


@pytest.mark.parametrize("count", [1, 9])
def test_start_shows_a_few_issues_for_somebody_new(client: Client, count: int, django_assert_num_queries: Any) -> None:
    channel = ChannelFactory(name="example/engine")
    points(channel, count)
    with django_assert_num_queries(2):
        html = client.get("/start/").content.decode()
    assert html.count("example/engine · good first issue") == min(count, 6)
    newest = count - 1
    assert f'<a class="link" href="https://code.example.org/{newest}">Small thing {newest}</a>' in html


@pytest.mark.parametrize("field", ["gone_at", "is_archived"])
def test_start_shows_no_issue_of_a_repository_that_rests(client: Client, field: str) -> None:
    channel = ChannelFactory()
    points(channel, 1)
    Channel.objects.update(**{field: NOW if field == "gone_at" else True})
    assert client.get("/start/").context["points"] == []
