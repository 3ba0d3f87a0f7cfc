"""What is left of the calls a source may make, and the gate its importers pass before each of them.

Pages read `quota_left(source)`; it is stored, so it is there without asking the service or Redis.
"""

from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings

from dashboard.models import Source, SourceQuota
from portal.clients.gate import Gate, OpenGate
from portal.clients.shared_gate import SharedGate, gate_key


def gate_for(source: Source, token: str) -> SharedGate:
    """The gate of whatever credential the source uses; sources with the same one share it.

    A server of one's own (in ALLOWED_PRIVATE_HOSTS) has limits of its own: what it says is kept to, the pace that the
    public services document is not.
    """
    address = urlsplit(source.base_url)
    port = address.port or (443 if address.scheme == "https" else 80)
    host = f"{address.hostname or ''}:{port}"
    key = gate_key(settings.SECRET_KEY, service=source.service, host=host, credential=token.strip())
    is_paced = host not in {pair.lower() for pair in settings.ALLOWED_PRIVATE_HOSTS}
    return SharedGate(settings.CELERY_BROKER_URL, key, holder=f"source-{source.pk}", is_paced=is_paced)


def keep_quotas(*, source: Source, gate: Gate, now: datetime) -> None:
    """Store what the service said on the way; nothing where it said nothing."""
    quotas = gate.quotas.values() if isinstance(gate, OpenGate) else []
    SourceQuota.objects.bulk_create(
        (
            SourceQuota(
                source=source,
                name=one.name,
                left=_bounded(one.left),
                most=None if one.most is None else _bounded(one.most),
                resets_at=one.resets_at,
                seen_at=now,
            )
            for one in quotas
        ),
        update_conflicts=True,
        unique_fields=["source", "name"],
        update_fields=["left", "most", "resets_at", "seen_at"],
    )


def _bounded(number: int) -> int:
    """What a column holds, whatever a service says."""
    return min(max(number, 0), 2**31 - 1)


def quota_left(source: Source) -> list[SourceQuota]:
    """What the service last said is left, the scarcest allowance first; empty where it says nothing (Slack, forums).

    Each has `name` (GitHub: "core" and "graphql"; else "calls"), `left`, `most` (None where not told), `resets_at`
    (None where not told; `is_reset(now)` says that it has passed, so that `left` is history) and `seen_at`.
    Prefetch `quotas` where many sources are shown.
    """
    return sorted(source.quotas.all(), key=lambda one: (one.share, one.name))
