"""Letters of people who were erased."""

from collections.abc import Collection
from typing import Any

from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Cast, Concat

from portal.jobs.models import Leased
from portal.mail.models import Message

FORGOTTEN = "erased@invalid.invalid"


def export_for(addresses: Collection[str], recipient_key: str = "") -> dict[str, list[Any]]:
    """What was sent to these addresses, and when; the text of a letter is not kept."""
    rows = _letters(addresses, recipient_key).order_by("pk")
    return {"letters": list(rows.values("kind", "address", "created_at", "sent_at"))}


def erase(addresses: Collection[str], recipient_key: str = "") -> None:
    """What waits is not sent any more; of the rest stays that something was sent, not to whom."""
    rows = _letters(addresses, recipient_key)
    rows.exclude(state=Leased.State.DONE).delete()
    key = Concat(Value("erased:"), Cast(F("pk"), CharField()))
    rows.update(address=FORGOTTEN, recipient_key=key, context={})


def _letters(addresses: Collection[str], recipient_key: str) -> Any:
    wanted = Q(address__in=list(addresses)) | Q(recipient_key__in=[*addresses, recipient_key or "-"])
    return Message.objects.filter(wanted)
