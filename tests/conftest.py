"""What every test shares."""

import pytest
from django.core.cache import cache
from hypothesis import HealthCheck, settings

from tests.thoroughness import left_out

# How long an example takes says how busy the machine is, and nothing about the rule it is an example of.
settings.register_profile("portal", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("portal")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Long tables of faults are run in part; all of them by `make thorough`."""
    gone = set(left_out(items))
    if gone and not any("::" in argument for argument in config.args):
        config.hook.pytest_deselected(items=list(gone))
        items[:] = [item for item in items if item not in gone]


@pytest.fixture(autouse=True)
def _empty_cache(request: pytest.FixtureRequest) -> None:
    """Rate limits and remembered answers of one test never reach the next."""
    if {"db", "transactional_db"} & set(request.fixturenames) or request.node.get_closest_marker("django_db"):
        cache.clear()
