"""manage.py load_benchmark --contributions N --members M --seed S"""

import time
from datetime import UTC, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from dashboard.management.progress import ImportDisplay
from dashboard.services import summaries
from dashboard.services.benchmark_load import NotEmpty, load
from dashboard.services.pages import Progress


class Command(BaseCommand):
    help = (
        "Fill an empty database with an invented community of any size, for measurements; the same for the same seed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--contributions", type=int, default=200_000)
        parser.add_argument("--members", type=int, default=5_000)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--beside-real-data", action="store_true", help="load although the database is not empty")

    def handle(self, *args: Any, **options: Any) -> None:
        n, people = options["contributions"], options["members"]
        if n < 1 or people < 10:
            raise CommandError("It takes one contribution and ten members at least.")
        today = timezone.now().astimezone(UTC).date()
        began = time.monotonic()
        try:
            with ImportDisplay("benchmark", self.stdout, parts="hundredths", first="inventing people") as display:
                load(
                    contributions=n,
                    people=people,
                    seed=options["seed"],
                    until=today - timedelta(days=1),
                    is_beside=options["beside_real_data"],
                    progress=lambda done: display.show(Progress("threads", 100 * done // n, 100, done, 0, 0, 0)),
                )
        except NotEmpty as problem:
            raise CommandError(str(problem)) from problem
        loaded = time.monotonic()
        summaries.rebuild(today=today)
        self.stdout.write(
            f"Loaded {n} contributions of {people} members in {loaded - began:.1f} s "
            f"({n / (loaded - began):,.0f} a second), summaries in {time.monotonic() - loaded:.1f} s."
        )
