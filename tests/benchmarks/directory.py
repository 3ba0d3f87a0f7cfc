"""`make benchmark`: the directory with 5,000 groups, 60,000 events and 50,000 memberships among 34,000 places, against
none and against a single page of groups. Prints queries, milliseconds and ratios and judges nothing: seconds would only
measure the machine."""

import os
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from meetups.models import Event, Group

QUESTIONS = {
    "list": "/meetups/",
    "last page": "/meetups/?page=208",
    "text": "/meetups/?text=berlin",
    "text with a slip": "/meetups/?text=kolnn",
    "text, nothing found": "/meetups/?text=zzzzqqqq",
    "near a town": "/meetups/?near=koln-de",
    "within 100 km": "/meetups/?near=koln-de&km=100",
    "near me": "/meetups/?at=52.5,13.4&km=250",
    "nothing near": "/meetups/?at=-50,-130&km=25",
    "language, week": "/meetups/?language=de&meets=week",
    "region": "/meetups/?region=benchmark",
    "map": "/meetups/?view=map",
    "map data": "/meetups/groups.geojson",
    "map data near": "/meetups/groups.geojson?near=koln-de&km=500",
}
A_PAGE, GROUPS, EVENTS_EACH, MEMBERS, MEMBERSHIPS_EACH, ROUNDS = 24, 5000, 12, 2000, 10, 7

NOW = datetime.now(UTC)
LANGUAGES = ("en", "de", "fr", "es", "pt", "hi", "ja")
STATES = ("active", "active", "active", "quiet", "dormant", "onboarding")


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()
    with a_database():
        from portal.places.gazetteer import load_places
        from portal.places.models import Region

        load_places()
        Region.objects.create(name="Benchmark", slug="benchmark", country_codes=["DE", "FR"], area_codes=["US.CA"])
        rows = [_measure()]
        for groups in (A_PAGE, GROUPS):
            _fill(groups)
            rows.append(_measure())
    _print(rows)


def _print(rows: list[dict[str, tuple[int, float]]]) -> None:
    heads = ("none", f"{A_PAGE} groups", f"{GROUPS} groups")
    sys.stdout.write(f"{'question':22}{'queries':>12}" + "".join(f"{head:>14}" for head in heads) + f"{'ratios':>14}\n")
    for name in QUESTIONS:
        queries = "/".join(str(row[name][0]) for row in rows)
        none, few, many = (row[name][1] for row in rows)
        times = "".join(f"{each:>11.1f} ms" for each in (none, few, many))
        sys.stdout.write(f"{name:22}{queries:>12}{times}{many / none:>7.1f}{many / few:>7.1f}\n")


@contextmanager
def a_database() -> Iterator[None]:
    """A test database of its own, as a test run has it."""
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases, teardown_test_environment

    setup_test_environment()
    made = setup_databases(verbosity=0, interactive=False, aliases={"default"})
    try:
        yield
    finally:
        teardown_databases(made, verbosity=0)
        teardown_test_environment()


def _fill(number: int) -> None:
    """So many groups, each with its dates and members, instead of those that are there."""
    from django.db import connection

    from meetups.models import Event, Group, GroupMembership
    from portal.members.models import Member

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE meetups_group, members_member CASCADE")
    Group.objects.bulk_create(_groups(number))
    Member.objects.bulk_create([Member(name=f"Member {n}", public_id=f"benchmark-{n}") for n in range(MEMBERS)])
    groups = list(Group.objects.order_by("pk"))
    people = list(Member.objects.values_list("pk", flat=True))
    Event.objects.bulk_create((event for group in groups for event in _events(group)), batch_size=2000)
    GroupMembership.objects.bulk_create(
        (
            GroupMembership(group=group, member_id=people[(at * 37 + n * 101) % MEMBERS])
            for at, group in enumerate(groups)
            for n in range(MEMBERSHIPS_EACH)
        ),
        batch_size=5000,
    )
    with connection.cursor() as cursor:
        # As autovacuum leaves them: counted, and readable from the index alone.
        cursor.execute("VACUUM ANALYZE meetups_group, meetups_event, meetups_groupmembership, places_place")


def _groups(number: int) -> "list[Group]":
    """In towns of every size all over the world; every fortieth is online."""
    from meetups.models import Group
    from meetups.services.groups import search_text
    from portal.places.models import Place

    places = list(Place.objects.order_by("slug"))
    found = []
    for n in range(number):
        place = None if n % 40 == 39 else places[n * len(places) // number]
        found.append(
            Group(
                name=f"Circle {n}",
                slug=f"benchmark-{n}",
                kind="meetup" if place else "online",
                state=STATES[n % len(STATES)],
                place=place,
                time_zone=place.time_zone if place else "UTC",
                languages=[LANGUAGES[n % len(LANGUAGES)]],
                search=search_text(name=f"Circle {n}", place=place),
            )
        )
    return found


def _events(group: "Group") -> "Iterator[Event]":
    """Twelve months of a monthly evening: eight held, four to come."""
    from meetups.models import Event

    for n in range(EVENTS_EACH):
        starts = NOW + timedelta(days=30 * (n - 8), hours=1 + group.pk % 700)
        yield Event(
            group=group,
            state="held" if n < 8 else "published",
            title=f"Evening {n}",
            slug=f"evening-{n}",
            starts_at=starts,
            starts_local=starts,
            ends_at=starts + timedelta(hours=2),
            time_zone=group.time_zone,
            venue_name="Library",
        )


def _measure() -> dict[str, tuple[int, float]]:
    """Question -> queries, and the median of some rounds in milliseconds."""
    from django.core.cache import cache
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client, found = Client(), {}
    for name, address in QUESTIONS.items():
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200, address
        asked = len(queries)
        times = []
        for _round in range(ROUNDS):
            began = time.perf_counter()
            client.get(address)
            times.append((time.perf_counter() - began) * 1000)
        found[name] = (asked, statistics.median(times))
        cache.clear()
    return found


if __name__ == "__main__":
    main()
