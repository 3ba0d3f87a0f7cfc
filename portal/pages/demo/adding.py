"""What the demo's people added by hand: confirmed, refused, and waiting for the team."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from dashboard import grants
from dashboard.models import Grant
from meetups.links import link_key
from portal.pages.demo.people import Person
from portal.pages.demo.places_of_work import DOMAIN
from portal.pages.demo.settling import Settled, midnight

State = Grant.State
# who did it | who proposed it | who decided | work | title | days ago | state | why
_ROWS: Final = (
    ("member", "member", "lead", "tutorial", "A first campaign in ten minutes", 30, State.CONFIRMED, ""),
    ("partner", "member", "reviewer", "translation", "The installer in Portuguese", 40, State.CONFIRMED, ""),
    ("organiser", "reviewer", "lead", "role_lead", "Documentation team", 35, State.CONFIRMED, ""),
    ("member", "member", "lead", "article", "Why we moved our newsletter", 60, State.REFUSED,
     "The page asks for a password. Is there one that everybody can read?"),
    ("member", "organiser", "", "video", "A walk through segments", 6, State.PROPOSED, ""),
    ("partner", "partner", "", "design", "Icons for the new builder", 4, State.PROPOSED, ""),
)  # fmt: skip
_ANSWERED_AFTER: Final = timedelta(days=2)


def add(settled: Settled, cast: Mapping[str, Person], *, today: date) -> None:
    """Make all rows; no dice, so nothing else of the demo changes with it."""
    members = {role: settled.members[person.number] for role, person in cast.items()}
    rows = []
    for number, (who, proposer, decider, work, title, ago, state, why) in enumerate(_ROWS):
        day = grants.day_that_counts(work, today - timedelta(days=ago))
        asked_at = midnight(today) - timedelta(days=5) + timedelta(hours=number)
        url = f"https://pages.{DOMAIN}/added/{number + 1}"
        rows.append(
            Grant(
                work=work,
                member=members[who],
                title=title,
                url=url,
                link_key=link_key(url),
                done_on=day,
                state=state,
                reason=why,
                proposed_by=members[proposer],
                proposed_at=asked_at,
                decided_by=members[decider] if decider else None,
                decided_at=asked_at + _ANSWERED_AFTER if decider else None,
            )
        )
    Grant.objects.bulk_create(rows)
