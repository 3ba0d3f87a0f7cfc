"""Accounts, members, identities, organisations and affiliations for tests."""

from datetime import date
from typing import Any

import factory
from allauth.account.models import EmailAddress
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.text import slugify

from portal.members.models import Affiliation, Identity, Member, Organisation, User

#: What `UserFactory` sets unless told otherwise.
PASSWORD = "correct horse battery staple"


class UserFactory(factory.django.DjangoModelFactory):
    """An account with a verified address; `email_verified=False` leaves it unverified, `None` makes no address row."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email_verified = True
    email = factory.Sequence(lambda n: f"person{n}@example.org")

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        password = kwargs.pop("password", PASSWORD)
        is_verified = kwargs.pop("email_verified", True)
        user = User.objects.create_user(password=password, **kwargs)
        if is_verified is not None:
            EmailAddress.objects.create(user=user, email=user.email, verified=is_verified, primary=True)
        return user


class MemberFactory(factory.django.DjangoModelFactory):
    """A person without an account, shown by name; `MemberFactory(user=UserFactory())` has one."""

    class Meta:
        model = Member

    name = factory.Sequence(lambda n: f"Person {n}")
    handle = factory.Sequence(lambda n: f"person{n}")
    public_id = factory.Sequence(lambda n: f"person-{n}")
    visibility = Member.Visibility.PUBLIC


class IdentityFactory(factory.django.DjangoModelFactory):
    """An account on GitHub, with a member of its own."""

    class Meta:
        model = Identity

    service = "github"
    site = "github.com"
    uid = factory.Sequence(lambda n: str(5_000_000 + n))
    username = factory.Sequence(lambda n: f"coder{n}")
    member = factory.SubFactory(MemberFactory)


class OrganisationFactory(factory.django.DjangoModelFactory):
    """An agency."""

    class Meta:
        model = Organisation

    name = factory.Sequence(lambda n: f"Agency {n}")
    slug = factory.LazyAttribute(lambda organisation: slugify(organisation.name))


class AffiliationFactory(factory.django.DjangoModelFactory):
    """A confirmed affiliation since 2020, open; `from_on`/`until_on` (the day after the last) set the range."""

    class Meta:
        model = Affiliation

    class Params:
        from_on = date(2020, 1, 1)
        until_on: date | None = None

    member = factory.SubFactory(MemberFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    days = factory.LazyAttribute(lambda affiliation: DateRange(affiliation.from_on, affiliation.until_on))
    source = Affiliation.Source.PERSON
    confirmed_at = factory.LazyFunction(timezone.now)
