"""The reader's own data: corrections that show their effect, a file of everything, and being erased."""

import io
import json
import zipfile
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dashboard.importers.records import Account
from dashboard.models import Contribution
from dashboard.services.store import store
from meetups.models import ApplicationOrganiser, CalendarKey, GroupMembership
from partners.models import FairPlayFlag, PartnerApplication, PartnerContact, PartnerInvitation
from partners.services import flags
from portal.mail.erasure import FORGOTTEN
from portal.mail.models import Message
from portal.members.models import Affiliation, DifferentPeople, Identity, Member, MemberChange, Merge, User
from portal.members.services import merge_members
from portal.pages import privacy
from tests.dashboard.factories import NOW, ChannelFactory, at, record
from tests.members.factories import AffiliationFactory, IdentityFactory, MemberFactory, OrganisationFactory, UserFactory
from tests.partners.factories import PartnerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def member() -> Member:
    return MemberFactory(user=UserFactory(email="ada@example.org"), name="Ada Lovelace", handle="ada")


@pytest.fixture
def browser(client: Client, member: Member) -> Client:
    client.force_login(member.user)
    return client


def work(member: Member, uid: str = "7", *, title: str = "Ada Lovelace wrote this") -> Identity:
    """Two contributions of an account of the member, one of them accepted."""
    channel = ChannelFactory()
    account = Account(uid, "ada", "Ada Lovelace", email="ada@example.org", url="https://github.com/ada")
    rows = [
        record(
            f"a{uid}", account=account, title=title, occurred_at=at(date(2026, 3, 1)), credited_at=at(date(2026, 3, 2))
        ),
        record(f"b{uid}", account=account, title=title, occurred_at=at(date(2026, 5, 1))),
    ]
    store(source=channel.source, channel=channel, records=rows, now=NOW)
    identity = Identity.objects.get(uid=uid, service="github")
    made = identity.member
    Identity.objects.filter(pk=identity.pk).update(member=member)
    made.delete()
    identity.refresh_from_db()
    return identity


def test_a_correction_shows_its_effect_before_it_is_saved(browser: Client, member: Member):
    work(member)
    url = reverse("pages:affiliation_add")
    answers = {"organisation": "Casa Norte", "from_on": "2026-01-01", "last_on": "2026-03-31"}
    page = browser.post(url, answers)
    effect = page.context["effect"]
    assert [
        (c.organisation, c.contributions_before, c.contributions_after, c.accepted_after) for c in effect.changes
    ] == [
        ("Casa Norte", 0, 1, 1),
        ("", 2, 1, 0),
    ]
    assert effect.months == (date(2026, 3, 1),)
    assert "March 2026" in page.content.decode()
    assert not Affiliation.objects.exists()
    browser.post(url, {**answers, "sure": "1"})
    row = member.affiliations.get()
    page = browser.post(reverse("pages:affiliation_end", args=[row.pk]), {f"end{row.pk}-last_on": "2026-02-01"})
    assert page.context["effect"].changes[0].contributions_after == 0
    correct = reverse("pages:affiliation_correct", args=[row.pk])
    days = {f"days{row.pk}-from_on": "2026-04-01", f"days{row.pk}-last_on": ""}
    assert browser.post(correct, days).status_code == 200
    assert member.affiliations.get().days == row.days
    browser.post(correct, {**days, "sure": "1"})
    assert member.affiliations.get().days.lower == date(2026, 4, 1)
    browser.post(correct, {"remove": "1", "sure": "1"})
    assert list(member.affiliations.shown()) == []


def test_a_claim_shows_what_a_yes_would_change(browser: Client, member: Member):
    work(member)
    claim = AffiliationFactory(member=member, confirmed_at=None, source="organisation", organisation__name="Casa Norte")
    url = reverse("pages:affiliation_answer", args=[claim.pk])
    assert "Casa Norte" in browser.post(url, {"answer": "yes"}).content.decode()
    assert list(Affiliation.objects.pending()) == [claim]
    browser.post(url, {"answer": "yes", "sure": "1"})
    assert list(Affiliation.objects.confirmed()) == [claim]


