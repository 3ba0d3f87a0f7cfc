"""When people are looked at: matching after imports and every ten minutes, claims once a day."""

from celery import shared_task
from django.utils import timezone

from portal.members.services.claims import lapse_claims, suggest_affiliations
from portal.members.services.matching import match_if_changed


@shared_task(name="portal.members.tasks.match_identities")
def match_identities() -> None:
    """Harmless when it runs twice: nothing is done unless something changed since the last run."""
    match_if_changed(now=timezone.now())


@shared_task(name="portal.members.tasks.look_after_claims")
def look_after_claims() -> None:
    """Daily: what accounts say about where people work is suggested to them; what nobody answered lapses."""
    now = timezone.now()
    lapse_claims(now=now)
    suggest_affiliations(now=now)
