"""Reports and those who may read them."""

import factory
from django.contrib.auth.models import Group as AuthGroup

from portal.conduct.models import Report
from portal.conduct.team import TEAM_NAME
from portal.members.models import Member, User
from tests.members.factories import MemberFactory, UserFactory

#: Stands in every report of a test, so that a leak of any of them is found.
SECRET = "xylophone-incident"


class ReportFactory(factory.django.DjangoModelFactory):
    """A report without a name."""

    class Meta:
        model = Report

    what_happened = f"There was a {SECRET}."


def person(name: str = "", **user: object) -> Member:
    """A member with an account."""
    names = {"name": name} if name else {}
    return MemberFactory(user=UserFactory(**user), **names)


def team_member(name: str = "", **user: object) -> Member:
    """Somebody of the conduct team."""
    member = person(name, **{"is_staff": True, **user})
    assert member.user is not None
    member.user.groups.add(AuthGroup.objects.get(name=TEAM_NAME))
    return member


def chief() -> User:
    """A superuser outside the team."""
    return UserFactory(is_staff=True, is_superuser=True)