def test_an_account_that_is_not_theirs_gets_a_member_of_its_own(browser: Client, member: Member):
    mine, wrong = IdentityFactory(member=member), work(member, "8")
    url = reverse("pages:account_split", args=[wrong.pk])
    page = browser.get(url).content.decode()
    assert "2 contributions would leave your page" in page
    assert "1 of them is accepted work." in page
    browser.post(url)
    wrong.refresh_from_db()
    assert (wrong.member != member, wrong.member.visibility, mine.member) == (True, "handle", member)
    assert DifferentPeople.objects.filter(first__in=[mine, wrong], second__in=[mine, wrong]).count() == 1
    stranger = Client()
    stranger.force_login(UserFactory())
    assert stranger.post(reverse("pages:account_split", args=[mine.pk])).status_code == 404
    Identity.objects.filter(pk=mine.pk).update(verified_at=timezone.now())
    page = browser.post(reverse("pages:account_split", args=[mine.pk]), follow=True)
    assert "You signed in with this account" in page.content.decode()


@pytest.mark.parametrize("name", ["me_export", "me_erase", "affiliation_correct", "account_split"])
def test_nothing_happens_by_get_or_for_strangers(client: Client, member: Member, name: str):
    row = AffiliationFactory(member=member)
    url = reverse(f"pages:{name}", args={"affiliation_correct": [row.pk], "account_split": [0]}.get(name, []))
    assert client.post(url, {"is_sure": "on"}).headers["Location"].startswith(reverse("account_login"))
    client.force_login(UserFactory())
    assert client.get(url).status_code in {404, 405}
    if name == "affiliation_correct":
        assert client.post(url, {"remove": "1", "sure": "1"}).status_code == 404
    member.refresh_from_db()
    assert (member.erased_at, list(Affiliation.objects.confirmed())) == (None, [row])


def test_the_file_holds_everything_and_nothing_of_others(browser: Client, member: Member):
    work(member)
    AffiliationFactory(member=member, organisation__name="Casa Norte")
    IdentityFactory(username="somebody-else")
    answer = browser.post(reverse("pages:me_export"))
    assert answer.headers["Cache-Control"] == "no-store"
    packed = zipfile.ZipFile(io.BytesIO(answer.content))
    parts = {name: json.loads(packed.read(name)) for name in packed.namelist()}
    assert sorted(parts) == [
        "activity.json",
        "conduct.json",
        "letters.json",
        "meetups.json",
        "partners.json",
        "person.json",
    ]
    assert parts["person.json"]["account"][0]["email"] == "ada@example.org"
    assert [one["username"] for one in parts["person.json"]["identities"]] == ["ada"]
    assert parts["person.json"]["affiliations"][0]["organisation__name"] == "Casa Norte"
    assert len(parts["activity.json"]["contributions"]) == 2
    assert "somebody-else" not in str(parts)


def test_erasing_leaves_counts_and_nothing_else(browser: Client, member: Member):
    """Every text column of every table is read: the name, the handle's account and the address are in none."""
    identity = work(member)
    gone = MemberFactory(name="Lovelace, Ada", handle="countess-ada")
    merge_members(kept=member, gone=gone, reason="test")
    AffiliationFactory(member=member, from_on=date(2026, 1, 1))
    Message.objects.create(kind="x", about="y", recipient_key=f"user:{member.user_id}", address="ada@example.org")
    url = reverse("pages:me_erase")
    assert "Tick this if you want to be erased." in browser.post(url).content.decode()
    page = browser.post(url, {"is_sure": "on"}, follow=True)
    assert "You are erased." in page.content.decode()
    assert browser.get(reverse("pages:me")).status_code == 302
    assert Contribution.objects.filter(identity=identity).count() == 2
    member.refresh_from_db()
    assert (member.erased_at is not None, member.affiliations.count(), User.objects.count()) == (True, 1, 0)
    assert list(MemberChange.objects.filter(kind="erasure").values_list("member", flat=True)) == [member.pk]
    assert found_in_database("lovelace", "ada@example.org", "countess-ada", "github.com/ada") == []
    merge = Merge.objects.get()
    assert merge.restore == {}


def found_in_database(*texts: str) -> list[str]:
    """Tables of ours with one of these texts in a row."""
    from django.apps import apps
    from django.db import connection

    found = []
    with connection.cursor() as cursor:
        for model in apps.get_models():
            table = model._meta.db_table
            query = f"SELECT count(*) FROM {table} t WHERE lower(t::text) LIKE ANY(%s)"  # noqa: S608  our own table
            cursor.execute(query, [[f"%{text}%" for text in texts]])
            if cursor.fetchone()[0]:
                found.append(table)
    return found


