"""The demo's people and organisations as rows: members, accounts, identities, affiliations, partners."""

import random
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlsplit

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.text import slugify

from partners.models import Partner
from portal.members.models import Affiliation, Identity, Member, Organisation, OrganisationDomain, Role, User
from portal.pages.demo import companies
from portal.pages.demo.activity import account_uid
from portal.pages.demo.companies import Company
from portal.pages.demo.people import Person, Stint
from portal.pages.demo.places_of_work import DOMAIN, Workplace
from portal.pages.demo.signins import Signin
from portal.pages.demo.towns import BY_NAME, TOWNS
from portal.places.models import Place, fold

_ABOUT = (
    "I look after {thing} for {who} and write down what surprises me.",
    "Started with a broken cron job, stayed for the people.",
    "Ask me about {thing}. I answer slowly but I do answer.",
    "Half marketer, half gardener. I test other people's changes on Fridays.",
    "I translate, and I keep the coffee list of our meetup.",
    "Builder of small automations for {who}.",
)


@dataclass(slots=True)
class Settled:
    """Rows by what the generator calls them."""

    places: Mapping[int, Place]
    organisations: Mapping[str, Organisation]
    members: Mapping[int, Member]


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)


def find_places() -> Mapping[int, Place]:
    """The gazetteer's rows of all towns the demo names."""
    return Place.objects.in_bulk([town.geoname_id for town in TOWNS])


def settle_organisations(
    firms: Sequence[Company], places: Mapping[int, Place], *, today: date
) -> dict[str, Organisation]:
    """Organisations with a mail domain each; those with a tier are partners."""
    rows = {}
    for firm in firms:
        slug = slugify(fold(firm.name))
        rows[firm.name] = Organisation(
            name=firm.name,
            slug=slug,
            website=f"https://{slug}.{DOMAIN}",
            place=places.get(BY_NAME[firm.town].geoname_id),
            is_demo=True,
            created_at=midnight(today - timedelta(days=500)),
        )
    Organisation.objects.bulk_create(rows.values())
    OrganisationDomain.objects.bulk_create(
        OrganisationDomain(organisation=row, domain=f"{row.slug}.{DOMAIN}") for row in rows.values()
    )
    Partner.objects.bulk_create(
        Partner(
            organisation=rows[firm.name],
            tier=firm.tier,
            about=companies.about(firm, number, settings.COMMUNITY.software),
            services=list(firm.services),
            languages=list(firm.languages),
            country_codes=list(firm.countries),
            since_on=today - timedelta(days=190 + number * 53 % 900),
        )
        for number, firm in enumerate(firm for firm in firms if firm.tier)
    )
    return rows


def settle_people(
    rng: random.Random,
    people: Sequence[Person],
    with_account: Collection[int],
    places: Mapping[int, Place],
    *,
    about: Sequence[str] = _ABOUT,
) -> dict[int, Member]:
    """Members, and accounts for some: those show their name, a few by handle only, a few nowhere."""
    users = {person.number: _user(person, places) for person in people if person.number in with_account}
    User.objects.bulk_create(users.values())
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users.values()
    )
    members = {person.number: _member(rng, person, users.get(person.number), places, about) for person in people}
    Member.objects.bulk_create(members.values())
    return members


def _user(person: Person, places: Mapping[int, Place]) -> User:
    place = places.get(person.town.geoname_id)
    return User(
        email=f"{person.handle}@people.{DOMAIN}",
        password=make_password(None),
        time_zone=place.time_zone if place else "",
        is_demo=True,
        joined_at=midnight(person.came_on),
    )


def _member(
    rng: random.Random, person: Person, user: User | None, places: Mapping[int, Place], about: Sequence[str]
) -> Member:
    shown, by_handle, hidden = Member.Visibility.PUBLIC, Member.Visibility.HANDLE, Member.Visibility.HIDDEN
    if user is None:
        visibility = hidden if rng.random() < 0.012 else by_handle
    else:
        visibility = rng.choices([shown, by_handle, hidden], [90, 8, 2])[0]
    text = (
        rng.choice(about).format(thing="campaigns and segments", who="small teams")
        if user and rng.random() < 0.6
        else ""
    )
    return Member(
        user=user,
        name=person.name,
        handle=person.handle,
        public_id=f"{rng.getrandbits(80):020x}",
        about=text,
        place=places.get(person.town.geoname_id) if user or rng.random() < 0.7 else None,
        languages=list(person.town.languages),
        skills=list(person.skills),
        visibility=visibility,
        bot_state=Member.BotState.HUMAN if user else Member.BotState.UNKNOWN,
        is_demo=True,
        created_at=midnight(person.came_on),
    )


def settle_affiliations(people: Sequence[Person], settled: Settled, *, now: datetime) -> None:
    """Who worked where when; what nobody confirmed is a claim of the team or a mail domain."""
    Affiliation.objects.bulk_create(
        _affiliation(person, number, stint, settled, now)
        for person in people
        for number, stint in enumerate(person.stints)
    )


def _affiliation(person: Person, number: int, stint: Stint, settled: Settled, now: datetime) -> Affiliation:
    sources = Affiliation.Source
    claimed_by = (sources.DOMAIN, sources.TEAM, sources.PROFILE)[(person.number + number) % 3]
    return Affiliation(
        member=settled.members[person.number],
        organisation=settled.organisations[stint.company.name],
        days=DateRange(stint.since, stint.until),
        source=sources.PERSON if stint.is_confirmed else claimed_by,
        confirmed_at=min(midnight(stint.since + timedelta(days=9)), now) if stint.is_confirmed else None,
    )


def settle_identities(
    used: Iterable[tuple[int, str]], people: Sequence[Person], places: Mapping[str, Workplace], settled: Settled
) -> None:
    """One identity for each source a person was seen at; accounts have proved theirs."""
    by_number = {person.number: person for person in people}
    rows = []
    for number, service in sorted(used):
        person, member, place = by_number[number], settled.members[number], places[service]
        rows.append(
            Identity(
                service=service,
                site=urlsplit(place.base_url).netloc,
                uid=account_uid(service, number),
                username=person.handle,
                name=person.name if service in {"github", "discourse"} else "",
                url=f"{place.base_url}/u/{person.handle}",
                member=member,
                verified_at=midnight(person.came_on) if member.user_id else None,
            )
        )
    Identity.objects.bulk_create(rows)


def settle_roles(people: Sequence[Person], settled: Settled, *, today: date) -> None:
    """A team of six and four ambassadors, all from the busy."""
    busy = [person for person in people if person.habit == "core" and settled.members[person.number].user_id]
    kinds = [Role.Kind.TEAM] * 6 + [Role.Kind.AMBASSADOR] * 4
    Role.objects.bulk_create(
        Role(member=settled.members[person.number], kind=kind, from_on=today - timedelta(days=100 + 37 * number))
        for number, (person, kind) in enumerate(zip(busy, kinds, strict=False))
    )


def give_signins(signins: Sequence[Signin], owners: Mapping[str, Member]) -> None:
    """Turn the accounts of some people into those one can sign in with; `owners` says whose, by role."""
    for signin in signins:
        user = owners[signin.role].user
        if user is None:
            continue
        EmailAddress.objects.filter(user=user).update(email=signin.email)
        user.email = signin.email
        user.set_password(signin.password)
        user.is_superuser = signin.role == "admin"
        user.is_staff = signin.role in {"admin", "reviewer", "lead"}
        user.save()
