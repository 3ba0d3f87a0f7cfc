"""`manage.py rank_partners --month YYYY-MM`: rank a month and freeze it; again changes nothing."""

from argparse import ArgumentParser
from datetime import UTC, date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from dashboard.services import summaries
from partners.models.runs import Preset
from partners.services.rankings import last_month, utc_today
from partners.services.runs import Outcome, rank_month


class Command(BaseCommand):
    help = "Ranks the partners by a month's credit and freezes the result. Run again, it changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--month", metavar="YYYY-MM", help="the last whole month when not given")
        parser.add_argument("--preset", choices=Preset.values, default="", help="instead of the rule in force")
        parser.add_argument("--dry-run", action="store_true", help="show the standings and freeze nothing")
        parser.add_argument("--reason", default="", help="correct a frozen month by a new revision, and say why")

    def handle(self, *args: Any, **options: Any) -> None:
        today = utc_today()
        month = _month(options["month"]) if options["month"] else last_month(today)
        summaries.rebuild_if_stale(timezone.now())
        try:
            outcome = rank_month(
                month=month,
                today=today,
                preset=options["preset"],
                reason=options["reason"],
                is_dry=options["dry_run"],
            )
        except ValidationError as problem:
            raise CommandError(" ".join(problem.messages)) from problem
        for standing in outcome.computed.standings:
            self.stdout.write(f"{standing.rank:>4}  {standing.score:>6}  {standing.contributors:>4}  {standing.name}")
        for line in outcome.difference:
            self.stdout.write(f"      {line['name']}: rank {_arrow(line['rank'])}, credit {_arrow(line['score'])}")
        self.stdout.write(_closing(outcome, f"{month:%Y-%m}", is_dry=options["dry_run"]))


def _month(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m").replace(tzinfo=UTC).date()
    except ValueError as error:
        raise CommandError(f"{text!r} is no month: write it as 2026-10.") from error


def _arrow(pair: list[int | None]) -> str:
    before, after = ("none" if value is None else str(value) for value in pair)
    return f"{before} → {after}"


def _closing(outcome: Outcome, month: str, *, is_dry: bool) -> str:
    n = len(outcome.computed.standings)
    if is_dry:
        return f"{month}: {n} partners ranked, nothing frozen."
    if outcome.run is None:
        return f"{month}: nothing frozen."
    if outcome.is_new:
        return f"{month}: {n} partners ranked and frozen as revision {outcome.run.revision}."
    differs = f"; {len(outcome.difference)} would differ today (--reason corrects)" if outcome.difference else ""
    return f"{month} is frozen as revision {outcome.run.revision}, nothing changed{differs}."
