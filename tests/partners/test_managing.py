"""A partner's own pages: contacts alone edit, names and logos wait for the team, invitations are one person's."""

import re
from io import BytesIO

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from partners.logos import LogoRefused, clean_logo
from partners.models import PartnerContact, PartnerInvitation, ProfileChange
from partners.services import profiles
from partners.services.runs import rank_month
from portal.jobs.transitions import MoveRefused
from portal.mail.models import Message
from portal.members.models import Affiliation
from tests.dashboard.conftest import weights  # noqa: F401
from tests.dashboard.factories import NOW, TODAY, belongs, member_of
from tests.meetups.factories import person
from tests.members.factories import UserFactory
from tests.partners.cast import OCTOBER, three_partners
from tests.partners.factories import PartnerFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("weights")]
PAGES = ["partner_manage", "partner_edit", "partner_change", "offer_add"]


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def ash():
    return PartnerFactory(organisation__name="Ash", organisation__slug="ash")


@pytest.fixture
def contact(ash):
    member = person("Contact")
    PartnerContact.objects.create(partner=ash, member=member)
    return member


def address(name, *more):
    return reverse(f"partners:{name}", args=["ash", *more])


def picture(size=(300, 200), kind="PNG", mode="RGB", **save):
    out = BytesIO()
    Image.new(mode, size, "teal").save(out, kind, **save)
    return out.getvalue()


@pytest.mark.parametrize("name", [*PAGES, "partner_invite"])
def test_pages_are_for_current_contacts_alone(client, ash, contact, name):
    ask = client.post if name == "partner_invite" else client.get
    assert ask(address(name)).url.startswith(reverse("account_login"))
    other = PartnerFactory()
    theirs = person("Theirs")
    PartnerContact.objects.create(partner=other, member=theirs)
    former = person("Former")
    PartnerContact.objects.create(partner=ash, member=former, ended_at=NOW)
    for member in (theirs, former, person("Stranger")):
        client.force_login(member.user)
        assert ask(address(name)).status_code == 403
    client.force_login(contact.user)
    assert ask(address(name)).status_code == 200


def test_contact_edits_the_profile_and_markdown_is_made_safe(client, ash, contact):
    client.force_login(contact.user)
    values = {"about": "**Bold** <script>x()</script> [go](javascript:x)", "services": "hosting, training, hosting"}
    client.post(address("partner_edit"), {**values, "languages": ["de"], "country_codes": ["DE", "AT"]})
    ash.refresh_from_db()
    assert (ash.services, ash.languages, ash.country_codes) == (["hosting", "training"], ["de"], ["DE", "AT"])
    text = client.get(ash.get_absolute_url()).content.decode()
    assert "<strong>Bold</strong>" in text
    assert "<script>x()" not in text
    assert 'href="javascript' not in text


def test_bad_profile_loses_nothing(client, ash, contact):
    client.force_login(contact.user)
    answer = client.post(address("partner_edit"), {"about": "Kept words", "services": "x" * 41})
    assert "Kept words" in answer.content.decode()
    assert "A service is a word or two" in answer.content.decode()
    ash.refresh_from_db()
    assert ash.services == []


def test_name_and_logo_wait_for_the_team(client, ash, contact):
    client.force_login(contact.user)
    sent = {"name": "Ash & Co", "website": "", "logo_alt": "A tree"}
    sent["logo"] = SimpleUploadedFile("logo.png", picture())
    client.post(address("partner_change"), sent)
    change = ProfileChange.objects.get()
    ash.organisation.refresh_from_db()
    assert (ash.organisation.name, change.state) == ("Ash", "waiting")
    url = reverse("admin:partners_profilechange_decide", args=[change.pk])
    assert client.post(url, {"to": "accepted"}).status_code in {302, 403}
    change.refresh_from_db()
    assert change.state == "waiting"
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    assert client.get(reverse("admin:partners_profilechange_change", args=[change.pk])).status_code == 200
    assert client.get(reverse("partners:change_logo", args=[change.pk]))["Content-Type"] == "image/webp"
    client.post(url, {"to": "accepted", "word": ""})
    ash.refresh_from_db()
    assert (ash.organisation.name, ash.logo_alt) == ("Ash & Co", "A tree")
    client.logout()
    answer = client.get(address("partner_logo", ash.logo_version))
    with Image.open(BytesIO(answer.content)) as shown:
        assert (shown.format, shown.size) == ("WEBP", (300, 200))
    assert client.get(reverse("partners:change_logo", args=[change.pk])).status_code == 302


