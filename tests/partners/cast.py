"""Partners with people and work for the tests of ranking and pages."""

from datetime import date, timedelta

from dashboard import kinds
from dashboard.models import Channel
from dashboard.services.store import store
from dashboard.services.summaries import rebuild
from portal.members.models import Member
from tests.dashboard.factories import NOW, TODAY, ChannelFactory, at, belongs, member_of, record
from tests.partners.factories import PartnerFactory

OCTOBER = date(2026, 10, 1)
SEPTEMBER = date(2026, 9, 1)


def merged(external_id, who, day, **fields):
    fields = {"state": "merged", "thread": external_id, "title": f"Change {external_id}", **fields}
    return record(external_id, kinds.CHANGE, who=who, day=day, credited_at=at(day), **fields)


def save(*records):
    channel = Channel.objects.select_related("source").first() or ChannelFactory()  # one site: one person per name
    store(source=channel.source, channel=channel, records=records, now=NOW)


def partner_with(*people, name, **fields):
    """A partner whose people have confirmed."""
    partner = PartnerFactory(organisation__name=name, organisation__slug=name.lower(), **fields)
    for uid in people:
        belongs(member_of(uid), partner.organisation)
    return partner


def three_partners():
    """In October: Ash 15 from two people, Birch 5, Cedar nothing; in September: Birch 5. Nobody of Elm confirmed."""
    october, september = date(2026, 10, 10), date(2026, 9, 10)
    save(
        merged("a1", "1", october),
        merged("a2", "1", october),
        merged("a3", "2", october),
        merged("b1", "3", october),
        merged("b0", "3", september),
        record("c1", who="4", day=october),
        merged("v1", "volunteer", october),
    )
    Member.objects.update(visibility="public")  # they tell where they work
    partners = [
        partner_with("1", "2", name="Ash", tier="gold", country_codes=["DE"]),
        partner_with("3", name="Birch", country_codes=["BR"], about="We plant *trees*."),
        partner_with("4", name="Cedar", country_codes=["BR"]),
        PartnerFactory(organisation__name="Elm", organisation__slug="elm"),
    ]
    PartnerFactory(organisation__name="Gone", organisation__slug="gone", is_current=False)
    PartnerFactory(organisation__name="Ended", organisation__slug="ended", until_on=TODAY - timedelta(days=1))
    rebuild(today=TODAY)
    return partners
