"""Pages that say why: sums that add up, and who may see whom."""

import pytest
from django.urls import reverse

from dashboard import kinds
from dashboard.models import MemberWindow, OrganisationWindow
from dashboard.services.summaries import rebuild
from portal.members.models import Member
from tests.dashboard.factories import TODAY, ChannelFactory, OrganisationFactory, at, belongs, member_of, record, save
from tests.members.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("weights")]


@pytest.fixture
def oak():
    merged = [
        record(f"c{n}", kinds.CHANGE, who="1", day=n, state="merged", credited_at=at(n), title=f"Change {n}")
        for n in range(1, 4)
    ]
    save(ChannelFactory(), *merged, record("i", who="2"), record("old", who="3", day=200, title="Long ago"))
    organisation = OrganisationFactory(name="Oak", slug="oak")
    belongs(member_of("1"), organisation)
    belongs(member_of("2"), organisation)
    Member.objects.filter(pk=member_of("1").pk).update(visibility="public", name="Ada Told")
    rebuild(today=TODAY)
    return organisation


def why(client, uid):
    return client.get(reverse("dashboard:why_person", args=[member_of(uid).public_id]))


def test_why_of_a_person_adds_up_to_the_list(client, oak):
    answer = why(client, "1")
    window = MemberWindow.objects.get(days=90, member=member_of("1"))
    score = answer.context["why"]
    assert (score.recognition, score.credit, score.n) == (window.recognition, window.credit, window.n) == (15, 15, 3)
    assert sum(line.credit for line in answer.context["lines"]) == window.credit
    text = answer.content.decode()
    assert "5 more credit and 5 more active weeks to Core" in text
    assert "20 credit, 6 of 13 weeks" in text
    assert "Change 2" in text


def test_why_of_an_organisation_adds_up_and_names_only_who_tells(client, oak):
    answer = client.get(reverse("dashboard:why_organisation", args=["oak"]))
    window = OrganisationWindow.objects.get(days=90)
    shares = answer.context["shares"]
    assert (sum(row.n for row in shares), sum(row.credit for row in shares)) == (window.n, window.credit) == (4, 15)
    text = answer.content.decode()
    assert "Ada Told" in text
    assert "1 person not named here" in text
    assert "login-2" not in text


def test_why_of_somebody_hidden_is_for_themselves_alone(client, oak):
    member = member_of("2")
    user = UserFactory()
    Member.objects.filter(pk=member.pk).update(visibility="hidden", user=user)
    assert why(client, "2").status_code == 404
    client.force_login(UserFactory())
    assert why(client, "2").status_code == 404
    client.force_login(user)
    assert why(client, "2").status_code == 200


def test_why_of_a_bot_or_nobody_is_not_found(client, oak):
    Member.objects.filter(pk=member_of("2").pk).update(bot_state="bot")
    assert why(client, "2").status_code == 404
    assert client.get(reverse("dashboard:why_person", args=["nobody"])).status_code == 404
    assert client.get(reverse("dashboard:why_organisation", args=["nobody"])).status_code == 404


def test_why_does_not_say_in_public_who_is_quiet(client, oak):
    assert "Why this level" not in why(client, "3").content.decode()
    client.force_login(UserFactory(is_staff=True))
    assert "Why this level" not in why(client, "3").content.decode()
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    assert "Why this level" in why(client, "3").content.decode()


def test_drifting_is_for_the_team_alone(client, oak, settings):
    url = reverse("dashboard:drifting") + "?who=quiet"
    assert client.get(url).status_code == 302
    client.force_login(UserFactory())
    assert client.get(url).status_code == 404
    client.force_login(UserFactory(is_staff=True))
    assert client.get(url).status_code == 404
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    settings.STAFF_REQUIRES_MFA = True
    assert client.get(url).status_code == 404
    settings.STAFF_REQUIRES_MFA = False
    rows = client.get(url).context["rows"]
    assert [(row.person.name, row.level) for row in rows] == [("login-3", "visitor")]
    Member.objects.filter(pk=member_of("3").pk).update(visibility="hidden")
    assert client.get(url).context["rows"] == []
