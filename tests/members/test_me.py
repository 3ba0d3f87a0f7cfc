"""The reader's own page."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from meetups.models import Group, GroupMembership, Organiser
from portal.members.models import Affiliation, Member, MemberChange, Organisation, User
from portal.pages.me_forms import ProfileForm
from tests.members.factories import AffiliationFactory, IdentityFactory, MemberFactory, OrganisationFactory, UserFactory
from tests.places.factories import town

pytestmark = pytest.mark.django_db

ME = reverse("pages:me")


@pytest.fixture
def user() -> User:
    return UserFactory(email="ada@example.org")


@pytest.fixture
def member(user: User) -> Member:
    return MemberFactory(user=user, name="Ada", handle="ada")


@pytest.fixture
def browser(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


def profile(**changes: str) -> dict[str, str]:
    values = {
        "name": "Ada", "handle": "ada", "visibility": "public", "place": "", "place_text": "", "time_zone": "",
        "languages": "", "about": "",
    }  # fmt: skip
    return {**values, **changes}


def test_page_makes_the_member_of_an_account_without_one(browser: Client, user: User):
    assert browser.get(ME).status_code == 200
    assert Member.objects.get().user == user


def test_profile_is_saved(browser: Client, member: Member, user: User):
    cologne = town("Köln")
    answers = profile(
        name="Ada L.", handle="@ada-l", place_text="Koeln", languages="english, Portuguese; de", about="**Hi**"
    )
    assert browser.post(ME, answers).headers["Location"] == ME
    member.refresh_from_db()
    user.refresh_from_db()
    assert (member.name, member.handle, member.place, member.languages, member.about) == (
        "Ada L.", "ada-l", cologne, ["en", "pt", "de"], "**Hi**",
    )  # fmt: skip
    assert user.time_zone == "Europe/Berlin"
    assert MemberChange.objects.count() == 0


def test_chosen_zone_outweighs_the_towns(browser: Client, member: Member, user: User):
    town("Köln")
    browser.post(ME, profile(place_text="Köln", time_zone="Asia/Tokyo"))
    user.refresh_from_db()
    assert user.time_zone == "Asia/Tokyo"


def test_zone_moves_with_the_town_unless_it_was_chosen(browser: Client, member: Member, user: User):
    town("Köln")
    town("Lagos")
    browser.post(ME, profile(place_text="Köln"))
    browser.post(ME, profile(place_text="Lagos", time_zone="Europe/Berlin"))
    user.refresh_from_db()
    assert user.time_zone == "Africa/Lagos"
    browser.post(ME, profile(place_text="Lagos", time_zone="Asia/Tokyo"))
    browser.post(ME, profile(place_text="Köln", time_zone="Asia/Tokyo"))
    user.refresh_from_db()
    assert user.time_zone == "Asia/Tokyo"


def test_name_and_handle_lose_what_nobody_can_see(browser: Client, member: Member):
    browser.post(ME, profile(name="\u202eAda\u200b L.\x07", handle="@a\u2066da"))
    member.refresh_from_db()
    assert (member.name, member.handle) == ("Ada L.", "ada")


def test_profile_leaves_alone_what_it_does_not_ask(member: Member, user: User):
    form = ProfileForm(profile(name="Ada L."), instance=Member.objects.get(), user=user)
    assert form.is_valid()
    Member.objects.update(bot_state="bot", visibility="hidden", skills=["talks"])
    form.save()
    member.refresh_from_db()
    assert (member.name, member.bot_state, member.visibility, member.skills) == ("Ada L.", "bot", "hidden", ["talks"])


def test_profile_of_somebody_erased_meanwhile_stays_erased(browser: Client, member: Member, user: User):
    form = ProfileForm(profile(name="Ada L."), instance=Member.objects.get(), user=user)
    assert form.is_valid()
    Member.objects.update(erased_at=timezone.now(), name="")
    with pytest.raises(Member.DoesNotExist):
        form.save()
    page = browser.post(ME, profile(name="Ada L."), follow=True).content.decode()
    assert "Nothing was saved: this profile has been erased." in page
    member.refresh_from_db()
    assert (member.name, member.erased_at is None) == ("", False)


def test_member_with_nothing_to_be_called_by_is_told(browser: Client, member: Member):
    Member.objects.update(name="", handle="")
    page = browser.get(ME).content.decode()
    assert "You gave nothing to call you by" in page
    assert member.get_absolute_url() not in page


def test_hiding_tells_others(browser: Client, member: Member):
    browser.post(ME, profile(visibility="hidden"))
    member.refresh_from_db()
    assert member.visibility == "hidden"
    assert list(MemberChange.objects.values_list("member", "kind")) == [(member.pk, "visibility")]
    assert "counted in totals and named nowhere" in browser.get(ME).content.decode()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"languages": "english, klingonese"},
            "“klingonese” is no language we know. Write its name, such as “English”.",
        ),
        ({"place_text": "Atlantis"}, "No town called “Atlantis” is known here."),
        ({"visibility": "handle", "handle": ""}, "Give a handle, so that there is something to call you by."),
        (
            {"name": "\u202e\u200b", "handle": "@"},
            "Give a name or a handle, so that there is something to call you by.",
        ),
        ({"time_zone": "Mars/Olympus"}, "Mars/Olympus"),
        ({"name": "x" * 121}, "120"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    browser: Client, member: Member, changes: dict[str, str], sentence: str
):
    page = browser.post(ME, profile(about="typed before", **changes)).content.decode()
    assert sentence in page
    assert "typed before" in page
    member.refresh_from_db()
    assert member.about == ""


def test_affiliation_is_added_and_a_new_organisation_with_it(browser: Client, member: Member):
    browser.post(
        reverse("pages:affiliation_add"), {"organisation": "Casa  Norte", "from_on": "2024-01-01", "last_on": ""}
    )
    row = member.affiliations.get()
    assert (row.organisation.name, row.days.lower, row.source) == ("Casa Norte", date(2024, 1, 1), "person")
    assert row.confirmed_at is not None
    assert list(MemberChange.objects.values_list("kind", flat=True)) == ["affiliation"]


def test_overlapping_affiliation_is_refused_at_the_field(browser: Client, member: Member):
    AffiliationFactory(member=member, organisation__name="Casa Norte", from_on=date(2024, 1, 1))
    page = browser.post(
        reverse("pages:affiliation_add"), {"organisation": "Other", "from_on": "2025-01-01", "last_on": ""}
    ).content.decode()
    assert "These days overlap with Casa Norte, 1 Jan 2024 to now." in page
    assert 'value="2025-01-01"' in page
    assert member.affiliations.count() == 1
    assert not Organisation.objects.filter(name="Other").exists()


def test_claim_is_confirmed_or_rejected(browser: Client, member: Member):
    right = AffiliationFactory(member=member, confirmed_at=None, source="team", organisation__name="Right")
    wrong = AffiliationFactory(
        member=member, confirmed_at=None, source="domain", organisation__name="Wrong", from_on=date(2010, 1, 1),
        until_on=date(2011, 1, 1),
    )  # fmt: skip
    page = browser.get(ME).content.decode()
    assert "Is this right?" in page
    browser.post(reverse("pages:affiliation_answer", args=[right.pk]), {"answer": "yes"})
    browser.post(reverse("pages:affiliation_answer", args=[wrong.pk]), {"answer": "no"})
    assert list(Affiliation.objects.confirmed()) == [right]
    assert list(Affiliation.objects.filter(rejected_at__isnull=False)) == [wrong]
    browser.get(ME)  # the messages
    page = browser.get(ME).content.decode()
    assert "Is this right?" not in page
    assert "Wrong" not in page.partition("organisation-names")[0]


@pytest.mark.parametrize("answers", [{}, {"answer": ""}, {"answer": "maybe"}])
def test_claim_stays_open_without_a_yes_or_no(browser: Client, member: Member, answers: dict[str, str]):
    row = AffiliationFactory(member=member, confirmed_at=None, organisation__name="Casa Norte")
    page = browser.post(reverse("pages:affiliation_answer", args=[row.pk]), answers, follow=True).content.decode()
    assert "Nothing was changed: answer yes or no about Casa Norte." in page
    assert list(Affiliation.objects.pending()) == [row]


def test_claim_is_answered_once(browser: Client, member: Member):
    row = AffiliationFactory(member=member, organisation__name="Casa Norte")
    page = browser.post(reverse("pages:affiliation_answer", args=[row.pk]), {"answer": "no"}, follow=True)
    assert "Nothing was changed: you answered about Casa Norte before." in page.content.decode()
    assert "Noted" not in page.content.decode()
    assert list(Affiliation.objects.confirmed()) == [row]


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_days_nobody_can_mean_are_refused_at_the_field(browser: Client, member: Member, day: str):
    sentence = "Choose a day between 1 Jan 1950 and"
    add = {"organisation": "Casa Norte", "from_on": "", "last_on": day}
    page = browser.post(reverse("pages:affiliation_add"), add)
    assert [error.startswith(sentence) for error in page.context["affiliation"].errors["last_on"]] == [True]
    assert not Organisation.objects.exists()
    row = AffiliationFactory(member=member, from_on=None)
    page = browser.post(reverse("pages:affiliation_end", args=[row.pk]), {f"end{row.pk}-last_on": day})
    assert sentence in page.content.decode()
    row.refresh_from_db()
    assert row.days.upper is None


def test_affiliation_is_ended(browser: Client, member: Member):
    row = AffiliationFactory(member=member, from_on=date(2024, 1, 1))
    browser.post(reverse("pages:affiliation_end", args=[row.pk]), {f"end{row.pk}-last_on": "2024-03-31"})
    row.refresh_from_db()
    assert row.days.upper == date(2024, 4, 1)
    other = AffiliationFactory(member=member, from_on=date(2024, 6, 1))
    page = browser.post(reverse("pages:affiliation_end", args=[other.pk]), {f"end{other.pk}-last_on": "2020-01-01"})
    assert "The last day cannot be before the first one, 1 Jun 2024." in page.content.decode()


@pytest.mark.parametrize("name", ["affiliation_answer", "affiliation_end"])
def test_affiliations_of_others_are_out_of_reach(browser: Client, member: Member, name: str):
    row = AffiliationFactory(confirmed_at=None)
    before = Affiliation.objects.values().get()
    assert browser.post(reverse(f"pages:{name}", args=[row.pk]), {"answer": "yes"}).status_code == 404
    assert Affiliation.objects.values().get() == before


@pytest.mark.parametrize("name", ["affiliation_answer", "affiliation_end"])
def test_nothing_changes_by_get_or_for_strangers(client: Client, member: Member, name: str, user: User):
    row = AffiliationFactory(member=member, confirmed_at=None)
    url = reverse(f"pages:{name}", args=[row.pk])
    assert client.post(url, {"answer": "yes"}).headers["Location"].startswith(reverse("account_login"))
    client.force_login(user)
    assert client.get(url).status_code == 405
    row.refresh_from_db()
    assert row.confirmed_at is None


def test_page_shows_own_groups_accounts_and_nobody_elses(browser: Client, member: Member):
    place = town("Köln")
    mine = Group.objects.create(name="Mine", slug="mine", place=place)
    run = Group.objects.create(name="Run by me", slug="run", place=place)
    Group.objects.create(name="Not mine", slug="not-mine", place=place)
    GroupMembership.objects.create(group=mine, member=member)
    Organiser.objects.create(group=run, member=member, accepted_at=timezone.now())
    IdentityFactory(member=member, username="ada-on-github")
    IdentityFactory(username="somebody-else")
    page = browser.get(ME)
    assert [group["name"] for group in page.context["groups"]] == ["Run by me", "Mine"]
    assert [account.name for account in page.context["accounts"]] == ["ada-on-github"]


def test_suspended_group_is_named_without_a_link(browser: Client, member: Member):
    group = Group.objects.create(name="Sleepers", slug="sleepers", place=town("Köln"), state=Group.State.SUSPENDED)
    GroupMembership.objects.create(group=group, member=member)
    page = browser.get(ME).content.decode()
    assert "<strong>Sleepers</strong>" in page
    assert group.get_absolute_url() not in page
    assert "suspended" in page


def test_page_takes_as_many_queries_for_many_rows_as_for_one(browser: Client, member: Member):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    place = town("Köln")
    browser.get(ME)
    counts = []
    for number in range(1, 4):
        group = Group.objects.create(name=f"Group {number}", slug=f"group-{number}", place=place)
        GroupMembership.objects.create(group=group, member=member)
        IdentityFactory(member=member)
        AffiliationFactory(
            member=member, from_on=date(2000 + number, 1, 1), until_on=date(2001 + number, 1, 1),
            organisation=OrganisationFactory(),
        )  # fmt: skip
        with CaptureQueriesContext(connection) as queries:
            browser.get(ME)
        counts.append(len(queries))
    assert counts[0] == counts[2]
