"""`manage.py import_affiliations FILE [--save] [--confirmed]`: dated affiliations, shown before they are saved."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from portal.members.services.affiliation_files import read_affiliations, store_affiliations
from portal.pages.affiliation_file import preview


class Command(BaseCommand):
    help = "Read dated affiliations from a CSV file (handle, organisation, from, to) and print what would change."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--save", action="store_true", help="save it; without this nothing is written")
        parser.add_argument("--confirmed", action="store_true", help="these people confirmed it: it counts at once")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            rows = read_affiliations(options["file"].read_text(encoding="utf-8-sig"))
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{options['file']} cannot be read: {error}") from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        found = preview(rows)
        for row in rows:
            words = row.problem or row.action
            self.stdout.write(f"{row.line}: {row.handle}, {row.organisation}: {words}")
        months = ", ".join(f"{month:%Y-%m}" for month in found.months) or "none"
        self.stdout.write(f"Accepted work that changes hands: {found.accepted}, in these months: {months}.")
        if not options["save"]:
            self.stdout.write("Nothing was saved: add --save to do it.")
            return
        number = store_affiliations(rows, has_their_word=options["confirmed"])
        self.stdout.write(f"{number} affiliations saved, {found.counts.get('problem', 0)} lines left out.")
