"""Becoming a partner, and what the team decides: gates, moves, flags."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from dashboard.services.summaries import rebuild
from partners.fair_play import BURST, ONE_PERSON, TITLES, Item, oddities
from partners.models import FairPlayFlag, Partner, PartnerApplication, PartnerContact
from partners.services import applications
from partners.services.flags import raise_flags
from portal.jobs.transitions import MoveRefused
from portal.mail.models import Message
from tests.dashboard.conftest import weights  # noqa: F401
from tests.dashboard.factories import NOW, TODAY, OrganisationFactory, belongs, member_of
from tests.meetups.factories import person
from tests.members.factories import UserFactory
from tests.partners.cast import OCTOBER, merged, partner_with, save

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("weights")]
ANSWERS = {"tier": "silver", "staff": "Ada looks after the docs", "about": "We are a workshop of five in Porto."}


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def applicant():
    member = person("Applicant")
    belongs(member, OrganisationFactory(name="Oak", slug="oak"))
    return member


def sent(applicant):
    organisation = applicant.affiliations.get().organisation
    return applications.send(organisation=organisation, applicant=applicant, answers=ANSWERS, now=NOW)


def work_in(member, *months):
    for month in months:
        save(merged(f"m{month}", "worker", date(2026, month, 10)))
    belongs(member_of("worker"), member.affiliations.get().organisation)
    rebuild(today=TODAY)


def boss():
    return UserFactory(is_staff=True, is_superuser=True)


def test_application_is_for_an_organisation_of_ones_own(client, applicant):
    address = reverse("partners:application_start")
    assert client.get(address).url.startswith(reverse("account_login"))
    client.force_login(person("Stranger").user)
    assert "Say first where you work" in client.get(address).content.decode()
    organisation = applicant.affiliations.get().organisation
    client.post(address, {**ANSWERS, "organisation": organisation.pk})
    assert not PartnerApplication.objects.exists()
    client.force_login(applicant.user)
    assert "field" in client.post(address, {**ANSWERS, "organisation": organisation.pk, "about": "x"}).content.decode()
    client.post(address, {**ANSWERS, "organisation": organisation.pk})
    made = PartnerApplication.objects.get()
    assert client.get(made.get_absolute_url()).status_code == 200
    client.force_login(person("Other").user)
    assert client.get(made.get_absolute_url()).status_code == 403
    assert client.post(reverse("partners:application_withdraw", args=[made.public_id])).status_code == 403


def test_machine_shows_three_months_and_approval_needs_them(applicant):
    application, by = sent(applicant), boss()
    applications.move(application=application, to="in_review", actor=by, now=NOW)
    work_in(applicant, 10, 9)
    with pytest.raises(MoveRefused) as refusal:
        applications.move(application=application, to="approved", actor=by, now=NOW)
    assert "2 of the last 3 months" in str(refusal.value)
    save(merged("m8", "worker", date(2026, 8, 10)))
    rebuild(today=TODAY)
    applications.move(application=application, to="approved", actor=by, now=NOW)
    partner = Partner.objects.current().get(organisation__slug="oak")
    assert (partner.tier, partner.memberships.get().tier) == ("silver", "silver")
    assert PartnerContact.objects.current().get(partner=partner).member == applicant
    assert Message.objects.filter(kind="partner_application_moved").count() == 2
    assert [step.to_state for step in application.moves.all()] == ["submitted", "in_review", "approved"]


def test_nobody_judges_their_own_organisation(applicant):
    application = sent(applicant)
    colleague = person("Colleague", is_staff=True, is_superuser=True)
    belongs(colleague, application.organisation)
    with pytest.raises(MoveRefused) as refusal:
        applications.move(application=application, to="in_review", actor=colleague.user, now=NOW)
    assert refusal.value.reason == "actor"


def test_changes_are_asked_for_with_a_word_and_sent_again(client, applicant):
    application, by = sent(applicant), boss()
    with pytest.raises(MoveRefused):
        applications.move(application=application, to="changes_requested", actor=by, now=NOW)
    applications.move(application=application, to="changes_requested", actor=by, now=NOW, note="Who reviews?")
    client.force_login(applicant.user)
    assert "Who reviews?" in client.get(application.get_absolute_url()).content.decode()
    client.post(application.get_absolute_url(), {**ANSWERS, "staff": "Ada reviews every week"})
    application.refresh_from_db()
    assert (application.state, application.staff) == ("submitted", "Ada reviews every week")


def test_history_of_an_application_stays(applicant):
    sent(applicant)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE partners_partnerapplicationmove SET note = 'x'")


def test_admin_moves_an_application_by_post_for_those_who_may(client, applicant):
    application = sent(applicant)
    address = reverse("admin:partners_partnerapplication_decide", args=[application.pk])
    client.force_login(UserFactory(is_staff=True))
    assert client.post(address, {"to": "in_review"}).status_code == 403
    client.force_login(boss())
    detail = client.get(reverse("admin:partners_partnerapplication_change", args=[application.pk])).content.decode()
    assert "Take it into review" in detail
    assert client.get(address).status_code == 403
    client.post(address, {"to": "in_review"})
    application.refresh_from_db()
    assert application.state == "in_review"
    answer = client.post(address, {"to": "declined", "word": ""})
    assert "Say why" in answer.content.decode()


def item(number, member=1, credit=1, day=1, title=""):
    return Item(number, member, credit, date(2026, 10, day), title)


def test_oddities_are_bursts_one_person_and_twin_titles():
    burst = [item(n, member=2) for n in range(8)]
    big = [item(100 + n, member=1, credit=5, day=n + 1, title=f"Fix typo in chapter {n}") for n in range(10)]
    found = {(odd.kind, odd.count) for odd in oddities([*burst, *big])}
    assert found == {(BURST, 8), (ONE_PERSON, 86), (TITLES, 10)}
    calm = [item(n, member=n, credit=5, title=title) for n, title in enumerate(["Add maps to mails", "Quicker import"])]
    assert oddities(calm + [item(50 + n, member=9, day=n + 1) for n in range(7)]) == []
    assert oddities([*big, *burst]) == oddities([*burst, *big])


def test_flags_are_raised_once_and_decided_with_a_word(client):
    save(*(merged(f"t{n}", "1", OCTOBER + timedelta(days=n), title="Correct a word in the docs") for n in range(5)))
    partner_with("1", name="Ash")
    rebuild(today=TODAY)
    assert raise_flags(month=OCTOBER) == 2
    raise_flags(month=OCTOBER)
    assert sorted(FairPlayFlag.objects.values_list("kind", flat=True)) == ["one_person", "titles"]
    flag = FairPlayFlag.objects.get(kind="titles")
    address = reverse("admin:partners_fairplayflag_decide", args=[flag.pk])
    client.force_login(UserFactory(is_staff=True))
    assert client.post(address, {"to": "fine", "word": "x"}).status_code == 403
    client.force_login(boss())
    page = client.get(reverse("admin:partners_fairplayflag_change", args=[flag.pk])).content.decode()
    assert "Correct a word in the docs" in page
    assert "Say in a sentence" in client.post(address, {"to": "fine", "word": ""}).content.decode()
    client.post(address, {"to": "fine", "word": "A sprint on the docs"})
    flag.refresh_from_db()
    assert (flag.state, flag.decision) == ("fine", "A sprint on the docs")
    raise_flags(month=OCTOBER)
    flag.refresh_from_db()
    assert flag.state == "fine"
    history = client.get(reverse("admin:partners_fairplayflag_history", args=[flag.pk])).content.decode()
    assert "A sprint on the docs" in history


def test_business_page_tells_own_numbers(client):
    assert "Nothing has been credited" in client.get(reverse("partners:why")).content.decode()
    save(merged("a", "1", OCTOBER))
    partner_with("1", name="Ash")
    rebuild(today=TODAY)
    assert "did it with one person" in client.get(reverse("partners:why")).content.decode()
