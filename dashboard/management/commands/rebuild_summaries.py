"""manage.py rebuild_summaries"""

import time
from datetime import UTC
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from dashboard.models import MemberWindow, WindowTotals
from dashboard.services import summaries


class Command(BaseCommand):
    help = "Compute the summaries that the dashboard and the ranking read anew from all contributions."

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        summaries.rebuild(today=timezone.now().astimezone(UTC).date())
        people = MemberWindow.objects.filter(days=90, n__gt=0).count()
        totals = WindowTotals.objects.get(days=90).totals
        self.stdout.write(
            f"Rebuilt the summaries in {time.monotonic() - began:.1f} s: "
            f"{totals['contributions']} contributions of {people} people in the last 90 days."
        )
