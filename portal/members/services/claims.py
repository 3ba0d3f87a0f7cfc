"""Claims about where people work: suggested from what accounts say, told by mail, lapsing when nobody answers."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import connection, transaction
from django.urls import reverse

from portal.mail import services as mail
from portal.members.domains import ANY_ENDING, PUBLIC_PROVIDERS
from portal.members.models import Affiliation, User

#: A claim that the person does not answer counts for nothing and goes away after three months.
LAPSES_AFTER = timedelta(days=91)
_SALT = "portal.members.claim"

# A verified address at an organisation's own domain, or a profile that names it; the address weighs more. Both say
# where somebody is now, so the claim begins today. What the person was asked about before is not asked again, and one
# claim for each person is enough.
_SUGGEST = """
WITH trusted AS (
    SELECT organisation_id, domain FROM members_organisationdomain
    WHERE domain <> ALL(%(providers)s) AND split_part(domain, '.', 1) <> ALL(%(endings)s)
), said AS (
    SELECT i.member_id, d.organisation_id, 'domain' AS source, 2 AS rank, i.created_at
    FROM members_identity i JOIN trusted d ON d.domain = split_part(i.email_key, '@', 2)
    WHERE i.email_key <> '' AND i.is_email_verified
    UNION ALL
    SELECT m.id, d.organisation_id, 'domain', 2, m.created_at
    FROM account_emailaddress e JOIN members_member m ON m.user_id = e.user_id
    JOIN trusted d ON d.domain = lower(split_part(e.email, '@', 2))
    WHERE e.verified
    UNION ALL
    SELECT i.member_id, o.id, 'profile', 3, i.created_at
    FROM members_identity i
    JOIN members_organisation o
      ON members_folded(ltrim(i.employer, '@ ')) IN (members_folded(o.name), replace(o.slug, '-', ' '))
    WHERE i.employer <> ''
), best AS (
    SELECT DISTINCT ON (member_id) said.* FROM said
    JOIN members_organisation o ON o.id = said.organisation_id
    JOIN members_member m ON m.id = said.member_id AND m.merged_into_id IS NULL AND m.erased_at IS NULL
     AND m.bot_state <> 'bot' AND m.is_demo = o.is_demo
    WHERE NOT EXISTS (
        SELECT FROM members_affiliation a WHERE a.member_id = said.member_id
         AND (a.organisation_id = said.organisation_id
              OR a.rejected_at IS NULL AND a.lapsed_at IS NULL AND a.days && daterange(%(today)s, NULL)))
    ORDER BY member_id, rank, said.created_at, organisation_id
)
INSERT INTO members_affiliation (member_id, organisation_id, days, source, created_at)
SELECT member_id, organisation_id, daterange(%(today)s, NULL), source, %(now)s FROM best
ON CONFLICT DO NOTHING
RETURNING id
"""


def suggest_affiliations(*, now: datetime) -> int:
    """Suggest what accounts say; the people who sign in here are asked by mail. Returns how many are new."""
    values: dict[str, Any] = {
        "now": now,
        "today": now.date(),
        "providers": sorted(PUBLIC_PROVIDERS),
        "endings": sorted(ANY_ENDING),
    }
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_SUGGEST, values)
            made = [pk for (pk,) in cursor.fetchall()]
        rows = Affiliation.objects.filter(pk__in=made, member__user__isnull=False)
        for claim in rows.select_related("member__user", "organisation"):
            tell_of_claim(affiliation=claim)
    return len(made)


def lapse_claims(*, now: datetime) -> int:
    """End the claims that nobody answered for three months; returns how many."""
    return Affiliation.objects.pending().filter(created_at__lt=now - LAPSES_AFTER).update(lapsed_at=now)


def tell_of_claim(*, affiliation: Affiliation) -> bool:
    """Mail the person a link with which they say yes or no; False when they have no account, or were told before."""
    user: User | None = affiliation.member.user
    if user is None or not user.is_active or user.is_demo or affiliation.confirmed_at is not None:
        return False
    message = mail.queue(
        kind="affiliation_claim",
        about=f"affiliation:{affiliation.pk}",
        address=user.email,
        recipient_key=f"user:{user.pk}",
        language=user.language,
        time_zone=user.time_zone or "UTC",
        context={
            "organisation": affiliation.organisation.name,
            "url": settings.SITE_URL + reverse("pages:claim", args=[claim_token(affiliation)]),
        },
    )
    return message is not None


def claim_token(affiliation: Affiliation) -> str:
    """The secret of the link; it opens this one claim for its person and nothing else."""
    return signing.dumps([affiliation.pk, affiliation.member_id], salt=_SALT)


def claim_of(token: str) -> Affiliation | None:
    """The claim that a link is about; None for a broken or old link, and when the person is another by now."""
    try:
        pk, member = signing.loads(token, salt=_SALT, max_age=LAPSES_AFTER)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    rows = Affiliation.objects.select_related("organisation", "member")
    return rows.filter(pk=pk, member__erased_at=None, lapsed_at=None).filter(member=member).first()
