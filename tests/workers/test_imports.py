"""Imports by real workers that are killed, share the work and lose their servers: what is stored equals the truth."""

from typing import Any

import pytest
import redis
from django.db import connection
from django.utils import timezone

from dashboard.models import Channel, Contribution, DeadLetter, ImportRun, Source
from dashboard.services import runs
from portal.members.models import Identity, Member
from tests.workers.worlds import Played

FIELDS = (
    "external_id", "channel__key", "identity__uid", "identity__username", "kind", "state", "thread", "title", "url",
    "likes", "occurred_at", "credited_at", "deleted_at",
)  # fmt: skip

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(120)]


def stored() -> list[tuple[Any, ...]]:
    return sorted(Contribution.objects.values_list(*FIELDS), key=repr)


def empty() -> None:
    for model in (Contribution, DeadLetter, Channel, ImportRun, Identity, Member):
        model.objects.all().delete()


def unbroken(source: Source) -> list[tuple[Any, ...]]:
    """What one undisturbed import in this process stores; gone again afterwards."""
    run = runs.run_import(runs.ask_for_run(source=source), now=timezone.now())
    assert (run.state, run.error, run.n_rejected) == ("done", "", 0)
    found = stored()
    empty()
    return found


def assert_true(run: ImportRun, world: Played, truth: list[tuple[Any, ...]]) -> None:
    """Nothing lost, nothing twice, nothing refused, and no run beside the one."""
    run.refresh_from_db()
    assert (run.state, run.error, run.n_rejected, run.n_new) == ("done", "", 0, len(world.ids))
    assert {row[0] for row in stored()} == world.ids
    assert stored() == truth
    assert not DeadLetter.objects.exists()


def is_open(run_id: int) -> bool:
    return ImportRun.objects.filter(pk=run_id, state__in=runs.OPEN).exists()


def test_two_workers_and_two_clocks_share_one_import(play: Any, on_stage: Any) -> None:
    """Each works for a moment and hands on. In the middle a pool dies, the broker forgets everything, all sessions of
    the database end, and at last one of the workers is gone for good."""
    source, world, server = play("github")
    truth = unbroken(source)
    assert {row[0] for row in truth} == world.ids
    Source.objects.update(is_enabled=False)
    made = on_stage(server, workers=2, clocks=2, budget=0.2)
    server.apps[""].seconds = 0.3
    made.wait(made.are_all_ready)
    Source.objects.update(is_enabled=True)
    made.wait(lambda: Contribution.objects.exists())  # the clocks asked for it by themselves
    made.wait(made.kill_child_of_holder)
    redis.Redis.from_url(made.redis_url).flushdb()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'worker-%'")
    made.wait(made.have_all_handed_on)
    made.wait(made.kill_holder)
    server.apps[""].seconds = 0.0
    run = ImportRun.objects.get()
    made.wait(lambda: not is_open(run.pk))
    assert_true(run, world, truth)
