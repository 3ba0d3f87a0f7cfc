"""Needs meet offers: suggestions, the two-sided yes, thanks, and the credit once the event was held."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from meetups.models import Event, SponsorshipNeed
from partners import transitions
from partners.matching import Needed, Offered, fits
from partners.models import PartnerContact, Sponsorship, SponsorshipOffer
from partners.services import sponsorships
from partners.services.runs import rank_month
from portal.jobs.transitions import MoveRefused
from portal.mail.models import Message
from tests.dashboard.conftest import weights  # noqa: F401
from tests.dashboard.factories import NOW, TODAY
from tests.meetups.factories import EventFactory, GroupFactory, OrganiserFactory, person
from tests.partners.cast import OCTOBER, three_partners
from tests.partners.factories import PartnerFactory
from tests.places.factories import PlaceFactory

NINE_EUROS = Offered(frozenset({"food"}), limit=Decimal(9), currency="EUR")
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("weights")]


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


def need_of(group, event=None, **fields):
    fields = {"title": "Pizza", "category": "food", "needed_by_on": TODAY + timedelta(days=9), **fields}
    return SponsorshipNeed.objects.create(group=group, event=event, **fields)


class Cast:
    """A partner with a contact, a group with an organiser, a need of it, and somebody else."""

    def __init__(self):
        self.partner = PartnerFactory(organisation__name="Ash", organisation__slug="ash")
        self.contact = person("Contact")
        PartnerContact.objects.create(partner=self.partner, member=self.contact)
        self.group = GroupFactory(place=PlaceFactory(country_code="PT"))
        self.organiser = OrganiserFactory(group=self.group).member
        self.need = need_of(self.group)
        self.stranger = person("Stranger")
        other = PartnerFactory(organisation__name="Birch", organisation__slug="birch")
        PartnerContact.objects.create(partner=other, member=self.stranger)

    def offered(self):
        return sponsorships.begin(
            need=self.need, partner=self.partner, by=self.contact, side=transitions.CONTACT, now=NOW
        )

    def move(self, sponsorship, to, actor):
        return sponsorships.move(sponsorship=sponsorship, to=to, actors={actor}, by=None, now=NOW)


@pytest.fixture
def cast():
    return Cast()


@pytest.mark.parametrize(
    ("offer", "need", "is_fit"),
    [
        (Offered(frozenset({"food"})), Needed("food", "PT"), True),
        (Offered(frozenset({"travel"})), Needed("food", "PT"), False),
        (Offered(frozenset({"food"}), frozenset({"DE"})), Needed("food", "PT"), False),
        (Offered(frozenset({"food"}), frozenset({"DE"})), Needed("food"), False),
        (Offered(frozenset({"food"}), areas=frozenset({"US.CA"})), Needed("food", "US", "CA"), True),
        (NINE_EUROS, Needed("food", amount=Decimal(10), currency="EUR"), False),
        (NINE_EUROS, Needed("food", amount=Decimal(10), currency="USD"), True),
    ],
)
def test_offer_fits_by_what_where_and_how_much(offer, need, is_fit):
    assert fits(offer, need) is is_fit


def test_suggestions_go_to_both_sides_until_they_talk(cast):
    SponsorshipOffer.objects.create(partner=cast.partner, categories=["food"], country_codes=["PT"])
    need_of(GroupFactory(place=PlaceFactory(country_code="BR")))
    assert sponsorships.needs_for(cast.partner, NOW) == [cast.need]
    offers = sponsorships.standing_offers(NOW)
    assert sponsorships.partners_for(cast.need, offers, talking=()) == [cast.partner]
    cast.offered()
    assert sponsorships.needs_for(cast.partner, NOW) == []


def test_sponsorship_stands_when_both_said_yes_and_the_need_follows(cast):
    offered = cast.offered()
    assert (offered.state, offered.group_yes_at) == ("offered", None)
    assert list(Sponsorship.objects.shown(TODAY)) == []
    with pytest.raises(MoveRefused):
        cast.move(offered, "agreed", transitions.CONTACT)
    agreed = cast.move(offered, "agreed", transitions.ORGANISER)
    cast.need.refresh_from_db()
    assert (agreed.state, cast.need.state) == ("agreed", "matched")
    assert list(cast.group.sponsorships.shown(TODAY)) == [agreed]
    cast.move(agreed, "given", transitions.ORGANISER)
    cast.need.refresh_from_db()
    assert cast.need.state == "fulfilled"


def test_called_off_sponsorship_opens_the_need_again(cast):
    agreed = cast.move(cast.offered(), "agreed", transitions.ORGANISER)
    cast.move(agreed, "withdrawn", transitions.CONTACT)
    cast.need.refresh_from_db()
    assert cast.need.state == "open"


def test_one_yes_answers_the_others(cast):
    other = PartnerFactory()
    asked = sponsorships.begin(need=cast.need, partner=other, by=cast.organiser, side=transitions.ORGANISER, now=NOW)
    cast.move(cast.offered(), "agreed", transitions.ORGANISER)
    asked.refresh_from_db()
    assert asked.state == "declined"
    with pytest.raises(MoveRefused):
        cast.move(asked, "agreed", transitions.CONTACT)


def test_database_wants_both_sides(cast):
    with pytest.raises(IntegrityError), transaction.atomic():
        Sponsorship.objects.filter(pk=cast.offered().pk).update(state="agreed")


def test_the_other_side_hears_by_mail(cast):
    offered = cast.offered()
    assert Message.objects.get(kind="sponsorship_moved").address == cast.organiser.user.email
    cast.move(offered, "agreed", transitions.ORGANISER)
    assert Message.objects.order_by("pk").last().address == cast.contact.user.email


def test_credit_comes_once_per_event_when_it_was_held():
    ash, birch, *_rest = three_partners()
    at = datetime(2026, 10, 20, 18, tzinfo=UTC)
    held = EventFactory(starts_at=at, state=Event.State.HELD)
    conference = EventFactory(starts_at=at, state=Event.State.HELD, kind="conference", group=None)
    published = EventFactory(starts_at=at)
    for event, partner in ((held, birch), (held, birch), (conference, birch), (published, ash)):
        need = need_of(event.group, event, needed_by_on=date(2026, 10, 20))
        Sponsorship.objects.create(
            need=need,
            partner=partner,
            event=event,
            group=event.group,
            state="given",
            partner_yes_at=NOW,
            group_yes_at=NOW,
        )
    run = rank_month(month=OCTOBER, today=TODAY).run
    assert {one.name: one.score for one in run.standings.all()} == {"Birch": 20, "Ash": 15, "Cedar": 0}
    birch_standing = run.standings.get(name="Birch")
    assert (birch_standing.contributors, birch_standing.parts["sponsoring"]) == (1, 15)
    assert birch_standing.shares[-1] == [None, 15]


def answer_url(cast):
    return reverse("partners:need_answer", args=[cast.need.pk])


def test_contact_answers_a_need_on_its_page(client, cast):
    assert client.post(answer_url(cast)).status_code == 302
    client.force_login(cast.organiser.user)
    assert "You speak for none of them" in client.get(answer_url(cast)).content.decode()
    assert client.post(answer_url(cast), {"partner": cast.partner.pk}).status_code == 403
    client.force_login(cast.stranger.user)
    client.post(answer_url(cast), {"partner": cast.partner.pk})
    assert not Sponsorship.objects.exists()
    client.force_login(cast.contact.user)
    client.post(answer_url(cast), {"partner": cast.partner.pk, "note": "Gladly"})
    assert Sponsorship.objects.get().note == "Gladly"
    assert (
        "You are talking about this already"
        in client.post(answer_url(cast), {"partner": cast.partner.pk}).content.decode()
    )


def test_only_the_side_whose_turn_it_is_moves_a_sponsorship(client, cast):
    offered = cast.offered()
    address = reverse("partners:sponsorship_move", args=[offered.pk, "agreed"])
    client.force_login(cast.stranger.user)
    assert client.post(address).status_code == 403
    client.force_login(cast.contact.user)
    client.post(address)
    offered.refresh_from_db()
    assert offered.state == "offered"
    client.force_login(cast.organiser.user)
    assert client.get(address).status_code == 405
    client.post(address)
    offered.refresh_from_db()
    assert (offered.state, offered.group_yes_by) == ("agreed", cast.organiser)


def test_organisers_see_who_might_help_and_ask(client, cast):
    SponsorshipOffer.objects.create(partner=cast.partner, categories=["food"])
    address = reverse("partners:group_sponsors", args=[cast.group.slug])
    client.force_login(cast.contact.user)
    assert client.get(address).status_code == 403
    client.force_login(cast.organiser.user)
    assert "Ask Ash" in client.get(address).content.decode()
    client.post(address, {"need": cast.need.pk, "partner": cast.partner.pk})
    assert Sponsorship.objects.get().state == "asked"


def test_group_and_partner_pages_say_thanks(client, cast):
    cast.move(cast.offered(), "agreed", transitions.ORGANISER)
    assert "Ash" in client.get(cast.group.get_absolute_url()).content.decode()
    text = client.get(cast.partner.get_absolute_url()).content.decode()
    assert cast.group.name in text


def test_list_of_needs_is_filtered(client, cast):
    address = reverse("partners:need_list")
    assert "Pizza" in client.get(address).content.decode()
    assert "Pizza" not in client.get(address, {"category": "travel"}).content.decode()


@pytest.mark.parametrize("key", ["", "x", "9" * 30, "-1", "٣"])
def test_a_form_that_names_no_need_is_answered_calmly(client, cast, key):
    client.force_login(cast.organiser.user)
    address = reverse("partners:group_sponsors", args=[cast.group.slug])
    assert client.post(address, {"need": key, "partner": cast.partner.pk}).status_code == 404
