"""What `make test` does when something fails or is missing."""

import sys

import pytest

from portal.local import checks
from portal.local.checks import Step
from portal.local.state import LocalError


def step(name: str, code: int) -> Step:
    return Step(name, (sys.executable, "-c", f"exit({code})"))


def test_steps_stop_at_the_first_failure(capfd: pytest.CaptureFixture[str]) -> None:
    steps = [step("one", 0), step("two", 3), step("three", 0)]
    assert checks.run_steps(steps, {}) is steps[1]
    said = capfd.readouterr().out
    assert "--- two FAILED (code 3)" in said
    assert "three" not in said


def test_step_gets_its_own_environment() -> None:
    argv = (sys.executable, "-c", "import os; exit(os.environ['A'] + os.environ['B'] != 'ab')")
    assert checks.run_steps([Step("environment", argv, {"B": "b"})], {"A": "a", "B": "overridden"}) is None


@pytest.fixture
def no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without Chromium, with checks that all pass, on servers that are given."""
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(checks, "BROWSERS", ("no-such-browser",))
    for name in ("LINT", "SETTINGS", "TESTS"):
        monkeypatch.setattr(checks, name, (step(name, 0),))
    monkeypatch.setenv("DATABASE_URL", "postgres://given")
    monkeypatch.setenv("REDIS_URL", "redis://given")


@pytest.mark.usefixtures("no_browser")
@pytest.mark.parametrize(("ci", "code"), [("", 0), ("true", 1)])
def test_missing_browser_is_told_and_fails_in_ci_only(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], ci: str, code: int
) -> None:
    monkeypatch.setenv("CI", ci)
    assert checks.run_all() == code
    said = capfd.readouterr().out
    assert "LEFT OUT: the browser journeys" in said
    assert "apt-get install chromium" in said
    assert ("All checks passed." in said) is (code == 0)


@pytest.mark.usefixtures("no_browser")
def test_named_browser_runs_the_journeys(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("CHROMIUM", sys.executable)
    shown = Step("journeys", (sys.executable, "-c", "import os; print('with', os.environ['CHROMIUM'])"))
    monkeypatch.setattr(checks, "BROWSER", shown)
    assert checks.run_all() == 0
    said = capfd.readouterr().out
    assert f"with {sys.executable}" in said
    assert "LEFT OUT" not in said


@pytest.mark.usefixtures("no_browser")
def test_named_browser_that_is_none_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", "/no/such/browser")
    with pytest.raises(LocalError, match="CHROMIUM=/no/such/browser is no program"):
        checks.chromium()


@pytest.mark.usefixtures("no_browser")
def test_failed_lint_stops_before_any_server(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(checks, "LINT", (step("lint", 1),))
    monkeypatch.setattr(checks, "up", None)
    assert checks.run_all() == 1
    assert capfd.readouterr().out.endswith("FAILED: lint; the steps after it did not run.\n")


@pytest.mark.usefixtures("no_browser")
def test_failed_journeys_fail_the_run_with_all_they_said(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CHROMIUM", sys.executable)
    lost = Step("journeys", (sys.executable, "-c", "print('lost at the second page'); exit(4)"))
    monkeypatch.setattr(checks, "BROWSER", lost)
    assert checks.run_all() == 1
    said = capfd.readouterr().out
    assert said.index("TESTS: ok") < said.index("lost at the second page") < said.index("journeys FAILED (code 4)")


@pytest.mark.usefixtures("no_browser")
def test_failed_tests_end_the_journeys_beside_them(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CHROMIUM", sys.executable)
    monkeypatch.setattr(checks, "TESTS", (step("tests", 1),))
    endless = Step("journeys", (sys.executable, "-c", "import time; time.sleep(600)"))
    monkeypatch.setattr(checks, "BROWSER", endless)
    assert checks.run_all() == 1
    assert capfd.readouterr().out.endswith("FAILED: tests; the steps after it did not run.\n")
