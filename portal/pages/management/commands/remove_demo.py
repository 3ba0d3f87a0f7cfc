"""manage.py remove_demo"""

import time
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from portal.pages.demo import removal


class Command(BaseCommand):
    help = "Take the demo community away; everything that is not demo stays. Safe to run twice."

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        removed = removal.remove(now=timezone.now())
        kept = f"; {removed.kept} members stay, since something real belongs to them" if removed.kept else ""
        self.stdout.write(
            f"Demo removed in {time.monotonic() - started:.1f} s: {removed.people:,} people, {removed.groups} groups, "
            f"{removed.contributions:,} contributions{kept}."
        )
