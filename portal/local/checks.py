"""`make test`: every check and test in order, stopping at the first that fails, on bundled servers of its own."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field

from portal.local.bundle import up
from portal.local.state import ROOT, LocalError, var_dir

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
#: What a production has at least; `check --deploy` must find nothing to say about it.
PRODUCTION = {
    "DEBUG": "0",
    "SITE_URL": "https://portal.example.org",
    "ALLOWED_HOSTS": "portal.example.org",
    "SECRET_KEY": "a-key-of-this-check-only-that-is-long-enough-and-never-used-anywhere-else-0123456789",
}


@dataclass(frozen=True)
class Step:
    """One check: its name for people, its command, and what it needs in the environment."""

    name: str
    argv: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)


def _python(name: str, *arguments: str, **environment: str) -> Step:
    return Step(name, (sys.executable, *arguments), environment)


LINT = (
    _python("ruff", "-m", "ruff", "check", "--quiet", "."),
    _python("ruff format", "-m", "ruff", "format", "--check", "--quiet", "."),
    _python("mypy", "-m", "mypy"),
    Step("import contract", (sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()")),
    _python("djlint format", "-m", "djlint", "--check", "--quiet", "templates"),
    _python("djlint", "-m", "djlint", "--lint", "--quiet", "templates"),
)
SETTINGS = (
    _python("migrations are complete", "manage.py", "makemigrations", "--check", "--dry-run"),
    _python("check --deploy", "manage.py", "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION),
)
TESTS = (_python("pytest", "-m", "pytest", "-m", "not browser", "-n", "2"),)
BENCHMARK = (
    _python("benchmark of the directory", "-m", "tests.benchmarks.directory"),
    _python("benchmark of imports", "-m", "tests.benchmarks.imports", LOG_LEVEL="WARNING"),
    _python("benchmark of the dashboard", "-m", "tests.benchmarks.dashboard"),
    _python("benchmark of matching", "-m", "tests.benchmarks.identities"),
)
#: Real workers killed a hundred times and servers restarted under them; the plain run has a short form of it.
SOAK = (_python("workers that die", "-m", "pytest", "tests/workers", SOAK="1"),)
#: The long tables of faults and all invented inputs; the plain run takes a part of them.
THOROUGH = (
    _python(
        "every row", "-m", "pytest", "tests/dashboard/importers", "tests/test_migrations.py", "-n", "2", THOROUGH="1"
    ),
)
BROWSER = _python("browser journeys", "-m", "pytest", "-m", "browser")
#: What runs on its own: the steps, and the command people know it by.
SMALL = {
    "settings": (SETTINGS, "`make check`"),
    "benchmark": (BENCHMARK, "`make benchmark`"),
    "soak": (SOAK, "`make soak`"),
    "thorough": (THOROUGH, "`make thorough`"),
}

LEFT_OUT = """
  ****************************************************************************************
  *  LEFT OUT: the browser journeys, for want of a Chromium.                              *
  *  Get one (Debian: apt-get install chromium), or name one with CHROMIUM=/path/to/it.   *
  ****************************************************************************************"""


def chromium() -> str | None:
    """The browser for the journeys: CHROMIUM, else one from the PATH."""
    if named := os.environ.get("CHROMIUM"):
        if shutil.which(named) is None:
            raise LocalError(f"CHROMIUM={named} is no program: name the browser's path, or unset it.")
        return named
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


def run_steps(steps: Sequence[Step], environment: Mapping[str, str]) -> Step | None:
    """Runs one after the other; the step that failed, at which it stops."""
    for step in steps:
        print(f"--- {step.name}", flush=True)
        began = time.monotonic()
        done = subprocess.run(step.argv, cwd=ROOT, env={**os.environ, **environment, **step.environment}, check=False)
        if done.returncode != 0:
            print(f"--- {step.name} FAILED (code {done.returncode})", flush=True)
            return step
        print(f"    {step.name}: ok, {time.monotonic() - began:.1f} s", flush=True)
    return None


@contextmanager
def beside(step: Step, environment: Mapping[str, str]) -> Iterator[Callable[[], Step | None]]:
    """Runs a step while others run: it waits for its portal and pages more than it computes.

    What is given is to be called once the others are done: it waits, prints all the step said in one piece, and
    answers with the step when it failed. Left without that call, the step is asked to end.
    """
    began = time.monotonic()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            step.argv, cwd=ROOT, env={**os.environ, **environment, **step.environment},
            stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT,
        )  # fmt: skip

        def finish() -> Step | None:
            code = process.wait()
            took = time.monotonic() - began
            said.seek(0)
            print(f"--- {step.name}\n{said.read().decode(errors='replace')}", end="", flush=True)
            print(f"--- {step.name} FAILED (code {code})" if code else f"    {step.name}: ok, {took:.1f} s", flush=True)
            return step if code else None

        try:
            yield finish
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ctrl-C first, which lets it stop what it started."""
    if process.poll() is not None:
        return
    process.send_signal(signal.SIGINT)
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def run_all() -> int:
    """Everything `make test` stands for; 0 when nothing failed."""
    browser = chromium()
    if failed := run_steps(LINT, {"PORTAL_VAR": str(var_dir())}):
        return _report(failed)
    with up(var_dir(), "`make test`", is_durable=False) as addresses:
        if browser:
            addresses["CHROMIUM"] = browser
        with beside(BROWSER, addresses) if browser else nullcontext(lambda: None) as journeys:
            failed = run_steps([*SETTINGS, *TESTS], addresses) or journeys()
    if failed is None and browser is None:
        print(LEFT_OUT, flush=True)
        if os.environ.get("CI"):
            print("With CI set that is a failure.", flush=True)
            return 1
    return _report(failed)


def _report(failed: Step | None) -> int:
    print(f"FAILED: {failed.name}; the steps after it did not run." if failed else "All checks passed.", flush=True)
    return 1 if failed else 0


def main(what: str) -> int:
    """`all`, `lint`, `settings`, `benchmark`, `soak` or `thorough`."""
    # Its own state, so that a portal that runs beside is not disturbed.
    os.environ["PORTAL_VAR"] = os.environ.get("PORTAL_VAR") or "var/test"
    try:
        if what == "lint":
            return _report(run_steps(LINT, {}))
        if what in SMALL:
            steps, named = SMALL[what]
            with up(var_dir(), named, is_durable=False) as addresses:
                return _report(run_steps(steps, addresses))
        return run_all()
    except LocalError as error:
        print(str(error), file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "all"))
