"""manage.py rebuild_summaries [--check]"""

import time
from datetime import UTC
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from dashboard.models import MemberWindow, WindowTotals
from dashboard.services import agreement, summaries


class Command(BaseCommand):
    help = "Compute the summaries that the dashboard and the ranking read anew from all contributions."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check",
            action="store_true",
            help="change nothing that is up to date: count everything once more, one contribution at a time, and say "
            "whether the summaries agree (exit code 1 when not)",
        )

    def handle(self, *args: Any, check: bool = False, **options: Any) -> None:
        began = time.monotonic()
        if check:
            self._check(began)
            return
        summaries.rebuild(today=timezone.now().astimezone(UTC).date())
        people = MemberWindow.objects.filter(days=90, n__gt=0).count()
        totals = WindowTotals.objects.get(days=90).totals
        self.stdout.write(
            f"Rebuilt the summaries in {time.monotonic() - began:.1f} s: "
            f"{totals['contributions']} contributions of {people} people in the last 90 days."
        )

    def _check(self, began: float) -> None:
        found = agreement.check_stored(now=timezone.now())
        took = f"{time.monotonic() - began:.1f} s"
        if found:
            for sentence in found:
                self.stderr.write(sentence)
            raise CommandError(f"The summaries do not agree with the contributions ({took}).")
        self.stdout.write(f"The summaries agree with a recount of every contribution ({took}).")
