"""manage.py add_source SERVICE --name NAME [--base-url URL] [--option key=value ...]"""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from dashboard import importers
from dashboard.models import Source
from dashboard.services import sources


class Command(BaseCommand):
    help = "Register a source of activity. Its token, if it needs one, is read from SOURCE_<NAME>_TOKEN when importing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("service", help=", ".join(importers.ADDABLE))
        parser.add_argument("--name", required=True, help="a short name of your own, such as github or forum")
        parser.add_argument("--base-url", default="", help="address of the service, when it is not the usual one")
        parser.add_argument("--option", action="append", default=[], metavar="KEY=VALUE", help="may be given again")

    def handle(self, *args: Any, **options: Any) -> None:
        is_there = Source.objects.filter(name=options["name"]).exists()
        try:
            source = sources.add_source(
                service=options["service"],
                name=options["name"],
                base_url=options["base_url"],
                options=dict(_pair(text) for text in options["option"]),
            )
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        if is_there:
            self.stdout.write(f"Source “{source.name}” is there already: nothing changed.")
            return
        info = importers.SERVICES[source.service]
        if later := info.unavailable_reason or info.caution:
            self.stdout.write(f"Added source “{source.name}” ({source.service}, {source.base_url}). {later}")
            return
        variable = sources.token_variable(source)
        token = "set" if sources.has_token(source) else "not set"
        self.stdout.write(
            f"Added source “{source.name}” ({source.service}, {source.base_url}); its token {variable} is {token}. "
            f"Import it with: manage.py import_activity --source {source.name}"
        )
        if sources.has_token(source):
            for sentence in sources.probe(source):
                self.stdout.write(sentence)


def _pair(text: str) -> tuple[str, str]:
    key, separator, value = text.partition("=")
    if not separator or not key.strip():
        raise CommandError(f"--option {text}: write it as key=value.")
    return key.strip(), value
