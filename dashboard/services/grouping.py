"""Small pages that are stored together: a transaction for each page of fifty rows costs more than its rows."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from dashboard.importers.records import Page

ROWS = 1000
#: A crash repeats no more than this, and a page that watches an import sees it move.
SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Group:
    """One page, or several as one; the cursor is that of the last."""

    page: Page
    n_pages: int


def grouped(
    pages: Iterable[Page], *, most: int, is_due: Callable[[], bool], monotonic: Callable[[], float] = time.monotonic
) -> Iterator[Group]:
    """Pages in groups of up to `most`; a group ends early when `is_due` says so, and before an error is raised.

    A page that says more than its rows (what is complete, gone, renamed) stays alone.
    """
    gathered: list[Page] = []
    began = monotonic()
    iterator = iter(pages)
    while True:
        try:
            page = next(iterator, None)
        except Exception:
            if gathered:
                yield _merged(gathered)
            raise
        if page is None:
            break
        if gathered and not _is_plain(page):
            yield _merged(gathered)
            gathered = []
        gathered.append(page)
        n_rows = sum(len(one.records) for one in gathered)
        is_full = len(gathered) >= most or n_rows >= ROWS or monotonic() - began >= SECONDS
        if is_full or page.is_last or not _is_plain(page) or is_due():
            yield _merged(gathered)
            gathered, began = [], monotonic()
    if gathered:
        yield _merged(gathered)


def _is_plain(page: Page) -> bool:
    return not (page.complete or page.accounts or page.present or page.gone or page.orphaned or page.closed)


def _merged(pages: list[Page]) -> Group:
    if len(pages) == 1:
        return Group(pages[0], 1)
    last = pages[-1]
    records = tuple(record for page in pages for record in page.records)
    rejected = tuple(letter for page in pages for letter in page.rejected)
    requests = sum(page.requests for page in pages)
    return Group(Page(records, rejected, last.cursor, last.is_last, requests), len(pages))
