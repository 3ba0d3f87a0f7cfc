"""The badge a partner may show elsewhere: its words and its width."""

from datetime import date
from typing import Any

from django.conf import settings
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

from partners.models import Partner
from partners.ranking import Standing

#: A drawing cannot measure text: so wide is a sign of its font at most, and so much room is beside it.
SIGN, ROOM, SMALLEST = 7.4, 74, 220


def badge_texts(partner: Partner, standing: Standing | None, month: date) -> dict[str, Any]:
    """First line: who of which community; second: the rank of the month, or the tier where there is none."""
    head = _("%(community)s partner") % {"community": settings.COMMUNITY.name}
    if standing is not None and standing.score:
        words = {"rank": standing.rank, "month": format_date(month, "F Y")}
        note = _("Rank %(rank)s in %(month)s") % words
    else:
        note = _("%(tier)s member") % {"tier": partner.get_tier_display()}
    width = max(SMALLEST, round(max(len(head), len(note)) * SIGN) + ROOM)
    rank = str(standing.rank) if standing is not None and standing.score else ""
    return {"head": head, "note": note, "name": partner.organisation.name, "rank": rank, "width": width}
