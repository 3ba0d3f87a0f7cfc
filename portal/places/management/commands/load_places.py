"""`manage.py load_places`: bring the table of towns in line with the file in the repository; safe to run twice."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from portal.places.gazetteer import load_places
from portal.places.models import Place


class Command(BaseCommand):
    help = "Load the gazetteer (about 34,000 towns); safe to run twice."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="do nothing when there are towns already")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["if_empty"] and Place.objects.exists():
            self.stdout.write("Towns are loaded already: nothing to do.")
            return
        started = time.monotonic()
        loaded = load_places(progress=self._show)
        seconds = time.monotonic() - started
        same = loaded.total - loaded.new - loaded.updated
        self.stdout.write(
            f"{loaded.total} towns in {seconds:.1f} s: {loaded.new} new, {loaded.updated} updated, {same} unchanged."
        )

    def _show(self, rows: int) -> None:
        if self.stdout.isatty():
            self.stdout.write(f"\r{rows} towns", ending="\r")
            self.stdout.flush()
