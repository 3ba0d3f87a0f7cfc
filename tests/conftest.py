"""What every test shares."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from zeal import zeal_context


@pytest.fixture(autouse=True)
def _no_n_plus_one() -> Iterator[None]:
    """Any loop of single queries in a test is an error."""
    with zeal_context():
        yield


@pytest.fixture(autouse=True)
def _empty_cache(request: pytest.FixtureRequest) -> None:
    """Rate limits and remembered answers of one test never reach the next."""
    if "db" in request.fixturenames or "transactional_db" in request.fixturenames:
        cache.clear()
