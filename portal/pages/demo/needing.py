"""What the demo's groups and its next camp would like to be given."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from meetups.models import Event, Group, SponsorshipNeed
from portal.pages.demo.settling import midnight

# group ("" for the next camp) | for its next date | category | what | amount and currency ("" in kind) | more
_NEEDS = (
    ("Leipzig Automation Circle", True, "food", "Pizza and drinks for thirty", "180 EUR",
     "We test the coming release until late. We thank you at the start, with a slide."),
    ("Leipzig Automation Circle", False, "equipment", "A microphone for people who join from home", "",
     "A loan is fine; somebody collects it."),
    ("Nairobi Campaign Table", True, "print", "Name tags and stickers", "", "Sixty of each would do."),
    ("Recife Automação Livre", False, "travel", "A bus ticket for a speaker from João Pessoa", "220 BRL", ""),
    ("", True, "travel", "Travel for three speakers from abroad", "9000 BRL",
     "First-time speakers go first. You choose the route, they choose their talk."),
    ("", True, "access", "Sign language for the main track", "2400 BRL", ""),
)  # fmt: skip
_ASKED = timedelta(days=9)


def need(groups: Mapping[str, Group], camps: Sequence[Event], *, today: date) -> None:
    """Make all rows; no dice, so nothing else of the demo changes with it."""
    coming = Event.objects.filter(state=Event.State.PUBLISHED, starts_at__gte=midnight(today + timedelta(days=1)))
    camp = next(event for event in camps if event.state == Event.State.PUBLISHED)
    rows = []
    for name, is_for_date, category, title, money, note in _NEEDS:
        group = groups[name] if name else None
        event = camp if group is None else coming.filter(group=group).order_by("starts_at").first()
        amount, _space, currency = money.partition(" ")
        day = event.starts_local.date() if event else today + timedelta(days=30)
        rows.append(
            SponsorshipNeed(
                group=group,
                event=event if is_for_date else None,
                category=category,
                title=title,
                amount=Decimal(amount) if amount else None,
                currency=currency,
                note=note,
                needed_by_on=day - timedelta(days=1),
                stated_at=midnight(today) - _ASKED,
                state_since=midnight(today) - _ASKED,
                is_demo=True,
            )
        )
    SponsorshipNeed.objects.bulk_create(rows)
