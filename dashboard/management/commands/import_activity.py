"""manage.py import_activity [--source NAME]"""

import time
from argparse import ArgumentParser
from collections import Counter
from datetime import UTC
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from dashboard import importers
from dashboard.management.progress import ImportDisplay
from dashboard.models import ImportRun, Source
from dashboard.services import runs, sources, summaries

LONGEST_WAIT = 180  # seconds that the command waits out itself; longer ones are the worker's
POLL = 1.0


class Command(BaseCommand):
    help = "Import what is new from one source, or from all of them, and rebuild the summaries."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--source", metavar="NAME", help="only this one")

    def handle(self, *args: Any, **options: Any) -> None:
        chosen = self._sources(options["source"])
        counts: Counter[str] = Counter()
        problems = []
        for source in chosen:
            try:
                with ImportDisplay(source.name, self.stdout) as display:
                    run = self._import(source, display)
            except KeyboardInterrupt:
                raise CommandError(
                    "Stopped. What was read is stored: start the command again to go on.", returncode=130
                ) from None
            counts.update(
                {"new": run.n_new, "updated": run.n_updated, "skipped": run.n_skipped, "rejected": run.n_rejected}
            )
            problem = _problem(run)
            if problem:
                problems.append(f"{source.name}: {problem}")
        summaries.rebuild(today=timezone.now().astimezone(UTC).date())
        for problem in problems:
            self.stderr.write(problem)
        what = f"{len(chosen)} sources" if len(chosen) != 1 else f"“{chosen[0].name}”"
        closing = (
            f"Imported {what}: {counts['new']} new, {counts['updated']} updated, {counts['skipped']} skipped, "
            f"{counts['rejected']} rejected."
        )
        self.stdout.write(closing)
        if problems:
            raise SystemExit(1)

    @staticmethod
    def _sources(name: str | None) -> list[Source]:
        sources.ensure_portal_source()
        found = list(Source.objects.filter(is_demo=False, **({"name": name} if name else {"is_enabled": True})))
        if name and not found:
            known = ", ".join(Source.objects.filter(is_demo=False).values_list("name", flat=True)) or "none yet"
            raise CommandError(f"There is no source “{name}” (known: {known}).")
        if name and not found[0].is_enabled:
            later = importers.SERVICES[found[0].service].unavailable_reason
            raise CommandError(later or f"The source “{name}” is switched off.")
        if not found:
            raise CommandError("There is no source yet: add one with manage.py add_source.")
        return found

    def _import(self, source: Source, display: ImportDisplay) -> ImportRun:
        """Work on the source's open run here until it is over; watch when a worker has it already."""
        run = runs.ask_for_run(source=source)
        while True:
            runs.run_import(run, now=timezone.now(), progress=display.show, budget=None)
            run.refresh_from_db()
            if not run.is_open:
                return run
            until = run.waits_until()
            wait = (until - timezone.now()).total_seconds() if until else POLL
            if wait > LONGEST_WAIT:
                return run
            display.wait(run, wait)
            time.sleep(max(0.1, min(wait, POLL)))


def _problem(run: ImportRun) -> str:
    if run.is_open:
        return (
            f"{run.error} The worker goes on at {run.next_try_at:%H:%M} UTC; so does this command, started again then."
        )
    return run.error
