"""The cast of every permission test, and a form that was open long enough."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group as AuthGroup
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from portal.conduct.models import Report
from portal.conduct.spam import opened_stamp
from portal.conduct.team import TEAM_NAME
from portal.members.models import Member, User
from tests.conduct import factories


@pytest.fixture(autouse=True)
def team_group(request: pytest.FixtureRequest) -> None:
    """What migration 0003 made, again where a test with real transactions emptied the tables."""
    if request.node.get_closest_marker("django_db"):
        request.getfixturevalue("db")
        group, _ = AuthGroup.objects.get_or_create(name=TEAM_NAME)
        group.permissions.add(Permission.objects.get(content_type__app_label="conduct", codename="view_report"))


@pytest.fixture
def reader(db: None) -> Member:
    """Of the conduct team."""
    return factories.team_member("Rosa Reader")


@pytest.fixture
def report(db: None) -> Report:
    return factories.ReportFactory()


@pytest.fixture
def signed_in(client: Client) -> Callable[[Member | User | None], Client]:
    """Sign somebody in: a member, an account, or nobody (None)."""

    def sign_in(who: Member | User | None) -> Client:
        client.logout()
        user = who.user if isinstance(who, Member) else who
        if user is not None:
            client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def filled() -> Callable[..., dict[str, Any]]:
    """What a browser sends after a minute."""

    def fill(**values: Any) -> dict[str, Any]:
        stamp = opened_stamp(timezone.now() - timedelta(minutes=1))
        return {"what_happened": f"There was a {factories.SECRET}.", "opened": stamp, "website": "", **values}

    return fill
