"""How an import looks in a terminal: a bar where there is one, plain lines where there is none."""

import logging
import sys
import time
from types import TracebackType
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from dashboard.import_words import left_of_time
from dashboard.models import ImportRun
from dashboard.services.pages import Progress as Standing

EVERY = 2.0  # seconds between plain lines
EVERY_WAITING = 30.0  # the same while nothing happens
LONGEST = 24  # characters of a stream's name beside a bar


def _short(stream: str) -> str:
    """The end of "owner/repository issues": what tells streams apart on a narrow screen."""
    name = stream.rpartition("/")[2]
    return name if len(name) <= LONGEST else f"…{name[-LONGEST + 1 :]}"


class ImportDisplay:
    """Shows the progress of one source while it is imported."""

    def __init__(self, name: str, out: Any, *, parts: str = "streams", first: str = "looking for channels") -> None:
        self._name = name
        self._parts = parts
        self._first = first
        self._out = out
        self._began = self._last = time.monotonic()
        self._bar: Progress | None = None
        if sys.stdout.isatty() and getattr(out, "isatty", lambda: False)():
            self._bar = Progress(
                SpinnerColumn(),
                TextColumn("{task.fields[source]}", style="bold"),
                BarColumn(bar_width=16),
                MofNCompleteColumn(),
                TextColumn("{task.description}"),
                TimeElapsedColumn(),
                console=Console(file=sys.stdout),
                transient=True,
            )
            self._task = self._bar.add_task(first, total=None, source=name)

    def __enter__(self) -> "ImportDisplay":
        if self._bar:
            # The closing line of a run would be printed through the bar.
            logging.getLogger("dashboard.services.runs").setLevel(logging.WARNING)
            self._bar.start()
        else:
            self._line(self._first)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.stop()

    def show(self, standing: Standing) -> None:
        """Called after every page."""
        seconds = max(0.1, time.monotonic() - self._began)
        text = f"{standing.n_items:,} items, {standing.n_items / seconds:,.0f}/s"
        left = left_of_time(n_done=standing.n_streams_done, n_all=standing.n_streams, seconds=seconds)
        text = f"{text}, {left}" if left else text
        if self._bar:
            shown = f"{text}, {_short(standing.stream)}"
            self._bar.update(self._task, completed=standing.n_streams_done, total=standing.n_streams, description=shown)
        elif time.monotonic() - self._last >= EVERY:
            self._line(f"{standing.n_streams_done} of {standing.n_streams} {self._parts}, {text}, {standing.stream}")

    def wait(self, run: ImportRun, seconds: float) -> None:
        """Called each second while the source asks for patience or another process works on the run."""
        if run.waits_until():
            text = f"waits {seconds:.0f} s: {run.error or 'another import has the stream'}"
        else:
            text = f"a worker imports it: {run.at_stream}"
        if self._bar:
            self._bar.update(self._task, description=text)
        elif time.monotonic() - self._last >= EVERY_WAITING:
            self._line(text)

    def _line(self, text: str) -> None:
        self._last = time.monotonic()
        self._out.write(f"{self._name}: {text}")
