"""Groups, events, applications and the cast of people around them."""

import uuid
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import factory
from django.contrib.auth.models import Permission
from django.utils import timezone
from django.utils.text import slugify

from meetups.criteria import KEYS
from meetups.models import (
    Application,
    ApplicationOrganiser,
    ApplicationRevision,
    CriterionCheck,
    CriterionVerdict,
    Event,
    Group,
    GroupMembership,
    Interest,
    Organiser,
    Series,
    SponsorshipNeed,
)
from meetups.services.drafts import new_token
from meetups.services.groups import search_text
from meetups.services.revisions import frozen
from portal.members.models import Member, User
from portal.places.names import fold
from tests.members.factories import MemberFactory, UserFactory
from tests.places.factories import PlaceFactory

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def person(name: str = "", **user: Any) -> Member:
    """A member with an account."""
    names = {"name": name} if name else {}
    return MemberFactory(user=UserFactory(**user), **names)


def allow(user: User, *codenames: str) -> User:
    """Give an account permissions of this app."""
    permissions = Permission.objects.filter(content_type__app_label="meetups", codename__in=codenames)
    assert permissions.count() == len(codenames)
    user.user_permissions.add(*permissions)
    return User.objects.get(pk=user.pk)


def reviewer() -> User:
    return allow(UserFactory(is_staff=True), "view_application", "review_application")


def lead() -> User:
    return allow(UserFactory(is_staff=True), "view_application", "review_application", "decide_application")


class GroupFactory(factory.django.DjangoModelFactory):
    """An active group in an invented town."""

    class Meta:
        model = Group

    name = factory.Sequence(lambda n: f"Circle {n}")
    slug = factory.LazyAttribute(lambda group: slugify(fold(group.name)))
    kind = Group.Kind.MEETUP
    state = Group.State.ACTIVE
    place = factory.SubFactory(PlaceFactory)
    time_zone = "Europe/Lisbon"
    search = factory.LazyAttribute(lambda group: search_text(name=group.name, place=group.place))


class OrganiserFactory(factory.django.DjangoModelFactory):
    """Somebody with an account who accepted."""

    class Meta:
        model = Organiser

    group = factory.SubFactory(GroupFactory)
    member = factory.LazyFunction(person)
    accepted_at = factory.LazyFunction(timezone.now)


class GroupMembershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = GroupMembership

    group = factory.SubFactory(GroupFactory)
    member = factory.SubFactory(MemberFactory)


class InterestFactory(factory.django.DjangoModelFactory):
    """Somebody with an account would join, and is not to be introduced."""

    class Meta:
        model = Interest

    member = factory.LazyFunction(person)
    place = factory.SubFactory(PlaceFactory)
    kind = Interest.Kind.JOIN


class SeriesFactory(factory.django.DjangoModelFactory):
    """First Friday, 18:00, since the beginning of 2026."""

    class Meta:
        model = Series

    group = factory.SubFactory(GroupFactory)
    title = "Monthly evening"
    ordinal = Series.Ordinal.FIRST
    weekday = Series.Weekday.FRIDAY
    starts_local = time(18, 0)
    minutes = 120
    time_zone = "Europe/Lisbon"
    from_on = date(2026, 1, 1)


class EventFactory(factory.django.DjangoModelFactory):
    """A published event in ten days, two hours long, on the clock of UTC."""

    class Meta:
        model = Event

    group = factory.SubFactory(GroupFactory)
    title = factory.Sequence(lambda n: f"Evening {n}")
    slug = factory.LazyAttribute(lambda event: slugify(event.title))
    state = Event.State.PUBLISHED
    starts_at = factory.LazyFunction(lambda: (timezone.now() + timedelta(days=10)).replace(microsecond=0))
    starts_local = factory.LazyAttribute(lambda event: event.starts_at)
    minutes = 120
    ends_at = factory.LazyAttribute(lambda event: event.starts_at + timedelta(minutes=event.minutes))
    time_zone = "UTC"
    venue_name = "Library"


class NeedFactory(factory.django.DjangoModelFactory):
    """Food for a group, asked for in kind, by next month."""

    class Meta:
        model = SponsorshipNeed

    group = factory.SubFactory(GroupFactory)
    title = factory.Sequence(lambda n: f"Pizza {n}")
    category = SponsorshipNeed.Category.FOOD
    needed_by_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=30))


