"""manage.py load_demo [--today YYYY-MM-DD] [--seed N]"""

import time
from argparse import ArgumentParser
from datetime import UTC, date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from portal.pages.demo import loading


class Command(BaseCommand):
    help = "Fill an empty database with the demo community; remove_demo takes it away again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--today", type=_day, help="the day the demo ends on (default: today)")
        parser.add_argument("--seed", type=int, default=loading.SEED, help="another number is another community")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        today = options["today"] or now.astimezone(UTC).date()
        if today > now.astimezone(UTC).date():
            raise CommandError("--today lies in the future: choose today or an earlier day.")
        started = time.monotonic()
        try:
            loaded = self._load(today, options["seed"])
        except loading.NotEmpty as problem:
            raise CommandError(str(problem)) from problem
        width = max(len(signin.email) for signin in loaded.signins)
        for signin in loaded.signins:
            self.stdout.write(f"  {signin.role:<10} {signin.email:<{width}}  {signin.password}")
        self.stdout.write(
            f"Demo loaded in {time.monotonic() - started:.1f} s: {loaded.people:,} people, {loaded.groups} groups, "
            f"{loaded.events} events, {loaded.contributions:,} contributions; sign in with the addresses above."
        )

    def _load(self, today: date, seed: int) -> loading.Loaded:
        now = timezone.now()
        if not self.stdout.isatty():
            return loading.load(today=today, now=now, seed=seed, progress=self._line)
        bar = Progress(
            TextColumn("{task.description:<34}"),
            BarColumn(),
            TaskProgressColumn(),
            TimeElapsedColumn(),
            console=Console(force_terminal=True),
            transient=True,
        )
        with bar:
            task = bar.add_task("Loading the demo community", total=1.0)
            return loading.load(
                today=today,
                now=now,
                seed=seed,
                progress=lambda part, what: bar.update(task, completed=part, description=what[:34]),
            )

    def _line(self, part: float, what: str) -> None:
        """Plain lines for logs: each step once, channels left out."""
        if not what.startswith("Storing "):
            self.stdout.write(f"{part:4.0%} {what}")
            self.stdout.flush()


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"--today {text}: write it as 2026-11-24.") from error
