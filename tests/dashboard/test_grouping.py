"""Pages in groups: fewer transactions, the same rows, and nothing lost that was read before an error."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from dashboard.importers.records import Cursor, Page, Rejected
from dashboard.models import Contribution, ImportRun, Stream
from dashboard.services import streams
from dashboard.services.grouping import Group, grouped
from portal.clients.errors import RateLimited
from tests.dashboard.factories import NOW, RunFactory, record
from tests.dashboard.fake_importer import FakeImporter
from tests.dashboard.test_runs import pages, work


def page(number: int, size: int = 10, *, is_last: bool = False, **more: object) -> Page:
    records = tuple(record(f"a:{number}-{n}") for n in range(size))
    letters = (Rejected(f"{number}", "odd", "{}"),)
    return Page(records, letters, {"next": number}, is_last, 1, **more)  # type: ignore[arg-type]


def sizes(found: list[Group]) -> list[tuple[int, int, Cursor, bool]]:
    return [(one.n_pages, len(one.page.records), one.page.cursor, one.page.is_last) for one in found]


def group(given: Iterator[Page] | list[Page], **options: object) -> list[Group]:
    plain = {"most": 25, "is_due": lambda: False, "monotonic": lambda: 0.0}
    return list(grouped(given, **{**plain, **options}))  # type: ignore[arg-type]


def test_pages_are_stored_together_up_to_a_thousand_rows() -> None:
    found = group([page(n, 400, is_last=n == 4) for n in range(5)])
    assert sizes(found) == [(3, 1200, {"next": 2}, False), (2, 800, {"next": 4}, True)]
    assert (len(found[0].page.rejected), found[0].page.requests) == (3, 3)
    assert [one.external_id for one in found[1].page.records][::400] == ["a:3-0", "a:4-0"]


def test_group_ends_with_the_turn_when_it_is_due_and_after_a_second() -> None:
    five = [page(n) for n in range(5)]
    assert [one.n_pages for one in group(five, most=2)] == [2, 2, 1]
    assert [one.n_pages for one in group(five, is_due=lambda: True)] == [1] * 5
    times = iter(range(100))
    assert [one.n_pages for one in group(five, monotonic=lambda: next(times) * 0.6)] == [2, 2, 1]


def test_page_that_says_more_than_its_rows_stays_alone() -> None:
    five = [page(0), page(1), page(2, gone=("a:9",)), page(3), page(4, is_last=True)]
    assert [(one.n_pages, one.page.gone) for one in group(five)] == [(2, ()), (1, ("a:9",)), (2, ())]


def test_what_was_read_before_an_error_is_stored_first() -> None:
    def broken() -> Iterator[Page]:
        yield from (page(0), page(1))
        raise ValueError("broken")

    groups = grouped(broken(), most=25, is_due=lambda: False)
    assert sizes([next(groups)]) == [(2, 20, {"next": 1}, False)]
    with pytest.raises(ValueError, match="broken"):
        next(groups)


class Grouping(FakeImporter):
    needs_each_page = False


@pytest.mark.django_db
def test_run_stores_groups_and_waits_where_the_service_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    stored = []
    real = streams.store_page
    monkeypatch.setattr(streams, "store_page", lambda **given: (stored.append(given["page"]), real(**given)))
    worlds = {"1": {"issues": pages("a", *[10] * 60)}}

    def patient(channel: str, stream: str, number: int) -> None:
        if number == 40 and not ImportRun.objects.filter(attempt=2).exists():
            raise RateLimited("Slowly.", retry_at=NOW + timedelta(minutes=1))

    run = work(RunFactory(), Grouping(worlds, patient))
    assert (run.state, run.n_new, run.n_requests) == ("waiting", 400, 40)
    assert Stream.objects.get().cursor == {"next": 40, "round": 0}
    run = work(run, Grouping(worlds, patient), now=NOW + timedelta(minutes=2))
    assert (run.state, run.n_new, run.n_requests, Contribution.objects.count()) == ("done", 600, 60, 600)
    assert len(stored) <= 6
