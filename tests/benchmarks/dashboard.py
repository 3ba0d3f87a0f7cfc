"""`make benchmark`: the dashboard on invented communities of growing size, as ratios of one run.

Pages at a large community against 200,000 contributions; the figures of the dashboard before on its own size; CPU per
request against a page with nothing on it; conditional GET; rebuilds; a merge. It judges nothing: seconds vary.
BENCHMARK_LARGE=10000000 (and BENCHMARK_MEMBERS=100000) measures a larger one; it takes ten minutes and 6 GB.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.benchmarks.directory import a_database

PAGES = {
    "dashboard": "/dashboard/",
    "30 days": "/dashboard/?days=30",
    "365 days": "/dashboard/?days=365",
    "people": "/dashboard/people/",
    "organisations": "/dashboard/organisations/",
    "places": "/dashboard/places/",
    "newcomers": "/dashboard/newcomers/",
    "questions": "/dashboard/questions/",
    "one source": "/dashboard/?source=benchmark-github",
    "people as CSV": "/dashboard/people.csv",
}
SMALL, OLD = (200_000, 5_000), (240_000, 5_000)
LARGE = (int(os.environ.get("BENCHMARK_LARGE", 2_000_000)), int(os.environ.get("BENCHMARK_MEMBERS", 43_000)))
ROUNDS, MERGED = 7, 20_000
Measured = dict[str, tuple[int, float, float]]


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()
    with a_database():
        found = []
        for contributions, members in (SMALL, OLD, LARGE):
            _load(contributions, members)
            found.append(_measure())
            _rebuilds()
            _merge()
        _print(found)


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _timed(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _load(contributions: int, members: int) -> None:
    from django.db import connection

    from dashboard.services.benchmark_load import load

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE members_member, members_organisation, dashboard_source CASCADE")
    until = datetime.now(UTC).date() - timedelta(days=1)
    took = _timed(lambda: load(contributions=contributions, people=members, seed=1, until=until))
    _say(f"\n{contributions:,} contributions of {members:,} members: loaded in {took:.1f} s")
    with connection.cursor() as cursor:
        # As autovacuum leaves it: counted, and readable from indexes alone.
        cursor.execute("VACUUM ANALYZE dashboard_contribution, members_identity, members_member")
    _say(f"  summaries, first time: {_rebuild():.1f} s, levels of everybody among them")


def _rebuild() -> float:
    from dashboard.services.summaries import rebuild

    return _timed(lambda: rebuild(today=datetime.now(UTC).date()))


def _rebuilds() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM dashboard_memberlevel")
        members = cursor.fetchone()[0]
    _say(f"  summaries, nothing changed: {_rebuild():.1f} s, levels of {members:,} members among them")


def _merge() -> None:
    """The member with at least so many contributions (or the busiest) takes up another."""
    from django.db.models import Count
    from django.utils import timezone

    from dashboard.services.summaries import rebuild_members
    from portal.members.models import Member
    from portal.members.services.merges import merge_members

    people = Member.objects.exclude(bot_state="bot").annotate(n=Count("identities__contributions")).order_by("-n")
    large = people.filter(n__gte=MERGED).order_by("n").first() or people[0]
    other = people.filter(n__gt=0, pk__gt=large.pk, erased_at=None).order_by("n").first()
    merged = _timed(lambda: merge_members(kept=other, gone=large, reason="benchmark"))
    rows = _timed(lambda: rebuild_members(members=[large.pk, other.pk], now=timezone.now()))
    _say(f"  merging a member with {large.n:,} contributions: {merged:.2f} s, and {rows:.2f} s for the rows of the two")


def _measure() -> Measured:
    """Page -> queries, median milliseconds, milliseconds of CPU; with no page cache."""
    from django.core.cache import cache
    from django.db import connection
    from django.test import Client, override_settings
    from django.test.utils import CaptureQueriesContext

    found: Measured = {}
    with override_settings(ROOT_URLCONF="tests.benchmarks.empty", ZEAL_RAISE=False):
        client = Client()
        for name, address in {"an empty page": "/empty/", **PAGES}.items():

            def get(address: str = address) -> None:
                answer = client.get(address)
                assert answer.status_code == 200, address
                if answer.streaming:
                    for _part in answer.streaming_content:
                        pass

            get()
            cache.clear()
            with CaptureQueriesContext(connection) as queries:
                get()
            found[name] = (len(queries), *_median(get, cache.clear))
        found["unchanged (304)"] = (0, *_conditional(client))
    return found


def _median(get: Callable[[], None], before: Callable[[], None]) -> tuple[float, float]:
    took, busy = [], []
    for _round in range(ROUNDS):
        before()
        cpu = time.process_time()
        took.append(_timed(get) * 1000)
        busy.append((time.process_time() - cpu) * 1000)
    return statistics.median(took), statistics.median(busy)


def _conditional(client: Any) -> tuple[float, float]:
    """Asked again by who has the page of the present version."""
    tag = client.get("/dashboard/").headers.get("ETag", "")

    def get() -> None:
        assert client.get("/dashboard/", headers={"if-none-match": tag}).status_code == (304 if tag else 200)

    return _median(get, lambda: None)


def _print(found: list[Measured]) -> None:
    small, old, large = found
    empty = large["an empty page"]
    heads = f"{'200,000':>12}{f'{LARGE[0]:,}':>14}{'ratio':>7}{'240,000':>12}{'CPU over empty':>16}"
    _say(f"\n{'page':18}{'queries':>9}{heads}")
    for name, (queries, took, busy) in large.items():
        few = small[name][1]
        _say(
            f"{name:18}{queries:>9}{few:>9.1f} ms{took:>11.1f} ms{took / few:>7.2f}{old[name][1]:>9.1f} ms"
            f"{busy - empty[2]:>13.1f} ms"
        )
    asked = large["unchanged (304)"]
    _say(f"unchanged pages: {empty[2] / asked[2]:.2f} requests for each of an empty page, by CPU")


if __name__ == "__main__":
    main()
