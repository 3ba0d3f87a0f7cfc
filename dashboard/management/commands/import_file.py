"""manage.py import_file SOURCE PATH"""

from argparse import ArgumentParser
from datetime import UTC
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from dashboard.management.progress import ImportDisplay
from dashboard.models import Source
from dashboard.services import summaries
from dashboard.services.files import FileResult, import_file
from dashboard.services.pages import Progress


class Command(BaseCommand):
    help = (
        "Import a file into a source: CSV or JSON lines of records (docs/files.md tells the columns), or the zip of a "
        "Slack export. The same file again changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", metavar="SOURCE", help="name of the source, as add_source was given it")
        parser.add_argument("path", metavar="PATH", type=Path, help="file ending in .csv, .jsonl or .zip")

    def handle(self, *args: Any, **options: Any) -> None:
        source = self._source(options["source"])
        path: Path = options["path"]
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        now = timezone.now()
        try:
            with ImportDisplay(source.name, self.stdout, parts="%", first=f"reading {path.name}") as display:
                result = import_file(
                    source=source, path=path, now=now, progress=lambda part: display.show(_standing(part))
                )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except KeyboardInterrupt:
            raise CommandError(
                "Stopped. What was read is stored: start the command again to go on.", returncode=130
            ) from None
        summaries.rebuild(today=now.astimezone(UTC).date())
        for problem in result.problems:
            self.stderr.write(problem)
        if result.n_rejected > len(result.problems):
            self.stderr.write("The others are among the dead letters in the admin.")
        self.stdout.write(
            f"Imported “{path.name}” into “{source.name}”: {result.n_new} new, {result.n_updated} updated, "
            f"{result.n_skipped} skipped, {result.n_rejected} rejected."
        )

    @staticmethod
    def _source(name: str) -> Source:
        found = Source.objects.filter(name=name, is_demo=False).first()
        if found is None:
            known = ", ".join(Source.objects.filter(is_demo=False).values_list("name", flat=True)) or "none yet"
            raise CommandError(f"There is no source “{name}” (known: {known}): add one with manage.py add_source.")
        return found


def _standing(part: FileResult) -> Progress:
    """In hundredths of the file: lines are not counted before they are read."""
    counts = (part.n_new, part.n_updated, part.n_skipped, part.n_rejected)
    return Progress(part.at, 100 * part.done // max(part.total, 1), 100, *counts)