def test_an_import_does_not_bring_an_erased_person_back(member: Member):
    identity = work(member)
    privacy.erase(member=member, now=timezone.now())
    source = Contribution.objects.first().source
    channel = Contribution.objects.first().channel
    account = Account("7", "ada-new", "Ada Lovelace", email="ada@example.org")
    rows = [
        record("a7", account=account, title="Ada Lovelace wrote more", occurred_at=at(date(2026, 3, 1))),
        record("c7", account=account, title="Ada Lovelace again", occurred_at=at(date(2026, 6, 1))),
    ]
    store(source=source, channel=channel, records=rows, now=NOW)
    identity.refresh_from_db()
    assert (identity.username, identity.email, identity.member_id) == ("", "", member.pk)
    assert set(Contribution.objects.filter(identity=identity).values_list("title", "url")) == {("", "")}
    assert Contribution.objects.filter(identity=identity).count() == 3


def test_the_team_hands_over_before_it_is_erased(browser: Client, member: Member):
    User.objects.update(is_staff=True)
    page = browser.post(reverse("pages:me_erase"), {"is_sure": "on"}).content.decode()
    assert "You are on the team" in page
    member.refresh_from_db()
    assert member.erased_at is None


def test_erasing_reaches_groups_and_what_was_frozen_of_an_application(member: Member):
    from meetups.models import ApplicationRevision
    from tests.meetups.factories import ApplicationFactory, GroupFactory

    GroupMembership.objects.create(group=GroupFactory(), member=member)
    application = ApplicationFactory(applicant=member)
    seat, _made = ApplicationOrganiser.objects.get_or_create(
        application=application,
        member=member,
        defaults={"name": "Ada Lovelace", "email": "ada@example.org", "token": "t", "accepted_at": timezone.now()},
    )
    ApplicationOrganiser.objects.filter(pk=seat.pk).update(name="Ada Lovelace", email="ada@example.org")
    answers = {
        "organisers": [{"member": member.pk, "name": "Ada Lovelace", "organisation": ""}],
        "community_note": "me",
    }
    ApplicationRevision.objects.create(application=application, number=99, answers=answers, sent_at=timezone.now())
    type(application).objects.filter(pk=application.pk).update(submitted_at=timezone.now())
    privacy.erase(member=member, now=timezone.now())
    assert GroupMembership.objects.count() == 0
    frozen = ApplicationRevision.objects.get(number=99).answers
    assert frozen == {"organisers": [{"member": member.pk, "name": "", "organisation": ""}], "community_note": ""}
    assert found_in_database("lovelace", "ada@example.org") == []


def test_erasing_reaches_partners(browser: Client, member: Member):
    ours = PartnerFactory()
    PartnerContact.objects.create(partner=ours, member=member)
    CalendarKey.objects.create(member=member, token="a" * 43)
    invitation = {"partner": ours, "kind": "contact", "invited_by": MemberFactory()}
    PartnerInvitation.objects.create(address="ada@example.org", token_hash="1", **invitation)
    answered = PartnerInvitation.objects.create(
        address="ada@example.org", token_hash="2", answered_at=timezone.now(), **invitation
    )
    application = PartnerApplication.objects.create(
        organisation=OrganisationFactory(), applicant=member, tier="gold", staff="Ada Lovelace does it", about="x"
    )
    flag = FairPlayFlag.objects.create(
        month=date(2026, 3, 1), organisation=ours.organisation, kind="one_person", subject=str(member.pk),
        evidence={"n": 90},
    )  # fmt: skip
    assert flags.sentence(flag).startswith("Ada Lovelace earned 90 %")
    parts = zipfile.ZipFile(io.BytesIO(privacy.export_for(member)))
    told = json.loads(parts.read("partners.json"))
    assert [len(told[name]) for name in ("contact_of", "applications", "invitations")] == [1, 1, 2]
    privacy.erase(member=member, now=timezone.now())
    assert not PartnerContact.objects.current().exists()
    assert not CalendarKey.objects.exists()
    assert [(one.pk, one.address) for one in PartnerInvitation.objects.all()] == [(answered.pk, FORGOTTEN)]
    application.refresh_from_db()
    assert (application.state, application.staff) == ("withdrawn", "")
    assert flags.sentence(flag).startswith("a member earned 90 %")