def test_team_says_why_not(ash, contact):
    by = UserFactory(is_staff=True)
    change = profiles.ask_change(partner=ash, by=contact, changes={"name": "Birch"}, now=NOW)
    with pytest.raises(MoveRefused):
        profiles.decide_change(change=change, accept=False, by=by, now=NOW)
    declined = profiles.decide_change(change=change, accept=False, by=by, now=NOW, answer="Taken")
    assert (declined.state, declined.answer) == ("declined", "Taken")
    with pytest.raises(MoveRefused):
        profiles.decide_change(change=change, accept=True, by=by, now=NOW)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        picture()[:80],
        picture(kind="GIF"),
        picture((10, 300)),
        picture((5000, 60)),
        b"\x00" * (2 * 1024 * 1024 + 1),
    ],
)
def test_logo_that_is_no_fitting_picture_is_refused(data):
    with pytest.raises(LogoRefused):
        clean_logo(data)


def test_logo_is_drawn_anew_and_small():
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    made = clean_logo(picture((2000, 1000), "JPEG", exif=exif))
    assert b"secret" not in made
    with Image.open(BytesIO(made)) as shown:
        assert (shown.format, shown.size, dict(shown.getexif())) == ("WEBP", (480, 240), {})


def invite(client, contact, kind, to):
    client.force_login(contact.user)
    client.post(address("partner_invite"), {"address": to, "kind": kind})
    message = Message.objects.filter(kind="partner_invited").order_by("pk").last()
    return re.sub(r"^https?://[^/]+", "", message.context["url"])


def test_invited_person_says_that_they_work_there(client, ash, contact):
    invited, stranger = person("Invited"), person("Stranger")
    link = invite(client, contact, "person", invited.user.email)
    client.force_login(stranger.user)
    assert "went to another address" in client.post(link).content.decode()
    assert not Affiliation.objects.exists()
    client.force_login(invited.user)
    assert client.get(link).status_code == 200
    assert not Affiliation.objects.exists()
    client.post(link)
    assert Affiliation.objects.confirmed().get().member == invited
    assert "was answered" in client.post(link).content.decode()


def test_invited_contact_looks_after_the_profile(client, ash, contact):
    second = person("Second")
    link = invite(client, contact, "contact", second.user.email)
    client.force_login(second.user)
    client.post(link)
    assert client.get(address("partner_manage")).status_code == 200


def test_a_partner_sends_ten_invitations_a_day(ash, contact):
    for n in range(10):
        profiles.invite(partner=ash, by=contact, address=f"a{n}@example.org", kind="person", now=NOW)
    with pytest.raises(MoveRefused):
        profiles.invite(partner=ash, by=contact, address="b@example.org", kind="person", now=NOW)
    assert PartnerInvitation.objects.count() == 10


def test_pending_people_are_shown_with_the_frozen_months_a_yes_would_not_change(client):
    elm = three_partners()[3]
    rank_month(month=OCTOBER, today=TODAY)
    member = person("Elm's contact")
    PartnerContact.objects.create(partner=elm, member=member)
    belongs(member_of("volunteer"), elm.organisation, is_confirmed=False)
    client.force_login(member.user)
    (pending,) = client.get(reverse("partners:partner_manage", args=["elm"])).context["pending"]
    assert (pending.name, pending.frozen_months) == ("login-volunteer", [OCTOBER])


def test_an_invitation_ends_with_the_seat_of_who_sent_it_and_with_the_partner(client, ash, contact):
    second = person("Second")
    link = invite(client, contact, "contact", second.user.email)
    client.force_login(second.user)
    PartnerContact.objects.filter(member=contact).update(ended_at=NOW)
    assert "speaks for this partner no more" in client.post(link).content.decode()
    PartnerContact.objects.filter(member=contact).update(ended_at=None)
    type(ash).objects.update(is_current=False)
    assert "speaks for this partner no more" in client.post(link).content.decode()
    assert not PartnerContact.objects.filter(member=second).exists()


def test_a_logo_that_is_too_large_is_not_read(client, ash, contact, monkeypatch):
    monkeypatch.setattr("partners.forms.clean_logo", lambda data: pytest.fail("read into memory"))
    client.force_login(contact.user)
    sent = SimpleUploadedFile("logo.png", b"x" * (2 * 1024 * 1024 + 1))
    answer = client.post(address("partner_change"), {"name": "Ash", "logo": sent, "logo_alt": "x"})
    assert "larger than 2 MB" in answer.content.decode()


def test_a_waiting_logo_is_shown_to_the_team_with_its_second_factor_alone(client, ash, settings):
    change = ProfileChange.objects.create(partner=ash, logo=clean_logo(picture()), logo_alt="x")
    settings.STAFF_REQUIRES_MFA = True
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    assert client.get(reverse("partners:change_logo", args=[change.pk])).status_code == 403
