"""`manage.py build_outlines countries-50m.json`: make the outlines of the big map anew; see static/vendor/README.md."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.ui import outlines_build


class Command(BaseCommand):
    help = "Make static/map/outlines.json from countries-50m.json of the npm package world-atlas."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("topology", type=Path, help="countries-50m.json of world-atlas")
        parser.add_argument("--output", type=Path, default=settings.BASE_DIR / "static" / "map" / "outlines.json")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            topology = json.loads(options["topology"].read_text(encoding="utf-8"))
            found = outlines_build.outlines(topology)
        except (OSError, ValueError, KeyError) as error:
            raise CommandError(f"{options['topology']} is no topology of world-atlas: {error}") from error
        text = outlines_build.as_json(found)
        options["output"].write_text(text, encoding="utf-8")
        rings, lines = len(found["land"]), len(found["borders"])
        self.stdout.write(f"{rings} pieces of land, {lines} borders, {len(text) / 1e3:.0f} kB: {options['output']}")
