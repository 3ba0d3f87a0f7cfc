"""Reports of the Code of Conduct and the people who wrote them."""

from typing import Any

from portal.conduct.models import Report
from portal.members.models import Member


def export_for(member: Member) -> dict[str, list[Any]]:
    """The reports the member sent in. Who reported them, and what, is not theirs to read."""
    rows = Report.objects.filter(reporter=member).order_by("pk")
    return {"reports_sent": list(rows.values("what_happened", "when_where", "subject_label", "contact", "created_at"))}


def erase(member: Member) -> None:
    """A report stays, since others may need protection; it no longer says who sent it or how to reach them."""
    Report.objects.filter(reporter=member).update(reporter=None, contact="")
