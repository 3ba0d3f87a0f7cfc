"""Sources, channels, records, people and affiliations for the tests of the dashboard and what stands on it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import factory
from django.db.backends.postgresql.psycopg_any import DateRange
from factory.django import DjangoModelFactory

from dashboard import kinds
from dashboard.importers.records import Account, Record
from dashboard.models import Channel, ImportRun, Source, Stream
from dashboard.services.store import store
from portal.members.models import Affiliation, Identity, Member, Organisation

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def at(day: date | int, hour: int = 10) -> datetime:
    """An hour of a day, or of the day so many days before TODAY."""
    day = TODAY - timedelta(days=day) if isinstance(day, int) else day
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


class SourceFactory(DjangoModelFactory):
    class Meta:
        model = Source

    name = factory.Sequence(lambda n: f"source-{n}")
    service = "github"
    base_url = factory.Sequence(lambda n: f"https://source-{n}.example.org")
    options = {"org": "example"}


class ChannelFactory(DjangoModelFactory):
    class Meta:
        model = Channel

    source = factory.SubFactory(SourceFactory)
    key = factory.Sequence(lambda n: f"{n}")
    name = factory.Sequence(lambda n: f"example/repository-{n}")
    kind = "repository"


class StreamFactory(DjangoModelFactory):
    class Meta:
        model = Stream

    channel = factory.SubFactory(ChannelFactory)
    name = "issues"


class RunFactory(DjangoModelFactory):
    class Meta:
        model = ImportRun

    source = factory.SubFactory(SourceFactory)


class MemberFactory(DjangoModelFactory):
    class Meta:
        model = Member

    name = factory.Sequence(lambda n: f"Person {n}")
    handle = factory.Sequence(lambda n: f"person-{n}")
    public_id = factory.Sequence(lambda n: f"public-{n}")


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = Organisation

    name = factory.Sequence(lambda n: f"Organisation {n}")
    slug = factory.Sequence(lambda n: f"organisation-{n}")


def belongs(
    member: Member,
    organisation: Organisation,
    from_on: date | None = None,
    until_on: date | None = None,
    *,
    is_confirmed: bool = True,
) -> Affiliation:
    """An affiliation from a day until the day after its last."""
    days = DateRange(from_on, until_on, "[)")
    confirmed_at = NOW if is_confirmed else None
    return Affiliation.objects.create(member=member, organisation=organisation, days=days, confirmed_at=confirmed_at)


def record(
    external_id: str, kind: str = kinds.ISSUE, *, day: date | int = 1, who: str | None = "1", **fields: Any
) -> Record:
    """A record of the account with the uid `who`; None for an author who is gone."""
    account = None if who is None else Account(uid=who, username=f"login-{who}")
    return Record(**{"external_id": external_id, "kind": kind, "occurred_at": at(day), "account": account, **fields})


def member_of(uid: str) -> Member:
    """The member behind an account that was imported."""
    return Identity.objects.select_related("member").get(uid=uid).member


def save(channel: Channel, *records: Record) -> None:
    """Store records as an import does."""
    store(source=channel.source, channel=channel, records=records, now=NOW)
