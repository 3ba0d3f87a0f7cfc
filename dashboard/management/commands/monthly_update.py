"""manage.py monthly_update --month YYYY-MM [--post] [--dry-run]"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from dashboard import periods
from dashboard.models import MonthlyUpdate
from dashboard.services import reports, updates
from dashboard.services.reports import TooEarly
from portal.jobs.transitions import MoveRefused


class Command(BaseCommand):
    help = "Freeze a month's figures and write the draft of its update; with --post, publish it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--month", required=True, help="such as 2026-10")
        parser.add_argument("--post", action="store_true", help="publish: archive, feed, Slack channels and mails")
        parser.add_argument("--dry-run", action="store_true", help="print the draft and keep nothing")

    def handle(self, *args: Any, month: str, post: bool = False, dry_run: bool = False, **options: Any) -> None:
        period = periods.parse(month)
        if period is None or period.kind != "month":
            raise CommandError(f"“{month}” is no month: write it as 2026-10.")
        now = timezone.now()
        try:
            if dry_run:
                self._show(reports.preview(period=period, now=now))
                return
            update = updates.draft(report=reports.freeze(period=period, now=now))
            was_published = update.is_published
            if post:
                update = updates.publish(update=update, by=None, now=now)
        except (TooEarly, MoveRefused) as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(_closing(update, was_published=was_published))

    def _show(self, texts: tuple[str, str]) -> None:
        title, body = texts
        self.stdout.write(f"# {title}\n\n{body}\n\nNothing was kept.")


def _closing(update: MonthlyUpdate, *, was_published: bool) -> str:
    if not update.is_published:
        return f"“{update.title}” waits as a draft in the admin."
    if was_published:
        return f"“{update.title}” was published before; nothing changed."
    channels = ", ".join(update.posts.values_list("channel", flat=True)) or "no Slack channel"
    return f"“{update.title}” is published; to be posted to {channels} and mailed to its readers."
