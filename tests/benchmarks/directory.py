"""`make benchmark`: the directory with 34,000 places, 5,000 groups, 60,000 events and 50,000 memberships against none
and against a single page of groups. Prints queries, milliseconds and ratios and judges nothing: a number of seconds would only measure the machine."""

import os
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

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

FILL = [
    """
    INSERT INTO meetups_group (name, slug, kind, state, place_id, region_label, time_zone, languages, about, forum_url,
        external_url, platform, search, is_demo, founded_at, state_since, next_state, state_before)
    SELECT 'Circle ' || p.name || ' ' || n, 'benchmark-' || n,
        CASE WHEN n % 40 = 0 THEN 'online' ELSE 'meetup' END,
        (ARRAY['active', 'active', 'active', 'quiet', 'dormant', 'onboarding'])[1 + n % 6],
        CASE WHEN n % 40 = 0 THEN NULL ELSE p.geoname_id END, '', p.time_zone,
        ARRAY[(ARRAY['en', 'de', 'fr', 'es', 'pt', 'hi', 'ja'])[1 + n % 7]], '', '', '', '',
        'circle ' || lower(p.name) || p.search, false, now(), now(), '', ''
    FROM (SELECT row_number() OVER (ORDER BY md5(geoname_id::text)) AS n, * FROM places_place) p WHERE n <= NUMBER
    """,
    f"""
    INSERT INTO meetups_event (uid, group_id, kind, format, state, title, slug, about, starts_local, minutes, time_zone,
        starts_at, ends_at, venue_name, venue_address, online_url, cancel_reason, sequence, is_demo, created_at, changed_at)
    SELECT gen_random_uuid(), g.id, 'meetup', 'presentations', CASE WHEN n <= 8 THEN 'held' ELSE 'published' END,
        'Evening ' || n, 'evening-' || n, '', t, 120, g.time_zone, t, t + interval '2 hours', 'Library', '', '', '', 0, false,
        now(), now()
    FROM meetups_group g, generate_series(1, {EVENTS_EACH}) n,
        LATERAL (SELECT now() + (n - 9) * interval '30 days' + (g.id % 700) * interval '1 hour' + interval '1 hour' AS t) at
    """,
    f"""
    INSERT INTO meetups_groupmembership (group_id, member_id, joined_at, hears_of_dates, hears_of_changes, hears_of_life)
    SELECT g.id, m.id, now(), true, true, true FROM meetups_group g, generate_series(1, {MEMBERSHIPS_EACH}) n,
        LATERAL (SELECT (SELECT min(id) FROM members_member) + (g.id * 37 + n * 101) % {MEMBERS} AS id) m
    """,
]


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()
    with _database():
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
def _database() -> Iterator[None]:
    """A test database of its own, as a test run has it."""
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases, teardown_test_environment

    setup_test_environment()
    made = setup_databases(verbosity=0, interactive=False, aliases={"default"})
    try:
        yield
    finally:
        teardown_databases(made, verbosity=0)
        teardown_test_environment()


def _fill(groups: int) -> None:
    """So many groups, each with its dates and members, instead of those that are there."""
    from django.db import connection

    from portal.members.models import Member

    if not Member.objects.exists():
        Member.objects.bulk_create([Member(name=f"Member {n}", public_id=f"benchmark-{n}") for n in range(MEMBERS)])
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE meetups_group CASCADE")
        for statement in FILL:
            cursor.execute(statement.replace("NUMBER", str(groups)))
        # As autovacuum leaves them: counted, and readable from the index alone.
        cursor.execute("VACUUM ANALYZE meetups_group, meetups_event, meetups_groupmembership, places_place")


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
