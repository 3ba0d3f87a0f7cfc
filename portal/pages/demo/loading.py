"""Loading the demo community: one transaction, in order, with word of its progress."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction

from dashboard.models import Channel, Source
from dashboard.services import store as storing
from dashboard.services import summaries
from dashboard.services.starting_points import remember_starting_points
from meetups.models import Group
from portal.members.models import Member, User
from portal.pages.demo import (
    activity,
    adding,
    applying,
    companies,
    elsewhere,
    festivals,
    gathering,
    living_sources,
    needing,
    partnering,
    people,
    settling,
    signins,
    talking,
    telling,
    wishing,
)
from portal.pages.demo.activity import World
from portal.pages.demo.people import Person
from portal.pages.demo.places_of_work import Workplace, workplaces
from portal.pages.demo.pulse import Calendar
from portal.pages.demo.settling import Settled
from portal.pages.services import remember_demo
from portal.places.gazetteer import load_places
from portal.places.models import Place

SEED = 1_729
#: The busiest three are the team: they organise no group, so that they may judge applications.
STAFF = 3
_LOCK = 7_301_099

#: Called with the part of the work that is done (0 to 1) and what is done next.
Progress = Callable[[float, str], None]


class NotEmpty(Exception):
    """The database holds something already; the text is a sentence."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was made."""

    people: int
    groups: int
    events: int
    contributions: int
    signins: Sequence[signins.Signin]


def load(*, today: date, now: datetime, seed: int = SEED, progress: Progress = lambda part, what: None) -> Loaded:
    """Fill an empty database; all of it or nothing. Raises NotEmpty. Summaries are built once the data stands.

    `today` is the first day without activity, so the same day and seed give the same community.
    """
    progress(0.0, "Looking at the database")
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        _refuse_unless_empty()
        loaded = _load(random.Random(seed), today, now, progress)  # noqa: S311  a demo wants the same dice every time
    signins.keep(loaded.signins)
    progress(0.9, "Counting the year")
    summaries.rebuild(today=now.astimezone(UTC).date())
    telling.tell(now=now)
    progress(0.97, "Ranking the partners")
    partnering.rank_months(today=now.astimezone(UTC).date())
    remember_demo(True)
    progress(1.0, "Done")
    return loaded


def _refuse_unless_empty() -> None:
    found = [
        str(model._meta.verbose_name_plural)
        for model in (User, Member, Group, Source)
        if model._default_manager.exists()
    ]
    if found:
        raise NotEmpty(
            f"The database is not empty: it holds {' and '.join(found)}. The demo is only loaded into an empty one; "
            "`manage.py remove_demo` takes an earlier demo away."
        )


def _load(rng: random.Random, today: date, now: datetime, progress: Progress) -> Loaded:
    if not Place.objects.exists():
        progress(0.02, "Loading the towns of the world")
        load_places()
    progress(0.12, "Inviting a thousand people")
    firms = [*companies.partners(), *companies.employers()]
    crowd = people.make_people(rng, firms, today=today)
    hosts = gathering.choose_organisers(rng, crowd[STAFF:], today=today)
    places = settling.find_places()
    cast = _cast(crowd, hosts)
    accounts = _with_account(
        rng, crowd, festivals.numbers_of(hosts) | {person.number for person in cast.values()}, today
    )
    settled = Settled(
        places,
        settling.settle_organisations(firms, places, today=today),
        settling.settle_people(rng, crowd, accounts, places),
    )
    settling.settle_affiliations(crowd, settled, now=now)
    settling.settle_roles(crowd, settled, today=today)
    rows = signins.new_signins()
    settling.give_signins(rows, {role: settled.members[person.number] for role, person in cast.items()})
    progress(0.2, "Founding groups")
    calendar = Calendar(today, festivals.busy_days(today))
    gathered = gathering.gather(rng, crowd, hosts, settled, calendar)
    camps = festivals.celebrate(rng, host=settled.members[cast["lead"].number], today=today)
    needing.need(gathered.groups, camps, today=today)
    applying.apply(rng, settled, cast, crowd, today=today)
    wishing.wish(settled, crowd, today=today)
    elsewhere.dwell(gathered.groups, settled, crowd, now=now)
    progress(0.3, "Living through a year")
    world = World(rng, calendar, crowd, _offsets(places, now), workplaces(settings.COMMUNITY.software))
    activity.write(world, talking.THREADS)
    partnering.settle_programme(settled.members[cast["partner"].number], today=today, now=now)
    festivals.record_events(world, gathered, camps, today=today)
    settling.settle_identities(world.used, crowd, world.places, settled)
    adding.add(settled, cast, today=today)
    stored = _store(world, now, progress) + living_sources.read_own(now=now)
    return Loaded(len(crowd), len(gathered.groups), len(gathered.events) + len(camps), stored, rows)


