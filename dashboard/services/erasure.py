"""What a person is told of what they did, and what is left of it when they are erased: the counts."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from dashboard.models import Contribution, Grant
from dashboard.services import updates
from dashboard.services.staleness import mark_stale
from portal.members.models import Member

_FIELDS = ("source__name", "channel__name", "kind", "state", "title", "url", "occurred_at", "credited_at", "deleted_at")
_GRANT_FIELDS = ("work", "title", "url", "done_on", "state", "reason", "proposed_at", "decided_at", "withdrawn_at")


def export_for(member: Member) -> dict[str, list[Any]]:
    """Every contribution of the member, and what was or is to be added by hand, oldest first."""
    rows = Contribution.objects.filter(identity__member=member).order_by("occurred_at", "pk")
    grants = Grant.objects.about(member).order_by("proposed_at", "pk")
    return {"contributions": list(rows.values(*_FIELDS)), "added_by_hand": list(grants.values(*_GRANT_FIELDS))}


def erase(member: Member, *, now: datetime | None = None) -> None:
    """Titles and links go; kind and time stay, since the totals stand on them. An import brings neither back."""
    with transaction.atomic():
        updates.forget(member=member)
        rows = Contribution.objects.filter(identity__member=member)
        rows.exclude(title="", url="").update(title="", url="")
        added = Grant.objects.filter(member=member)
        added.exclude(state=Grant.State.CONFIRMED).delete()
        added.update(title="", url="", link_key="", reason="")
        mark_stale(now or timezone.now())
