"""Two people ask at once, and two workers have the same nudge."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from meetups.checking.findings import Finding, Outcome
from meetups.models import CriterionCheck
from meetups.services import checks
from tests.meetups.factories import NOW, application_in

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(work: Callable[[], Any]) -> list[Any]:
    """What two threads come to that begin in the same moment."""
    barrier = Barrier(2)

    def run(_number: int) -> Any:
        try:
            barrier.wait(timeout=10)
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(run, range(2)))


def test_asking_twice_in_the_same_moment_makes_six_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.jobs.services._send", lambda name, args: None)
    application = application_in("submitted")
    asked = at_once(lambda: checks.request_checks(application=application, asked_by=None, now=NOW))
    assert [row.pk for row in asked[0]] == [row.pk for row in asked[1]]
    assert CriterionCheck.objects.filter(application=application).count() == 6


def test_two_workers_do_a_check_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.jobs.services._send", lambda name, args: None)
    application = application_in("submitted")
    first = checks.request_checks(application=application, asked_by=None, now=NOW)[0]
    looks: list[int] = []

    def look(application: Any, now: Any) -> Finding:
        looks.append(1)
        return Finding(Outcome.PASS, "Fine.")

    monkeypatch.setitem(checks._JUDGES, "interest", look)
    done = at_once(lambda: checks.run_check(check=CriterionCheck.objects.get(pk=first.pk), now=NOW))
    assert (sorted(done), looks) == ([False, True], [1])