def _cast(crowd: Sequence[Person], hosts: Mapping[str, list[Person]]) -> dict[str, Person]:
    """Who plays the sign-ins: three of the team, who runs the first group, somebody of the first partner, a member."""
    chosen = dict(zip(("admin", "lead", "reviewer"), crowd[:STAFF], strict=True))
    chosen["organiser"] = next(iter(hosts.values()))[0]
    first_partner = companies.partners()[0].name
    taken = {person.number for person in chosen.values()}
    chosen["partner"] = next(
        person
        for person in crowd
        if person.number not in taken
        and person.stints
        and person.stints[-1].company.name == first_partner
        and person.stints[-1].until is None
        and person.stints[-1].is_confirmed
    )
    taken.add(chosen["partner"].number)
    chosen["member"] = next(
        person for person in crowd if person.habit == "occasional" and not person.stints and person.number not in taken
    )
    return chosen


def _with_account(rng: random.Random, crowd: Sequence[Person], surely: set[int], today: date) -> set[int]:
    """Organisers and the cast, most of the busy, and a third of the month's newcomers."""
    chosen = set(surely)
    for person in crowd:
        is_new = person.came_on > today - timedelta(days=35)
        chance = 0.8 if person.habit == "core" else 0.45 if person.habit == "regular" else 0.33 if is_new else 0.0
        if rng.random() < chance:
            chosen.add(person.number)
    return chosen


def _offsets(places: Mapping[int, Place], now: datetime) -> dict[int, float]:
    """Hours that each town's clocks are ahead of UTC today."""
    found = {}
    for key, place in places.items():
        offset = now.astimezone(ZoneInfo(place.time_zone)).utcoffset()
        found[key] = offset.total_seconds() / 3600 if offset else 0.0
    return found


def _store(world: World, now: datetime, progress: Progress) -> int:
    """Sources, channels and their records through the store that imports use; one source has been ill for two days."""
    channels = _channels(world.places)
    total = sum(map(len, world.written.values())) or 1
    stored = 0
    for (service, key), records in world.written.items():
        channel = channels[service, key]
        if service == living_sources.ILL_SERVICE:
            sick_since = world.calendar.end - living_sources.ILL_FOR
            records = [record for record in records if record.occurred_at < sick_since]
        result = storing.store(source=channel.source, channel=channel, records=records, now=now, is_backfill=True)
        remember_starting_points(source=channel.source, records=records)
        stored += result.n_new
        progress(0.45 + 0.4 * stored / total, f"Storing {channel.source.name} {channel.name}")
    living_sources.note_runs(now)
    return stored


def _channels(places: Mapping[str, Workplace]) -> dict[tuple[str, str], Channel]:
    channels = {}
    for place in places.values():
        source = Source.objects.create(
            service=place.service, name=place.name, base_url=place.base_url, options=dict(place.options), is_demo=True
        )
        for spot in place.spots:
            channels[place.service, spot.key] = Channel(
                source=source, key=spot.key, name=spot.name, kind=spot.kind, url=spot.url
            )
    Channel.objects.bulk_create(channels.values())
    return channels
