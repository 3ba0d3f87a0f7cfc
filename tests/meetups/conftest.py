"""The cast of every permission test."""

import pytest
from django.test import Client

from meetups.models import Application, Group
from portal.members.models import Member, User
from tests.meetups import factories


@pytest.fixture
def group(db: None) -> Group:
    return factories.GroupFactory()


@pytest.fixture
def organiser(group: Group) -> Member:
    """Runs `group`."""
    return factories.OrganiserFactory(group=group).member


@pytest.fixture
def other_organiser(db: None) -> Member:
    """Runs another group."""
    return factories.OrganiserFactory().member


@pytest.fixture
def member(group: Group) -> Member:
    """Joined `group`."""
    return factories.GroupMembershipFactory(group=group, member=factories.person()).member


@pytest.fixture
def stranger(db: None) -> Member:
    """Has an account and nothing to do with anything."""
    return factories.person()


@pytest.fixture
def reviewer(db: None) -> User:
    return factories.reviewer()


@pytest.fixture
def lead(db: None) -> User:
    return factories.lead()


@pytest.fixture
def submitted(db: None) -> Application:
    return factories.application_in("submitted")


@pytest.fixture
def signed_in(client: Client):
    """Sign somebody in: a member, an account, or nobody (None)."""

    def sign_in(who: Member | User | None) -> Client:
        client.logout()
        user = who.user if isinstance(who, Member) else who
        if user is not None:
            client.force_login(user)
        return client

    return sign_in