class ApplicationFactory(factory.django.DjangoModelFactory):
    """A draft with every answer given, but only its applicant as organiser."""

    class Meta:
        model = Application
        skip_postgeneration_save = True

    public_id = factory.LazyFunction(uuid.uuid4)
    applicant = factory.LazyFunction(person)
    group_name = factory.Sequence(lambda n: f"New circle {n}")
    forum_url = "https://forum.mautic.org/t/a-group/1"
    interest_note = "Two colleagues"
    place = factory.SubFactory(PlaceFactory)
    languages = ["pt"]
    venue_kind = Application.VenueKind.LIBRARY
    venue_name = "Public Library"
    venue_address = "Rua 1"
    venue_contact_name = "Ana"
    launch_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=40))
    launch_time = time(18, 30)
    launch_title = "First evening"
    slot_ordinal = Series.Ordinal.FIRST
    slot_weekday = Series.Weekday.FRIDAY
    slot_time = time(18, 0)
    time_zone = "Europe/Lisbon"
    agreed_at = factory.LazyFunction(timezone.now)

    @factory.post_generation
    def seat(self: Application, create: bool, extracted: Any, **kwargs: Any) -> None:
        seat_of(self, self.applicant)


def seat_of(application: Application, member: Member | None = None, **values: Any) -> ApplicationOrganiser:
    """A seat: accepted when it has a member, else an invitation that waits."""
    values = {
        "name": member.name if member else "Bo",
        "email": member.user.email if member and member.user else "bo@example.org",
        "token": new_token(),
        "accepted_at": timezone.now() if member else None,
        **values,
    }
    return ApplicationOrganiser.objects.create(application=application, member=member, **values)


def ready_application(**values: Any) -> Application:
    """A draft that can be sent: two organisers have accepted."""
    application = ApplicationFactory(**values)
    seat_of(application, person("Second Organiser"))
    return application


def application_in(state: str, **values: Any) -> Application:
    """An application that came into `state` without the service, for tests of what may follow."""
    now = timezone.now()
    if state not in {"draft", "withdrawn", "lapsed"}:
        values = {"submitted_at": now, "answer_by_on": now.date(), "revision": 1, **values}
    if state in {"approved", "declined", "redirected"}:
        values = {"decided_at": now, **values}
    if state == "approved":
        values = {"group": GroupFactory(), **values}
    return ready_application(state=state, **values)


def with_verdicts(application: Application, *, now: datetime | None = None, **verdicts: str) -> Application:
    """The same application as a lead may approve it: its revision kept, all six checked (at `now`) and judged as met.

    `launch="waived"` and the like say what else was held of a criterion; an empty string: nothing.
    """
    ApplicationRevision.objects.get_or_create(
        application=application,
        number=application.revision,
        defaults={"answers": frozen(application), "sent_at": timezone.now()},
    )
    for key in KEYS:
        check_of(application, key, checked_at=now or timezone.now())
        if verdict := verdicts.get(key, "met"):
            verdict_of(application, key, verdict=verdict)
    return application


def approvable(*, now: datetime | None = None, **values: Any) -> Application:
    """An application in review that a lead may approve; the machine looked `now`."""
    return with_verdicts(application_in("in_review", **values), now=now)


def check_of(application: Application, criterion: str, **values: Any) -> CriterionCheck:
    """A finished look of the machine, now, that found everything fine."""
    values = {
        "state": "done", "outcome": "pass", "explanation": "Looks good.", "checked_at": timezone.now(), **values
    }  # fmt: skip
    return CriterionCheck.objects.create(
        application=application, criterion=criterion, revision=application.revision, **values
    )


def verdict_of(application: Application, criterion: str, **values: Any) -> CriterionVerdict:
    """What somebody held of a criterion of the present revision: met."""
    values = {"verdict": "met", "revision": application.revision, **values}
    if values["verdict"] == "waived":
        values = {"reason": "Agreed with the team", **values}
    return CriterionVerdict.objects.create(application=application, criterion=criterion, **values)
