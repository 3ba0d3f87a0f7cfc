"""Asking for checks, doing one, and what a broken one leaves behind."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone, translation

from meetups.checking.findings import Finding, Outcome
from meetups.models import Application, Criterion, CriterionCheck
from meetups.services import checks
from meetups.services.applications import move
from meetups.tasks.checks import run_check as task
from portal.jobs.services import reconcile
from tests.meetups.factories import NOW, application_in, ready_application, reviewer

pytestmark = pytest.mark.django_db
KEYS = ["interest", "place", "organisers", "room", "launch", "rhythm"]
State = CriterionCheck.State


def finding(outcome: Outcome = Outcome.PASS, **values: Any) -> Finding:
    return Finding(outcome, values.pop("explanation", "As it should be."), values.pop("evidence", {}), **values)


@pytest.fixture
def judge(monkeypatch: pytest.MonkeyPatch):
    """Let a criterion be judged by a function of the test."""

    def replace(criterion: str, function: Any) -> None:
        monkeypatch.setitem(checks._JUDGES, criterion, function)

    return replace


def one_check(criterion: str = "room", **application: Any) -> CriterionCheck:
    row = application_in("submitted", **application)
    rows = checks.request_checks(application=row, asked_by=None, now=NOW)
    return next(check for check in rows if check.criterion == criterion)


def test_submitting_asks_for_the_six_checks_and_does_none_of_them(django_capture_on_commit_callbacks: Any) -> None:
    application = ready_application(forum_url="http://127.0.0.1:9/t/1")
    with django_capture_on_commit_callbacks() as callbacks:
        move(application=application, to="submitted", actor=application.applicant.user, now=timezone.now())
    rows = CriterionCheck.objects.filter(application=application).order_by("pk")
    assert [(row.criterion, row.state, row.revision, row.outcome) for row in rows] == [
        (key, "waiting", 1, "") for key in KEYS
    ]
    assert {row.asked_by for row in rows} == {application.applicant.user}
    assert len(callbacks) >= 6


def test_asking_again_uses_the_rows_that_wait() -> None:
    application = application_in("submitted")
    first = checks.request_checks(application=application, asked_by=None, now=NOW)
    user = reviewer()
    again = checks.request_checks(application=application, asked_by=user, now=NOW + timedelta(hours=1))
    assert [row.pk for row in again] == [row.pk for row in first]
    row = CriterionCheck.objects.get(pk=first[0].pk)
    assert (row.asked_by, row.asked_at) == (user, NOW + timedelta(hours=1))


def test_asking_again_after_a_result_keeps_the_result_as_history(judge: Any) -> None:
    check = one_check()
    judge("room", lambda application, now: finding())
    checks.run_check(check=check, now=NOW)
    again = checks.request_checks(application=check.application, asked_by=None, now=NOW)
    assert check.pk not in [row.pk for row in again]
    assert CriterionCheck.objects.filter(application=check.application, criterion="room").count() == 2


def test_check_writes_outcome_explanation_evidence_time_and_revision(judge: Any) -> None:
    check = one_check()
    Application.objects.filter(pk=check.application_id).update(revision=3)
    judge("room", lambda application, now: finding(Outcome.WARN, explanation="Look.", evidence={"room": "Library"}))
    assert checks.run_check(check=check, now=NOW) is True
    row = CriterionCheck.objects.get(pk=check.pk)
    assert (row.state, row.outcome, row.explanation, row.evidence) == ("done", "warn", "Look.", {"room": "Library"})
    assert (row.checked_at, row.revision, row.lease_until) == (NOW, 3, None)


def test_check_is_done_once() -> None:
    check = one_check()
    other = CriterionCheck.objects.get(pk=check.pk)
    assert checks.run_check(check=check, now=NOW) is True
    assert checks.run_check(check=other, now=NOW) is False


@pytest.mark.parametrize("error", [ValueError("odd"), RecursionError(), MemoryError()])
def test_error_of_one_criterion_ends_in_unknown_and_the_others_go_on(judge: Any, error: Exception) -> None:
    application = application_in("submitted", forum_url="")
    rows = checks.request_checks(application=application, asked_by=None, now=NOW)

    def breaks(application: Application, now: Any) -> Finding:
        Application.objects.raw("SELECT 1")
        raise error

    judge("place", breaks)
    for row in rows:
        checks.run_check(check=row, now=NOW)
    outcomes = {row.criterion: row.outcome for row in CriterionCheck.objects.filter(application=application)}
    assert outcomes["place"] == "unknown"
    assert [key for key in KEYS if outcomes[key] == ""] == []
    assert [key for key in KEYS if outcomes[key] == "unknown"] == ["place"]


def test_error_of_the_database_leaves_the_row_writable(judge: Any) -> None:
    check = one_check()
    judge("room", lambda application, now: list(Application.objects.extra(where=["nonsense"])))
    checks.run_check(check=check, now=NOW)
    row = CriterionCheck.objects.get(pk=check.pk)
    assert (row.outcome, row.state) == ("unknown", "waiting")


def test_unknown_is_tried_again_later_a_few_times_and_then_stays(judge: Any) -> None:
    check, now, tries = one_check("interest"), NOW, 0
    judge("interest", lambda application, now: finding(Outcome.UNKNOWN, retry_at=now + timedelta(minutes=2)))
    waits = []
    while CriterionCheck.objects.due(now).filter(pk=check.pk).exists():
        tries += 1
        assert checks.run_check(check=CriterionCheck.objects.get(pk=check.pk), now=now)
        row = CriterionCheck.objects.get(pk=check.pk)
        assert row.outcome == "unknown"
        if row.next_try_at:
            assert not checks.run_check(check=row, now=row.next_try_at - timedelta(seconds=1))
            waits.append(row.next_try_at - now)
            now = row.next_try_at
    assert (tries, row.state) == (5, "done")
    assert waits == list(checks.WAITS)


def test_retry_brings_a_new_result(judge: Any) -> None:
    check = one_check("interest")
    judge("interest", lambda application, now: finding(Outcome.UNKNOWN, retry_at=now))
    checks.run_check(check=check, now=NOW)
    judge("interest", lambda application, now: finding(Outcome.PASS))
    later = NOW + timedelta(minutes=3)
    checks.run_check(check=CriterionCheck.objects.get(pk=check.pk), now=later)
    row = CriterionCheck.objects.get(pk=check.pk)
    assert (row.outcome, row.state, row.checked_at) == ("pass", "done", later)


def test_asking_again_tries_a_postponed_check_at_once(judge: Any) -> None:
    check = one_check("interest")
    judge("interest", lambda application, now: finding(Outcome.UNKNOWN, retry_at=now + timedelta(hours=1)))
    checks.run_check(check=check, now=NOW)
    checks.request_checks(application=check.application, asked_by=None, now=NOW)
    row = CriterionCheck.objects.get(pk=check.pk)
    assert (row.state, row.next_try_at, row.attempt) == ("waiting", None, 0)


def test_retry_gives_way_to_a_look_that_was_asked_for_meanwhile(judge: Any) -> None:
    check = one_check("interest")

    def asks_again(application: Application, now: Any) -> Finding:
        checks.request_checks(application=application, asked_by=None, now=now)
        return finding(Outcome.UNKNOWN, retry_at=now)

    judge("interest", asks_again)
    checks.run_check(check=check, now=NOW)
    rows = CriterionCheck.objects.filter(application=check.application, criterion="interest").order_by("pk")
    assert [row.state for row in rows] == ["done", "waiting"]


def test_worker_that_died_is_followed_and_cannot_write_any_more(judge: Any) -> None:
    check = one_check()
    assert check.claim(now=NOW, lease=checks.LEASE)
    assert not checks.run_check(check=CriterionCheck.objects.get(pk=check.pk), now=NOW + timedelta(minutes=1))
    judge("room", lambda application, now: finding(explanation="by the second"))
    later = NOW + timedelta(minutes=7)
    assert checks.run_check(check=CriterionCheck.objects.get(pk=check.pk), now=later)
    checks._write(check, finding(Outcome.FAIL, explanation="by the first"), later)
    row = CriterionCheck.objects.get(pk=check.pk)
    assert (row.outcome, row.explanation, row.state) == ("pass", "by the second", "done")


def test_row_whose_workers_all_died_ends_unknown(judge: Any) -> None:
    check = one_check()
    judge("room", lambda application, now: pytest.fail("it has killed enough workers"))
    CriterionCheck.objects.filter(pk=check.pk).update(
        state="running", attempt=checks.MOST_TRIES, lease_until=NOW - timedelta(seconds=1)
    )
    assert checks.run_check(check=CriterionCheck.objects.get(pk=check.pk), now=NOW)
    row = CriterionCheck.objects.get(pk=check.pk)
    assert (row.outcome, row.state) == ("unknown", "done")


def test_reconciler_sends_checks_that_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    check = one_check()
    sent: list[tuple[str, Any]] = []
    monkeypatch.setattr("portal.jobs.services._send", lambda name, args, **_more: sent.append((name, args)))
    reconcile(now=timezone.now())
    assert ("meetups.tasks.run_check", (check.pk,)) in sent


def test_task_does_a_check_and_leaves_one_alone_that_is_gone() -> None:
    check = one_check("launch")
    task(check.pk)
    task(check.pk)
    task(0)
    assert CriterionCheck.objects.get(pk=check.pk).outcome in {"pass", "warn"}


@pytest.mark.parametrize("text", ["a\x00b", "a\ud800b", "x" * 100_000])
def test_text_that_the_database_cannot_hold_is_made_fit(judge: Any, text: str) -> None:
    check = one_check()
    evidence = {"room": text, "rows": [{"deep": text}], "number": 3, "none": None}
    judge("room", lambda application, now: finding(explanation=text, evidence=evidence))
    checks.run_check(check=check, now=NOW)
    row = CriterionCheck.objects.get(pk=check.pk)
    assert row.outcome == "pass"
    assert row.evidence["room"] == row.evidence["rows"][0]["deep"]
    assert row.evidence["room"] in {"ab", "a?b", "x" * 599 + "…"}
    assert (row.evidence["number"], row.evidence["none"]) == (3, None)


def test_latest_checks_are_the_newest_with_an_outcome(judge: Any, django_assert_num_queries: Any) -> None:
    check = one_check()
    application = check.application
    for key in KEYS:
        judge(key, lambda application, now: finding())
    for _round in range(3):
        for row in checks.request_checks(application=application, asked_by=None, now=NOW):
            checks.run_check(check=row, now=NOW)
    waiting = {row.criterion: row.pk for row in checks.request_checks(application=application, asked_by=None, now=NOW)}
    with django_assert_num_queries(1):
        latest = checks.latest_checks(application)
    assert list(latest) == KEYS
    assert {row.outcome for row in latest.values()} == {"pass"}
    assert all(latest[key].pk < waiting[key] and latest[key].is_pending for key in KEYS)
    newest = CriterionCheck.objects.filter(application=application, criterion="room").exclude(outcome="")
    assert latest["room"].pk == newest.order_by("-pk")[0].pk


def test_latest_checks_show_waiting_ones_while_there_is_nothing_else() -> None:
    application = application_in("submitted")
    assert checks.latest_checks(application) == {}
    checks.request_checks(application=application, asked_by=None, now=NOW)
    latest = checks.latest_checks(application)
    assert [(row.outcome, row.is_pending) for row in latest.values()] == [("", True)] * 6  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("age", "revision", "is_fresh"),
    [
        (timedelta(0), 1, True),
        (timedelta(days=7), 1, True),
        (timedelta(days=7, seconds=1), 1, False),
        (timedelta(0), 2, False),
    ],
)
def test_check_is_fresh_for_a_week_and_for_the_answers_it_saw(age: timedelta, revision: int, is_fresh: bool) -> None:
    check = one_check("launch")
    checks.run_check(check=check, now=NOW)
    Application.objects.filter(pk=check.application_id).update(revision=revision)
    latest = checks.latest_checks(Application.objects.get(pk=check.application_id))["launch"]
    assert checks.is_fresh(latest, now=NOW + age) is is_fresh


def test_check_without_an_outcome_is_not_fresh() -> None:
    check = one_check()
    assert not checks.is_fresh(check, now=NOW)
    assert not checks.is_fresh(None, now=NOW)


def test_sentences_are_kept_in_the_language_of_the_site(judge: Any) -> None:
    check = one_check("rhythm")
    with translation.override("de"):
        checks.run_check(check=check, now=NOW)
        assert translation.get_language() == "de"
    assert "Monthly: first Friday of the month, 18:00" in CriterionCheck.objects.get(pk=check.pk).explanation


def test_every_criterion_has_a_judge() -> None:
    assert list(checks._JUDGES) == KEYS == list(Criterion.values)
