"""The credit that sponsoring earns: once for each event and organisation, when the event was held."""

from collections.abc import Collection
from datetime import UTC, date, datetime, time

from dashboard.models import Weight, WeightVersion
from dashboard.weights import STATE_CONFERENCE
from meetups.models import Event, SponsorshipNeed
from partners.models import Sponsorship
from partners.ranking import SPONSORED
from partners.services.credit import Work


def sponsor_work(from_on: date, end_on: date, organisations: Collection[int]) -> list[Work]:
    """Sponsored events that were held from a day until another, valued by the weights of their day; newest first."""
    start, end = (datetime.combine(day, time(), UTC) for day in (from_on, end_on))
    held = (
        Sponsorship.objects.agreed()
        .filter(
            event__state=Event.State.HELD,
            event__ends_at__gte=start,
            event__ends_at__lt=end,
            partner__organisation_id__in=organisations,
        )
        .exclude(need__state=SponsorshipNeed.State.CLOSED)
        .order_by("event__ends_at", "pk")
        .values_list("pk", "event_id", "event__kind", "event__ends_at", "partner__organisation_id")
    )
    rows = list(held)
    weights = _weights() if rows else []
    found: dict[tuple[int, int], Work] = {}
    for pk, event, kind, ended_at, organisation in rows:
        state = STATE_CONFERENCE if kind == Event.Kind.CONFERENCE else ""
        day = ended_at.astimezone(UTC).date()
        credit = _credit(weights, state, day)
        if credit:
            work = Work(organisation, None, SPONSORED, state, credit, day, sponsorship=pk)
            found.setdefault((event, organisation), work)
    return sorted(found.values(), key=lambda work: work.on, reverse=True)


def _weights() -> list[tuple[date, dict[str, int]]]:
    """(in force from, credit by state) of every version that is no draft, newest first."""
    by_day: dict[date, dict[str, int]] = {}
    rows = Weight.objects.exclude(version__from_on=None).filter(kind=SPONSORED)
    for day, state, credit in rows.values_list("version__from_on", "state", "credit"):
        if day is not None:
            by_day.setdefault(day, {})[state] = credit
    starts = {day for day in WeightVersion.objects.values_list("from_on", flat=True) if day is not None}
    return [(day, by_day.get(day, {})) for day in sorted(starts, reverse=True)]


def _credit(versions: list[tuple[date, dict[str, int]]], state: str, day: date) -> int:
    weights = next((weights for from_on, weights in versions if from_on <= day), {})
    return weights.get(state, weights.get("", 0))
