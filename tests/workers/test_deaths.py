"""Real workers killed at twenty random moments of an import of each service: what is stored equals the truth."""

import random
import time
from typing import Any

import pytest

from dashboard.services import runs
from tests.workers.test_imports import assert_true, empty, is_open, unbroken
from tests.workers.worlds import SERVICES

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]
DEATHS = 20


@pytest.mark.parametrize("service", SERVICES)
def test_import_survives_the_death_of_its_workers(service: str, play: Any, on_stage: Any) -> None:
    """At random moments: now the pool's child alone, now the whole worker, while another one stands by."""
    dice = random.Random(service)
    source, world, server = play(service)
    truth = unbroken(source)
    assert {row[0] for row in truth} == world.ids
    made = on_stage(server, workers=2, clocks=1)
    run, deaths = runs.ask_for_run(source=source), 0
    while deaths < DEATHS:
        made.wait(lambda pk=run.pk: made.holder() or not is_open(pk))
        if not is_open(run.pk):  # the import was quicker than its deaths
            assert_true(run, world, truth)
            empty()
            run = runs.ask_for_run(source=source)
            continue
        time.sleep(dice.uniform(0, 0.25))
        if deaths % 2:
            deaths += made.kill_child_of_holder()
        elif made.kill_holder():
            deaths += 1
            made.start_worker()
    made.wait(lambda: not is_open(run.pk), seconds=60)
    assert_true(run, world, truth)
