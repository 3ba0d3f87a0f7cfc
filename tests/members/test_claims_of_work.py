"""Claims about where people work: suggested, told, answered by link, lapsing."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.mail.models import Message
from portal.members.models import Affiliation, OrganisationDomain
from portal.members.services import (
    add_affiliation,
    lapse_claims,
    reject_affiliation,
    remove_affiliation,
    suggest_affiliations,
)
from portal.members.services.claims import claim_token
from tests.members.factories import AffiliationFactory, IdentityFactory, MemberFactory, OrganisationFactory, UserFactory
from tests.members.rows import changes

pytestmark = pytest.mark.django_db


def claims() -> list[tuple[int, str, str, bool]]:
    rows = Affiliation.objects.select_related("organisation").order_by("member")
    return [(row.member_id, row.organisation.name, row.source, row.confirmed_at is not None) for row in rows]


def test_verified_addresses_and_profiles_suggest_and_the_address_weighs_more():
    casa, agency = OrganisationFactory(name="Casa Norte"), OrganisationFactory(name="Agency")
    OrganisationDomain.objects.create(organisation=casa, domain="casa.example")
    OrganisationDomain.objects.create(organisation=agency, domain="gmail.com")  # slipped in past the form
    both = IdentityFactory(email="a@casa.example", is_email_verified=True, employer="Agency").member
    told = IdentityFactory(employer="@casa-norte").member
    signs_in = MemberFactory(user=UserFactory(email="b@casa.example"))
    IdentityFactory(email="c@casa.example")
    IdentityFactory(email="d@gmail.com", is_email_verified=True)
    IdentityFactory(email="e@casa.example", is_email_verified=True, member__bot_state="bot")
    IdentityFactory(email="f@casa.example.evil.example", is_email_verified=True)
    now = timezone.now()
    assert suggest_affiliations(now=now) == 3
    assert claims() == [
        (both.pk, "Casa Norte", "domain", False),
        (told.pk, "Casa Norte", "profile", False),
        (signs_in.pk, "Casa Norte", "domain", False),
    ]
    assert set(Affiliation.objects.values_list("days__startswith", flat=True)) == {now.date()}
    assert list(Message.objects.values_list("kind", "address")) == [("affiliation_claim", "b@casa.example")]
    assert suggest_affiliations(now=now) == 0
    assert changes() == []  # nothing counts yet


def test_who_has_an_organisation_or_said_no_is_not_asked():
    casa = OrganisationFactory(name="Casa Norte")
    OrganisationDomain.objects.create(organisation=casa, domain="casa.example")
    works = IdentityFactory(email="a@casa.example", is_email_verified=True).member
    AffiliationFactory(member=works)
    said_no = IdentityFactory(email="b@casa.example", is_email_verified=True).member
    reject_affiliation(affiliation=AffiliationFactory(member=said_no, organisation=casa, confirmed_at=None))
    left = IdentityFactory(email="c@casa.example", is_email_verified=True).member
    remove_affiliation(affiliation=AffiliationFactory(member=left, organisation=casa))
    assert suggest_affiliations(now=timezone.now()) == 0


def test_a_claim_lapses_after_three_months_and_frees_the_days():
    now = timezone.now()
    old = AffiliationFactory(confirmed_at=None, source="organisation", created_at=now - timedelta(days=92))
    young = AffiliationFactory(confirmed_at=None, source="team", created_at=now - timedelta(days=90))
    kept = AffiliationFactory(created_at=now - timedelta(days=400))
    assert lapse_claims(now=now) == 1
    assert set(Affiliation.objects.shown()) == {young, kept}
    assert list(old.member.affiliations.pending()) == []
    AffiliationFactory(member=old.member)


def test_the_persons_word_outweighs_claims_for_the_same_days():
    claim = AffiliationFactory(confirmed_at=None, source="organisation", from_on=date(2024, 1, 1))
    earlier = AffiliationFactory(
        member=claim.member, confirmed_at=None, source="team", from_on=date(2020, 1, 1), until_on=date(2021, 1, 1)
    )
    add_affiliation(member=claim.member, organisation=OrganisationFactory(), from_on=date(2025, 1, 1))
    assert list(claim.member.affiliations.pending()) == [earlier]


def test_the_link_of_the_mail_answers_without_signing_in_and_only_by_post(client: Client):
    claim = AffiliationFactory(
        confirmed_at=None, source="organisation", organisation__name="Casa Norte", member__user=UserFactory()
    )
    url = reverse("pages:claim", args=[claim_token(claim)])
    assert "Do you belong to Casa Norte?" in client.get(url).content.decode()
    assert list(Affiliation.objects.pending()) == [claim]
    assert "You said yes." in client.post(url, {"answer": "yes"}, follow=True).content.decode()
    assert list(Affiliation.objects.confirmed()) == [claim]
    client.post(url, {"answer": "no"})
    assert list(Affiliation.objects.confirmed()) == [claim]


def test_a_link_that_was_changed_or_is_old_opens_nothing(client: Client):
    claim, other = AffiliationFactory(confirmed_at=None), AffiliationFactory(confirmed_at=None)
    token = claim_token(claim)
    for wrong in (token[:-1] + ("a" if token[-1] != "a" else "b"), "x", str(other.pk)):
        assert client.post(reverse("pages:claim", args=[wrong]), {"answer": "yes"}).status_code == 404
    Affiliation.objects.filter(pk=claim.pk).update(lapsed_at=timezone.now())
    assert client.get(reverse("pages:claim", args=[token])).status_code == 404
    assert list(Affiliation.objects.confirmed()) == []
