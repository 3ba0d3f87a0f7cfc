"""The demo, loaded once for the tests that look at it."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import override_settings

from dashboard.models import SummaryState, WindowTotals
from portal.pages.demo import loading, removal
from portal.pages.demo.towns import TOWNS
from portal.places.gazetteer import read_towns
from portal.places.models import Place

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


def make_places() -> None:
    """The gazetteer's rows of the towns that the demo names, and no others."""
    wanted = {str(town.geoname_id) for town in TOWNS}
    columns = {field.name for field in Place._meta.concrete_fields}
    rows = [town for town in read_towns() if town.geoname_id in wanted]
    Place.objects.bulk_create(
        Place(**{name: value for name, value in row._asdict().items() if name in columns}) for row in rows
    )


@pytest.fixture(scope="module")
def demo(django_db_setup: Any, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[loading.Loaded]:
    """The demo as loaded on NOW; taken away after the module, towns and summaries too."""
    with django_db_blocker.unblock(), override_settings(VAR_DIR=tmp_path_factory.mktemp("var")):
        make_places()
        started = time.process_time()
        loaded = loading.load(today=NOW.date(), now=NOW)
        demo_seconds.append(time.process_time() - started)
        yield loaded
        removal.remove(now=NOW)
        for model in (WindowTotals, SummaryState, Place):
            model.objects.all().delete()
        connection.close()


#: Processor seconds of ours that the last load took; the rest is PostgreSQL's, and of how much else runs here.
demo_seconds: list[float] = []
