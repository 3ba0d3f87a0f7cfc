"""Raising what looks odd in a month, and the decision of people about it."""

from collections import defaultdict
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from dashboard.models import CreditedWork
from partners.fair_play import BURST, ONE_PERSON, Item, Oddity, oddities
from partners.models import FairPlayFlag, Partner
from partners.works import people_of
from portal.jobs.transitions import MoveRefused
from portal.members.models import User

State = FairPlayFlag.State
MOST_EVIDENCE = 200


def raise_flags(*, month: date) -> int:
    """Look at every partner's credited work of a month; a flag raised before, decided or not, is left alone."""
    rows = CreditedWork.objects.filter(
        month=month, organisation_id__in=Partner.objects.current().values("organisation")
    ).values_list("organisation_id", "pk", "member_id", "credit", "credited_on", "contribution__title")
    items: dict[int, list[Item]] = defaultdict(list)
    for organisation, number, member, credit, day, title in rows:
        items[organisation].append(Item(number, member, credit, day, title))
    found = [(organisation, odd) for organisation, theirs in items.items() for odd in oddities(theirs)]
    made = FairPlayFlag.objects.bulk_create(
        [_flag(month, organisation, odd) for organisation, odd in found], ignore_conflicts=True
    )
    return len(made)


def _member_in(flag: FairPlayFlag) -> int | None:
    number = flag.subject.rpartition(":")[2]
    return int(number) if flag.kind in {BURST, ONE_PERSON} and number.isdigit() else None


def sentence(flag: FairPlayFlag) -> str:
    """What is odd, naming people as they wish to be named today: no name is kept with a flag."""
    key = _member_in(flag)
    member = people_of([key]).get(key) if key is not None else None
    words = {"who": member.display_name if member else "", "n": flag.evidence.get("n", 0), "what": flag.subject}
    told = {
        BURST: _("%(who)s: %(n)s small works credited on one day."),
        ONE_PERSON: _("%(who)s earned %(n)s %% of the month's credit."),
    }
    return told.get(flag.kind, _("%(n)s works are called nearly the same: “%(what)s”.")) % words


def _flag(month: date, organisation: int, odd: Oddity) -> FairPlayFlag:
    evidence = {"n": odd.count, "contributions": list(odd.contributions[:MOST_EVIDENCE])}
    return FairPlayFlag(
        month=month, organisation_id=organisation, kind=odd.kind, subject=odd.subject[:200], evidence=evidence
    )


@transaction.atomic
def decide(*, flag: FairPlayFlag, state: str, decision: str, by: User, now: datetime) -> FairPlayFlag:
    """What people came to; a word is needed, and a decision may be revised. Nothing follows from it by itself."""
    if state not in {State.FINE, State.ACTED}:
        raise MoveRefused(_("Choose what you came to."), reason="state")
    if not decision.strip():
        raise MoveRefused(_("Say in a sentence what you found."))
    locked = FairPlayFlag.objects.select_for_update(of=("self",)).get(pk=flag.pk)
    locked.state, locked.decision = state, decision.strip()[:500]
    locked.decided_by, locked.decided_at = by, now
    locked.save(update_fields=["state", "decision", "decided_by", "decided_at"])
    return locked
