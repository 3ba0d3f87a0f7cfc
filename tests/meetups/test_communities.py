"""Communities elsewhere: suggested, listed, claimed, kept up to date, made official."""

import pytest
from django.test import Client
from django.utils import timezone

from meetups.models import Application, CommunitySuggestion, Group, GroupMove, LinkCheck, OrganiserRequest
from meetups.services import communities, life
from meetups.services.applications import move
from portal.jobs.transitions import MoveRefused
from portal.mail.models import Message
from portal.members.models import Member, User
from tests.meetups.factories import GroupFactory, OrganiserFactory, approvable, person
from tests.places.factories import PlaceFactory

pytestmark = pytest.mark.django_db
SUGGEST = "/meetups/communities/suggest/"
LINK = "https://www.facebook.com/groups/automation"


@pytest.fixture
def elsewhere() -> Group:
    return GroupFactory(name="Milan talk", kind="external", external_url=LINK, platform="facebook", languages=["it"])


def answers(**values: str) -> dict[str, str]:
    place = PlaceFactory()
    base = {"name": "Milan talk", "platform": "facebook", "url": LINK, "place": str(place.pk), "note": "Active."}
    return {**base, "place_text": place.label, "languages": "it", **values}


def suggestion(**values: object) -> CommunitySuggestion:
    asked = {"name": "Milan talk", "platform": "facebook", "url": LINK, "place": PlaceFactory(), "languages": ["it"]}
    return communities.suggest(
        answers=communities.Answers(**{**asked, **values}),
        member=person(),
        now=timezone.now(),  # type: ignore[arg-type]
    )


# --- suggesting ---------------------------------------------------------------------------------------------------


def test_suggesting_needs_an_account(client: Client) -> None:
    assert client.get(SUGGEST)["Location"].startswith("/accounts/login/")
    assert client.post(SUGGEST, answers()).status_code == 302
    assert not CommunitySuggestion.objects.exists()


def test_suggestion_waits_for_the_team_which_is_told(client: Client, stranger: Member) -> None:
    client.force_login(stranger.user)
    assert client.post(SUGGEST, answers()).status_code == 302
    found = CommunitySuggestion.objects.get()
    assert (found.name, found.state, found.suggested_by, found.languages) == (
        "Milan talk",
        "waiting",
        stranger,
        ["it"],
    )
    assert [message.kind for message in Message.objects.all()] == ["community_suggested"]
    assert not Group.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("url", "http://example.org/x", "has to begin with https://"),
        ("url", "https://user@example.org/x", "does not look like"),
        ("url", "https://example.org:8443/x", "does not look like"),
        ("url", "javascript:alert(1)", "no web address"),
        ("url", "https://exa\x00mple.org/", "Null characters"),
        ("platform", "myspace", "myspace"),
        ("name", "", "Type its name"),
        ("website", "spam", "by a program"),
    ],
)
def test_bad_answers_get_a_sentence_and_nothing_is_lost(
    client: Client, stranger: Member, field: str, value: str, words: str
) -> None:
    client.force_login(stranger.user)
    answer = client.post(SUGGEST, answers(**{field: value}))
    assert answer.status_code == 200
    assert not CommunitySuggestion.objects.exists()
    html = answer.content.decode()
    assert words in html or field == "website"
    assert "Active." in html


def test_what_is_listed_leads_to_its_entry(client: Client, stranger: Member, elsewhere: Group) -> None:
    client.force_login(stranger.user)
    html = client.post(SUGGEST, answers(url="https://m.facebook.com/groups/Automation/?ref=x")).content.decode()
    assert "listed already" in html
    assert f'href="{elsewhere.get_absolute_url()}"' in html
    assert not CommunitySuggestion.objects.exists()


def test_the_same_address_waits_once_and_one_person_has_few() -> None:
    suggestion()
    with pytest.raises(MoveRefused, match="Somebody suggested"):
        suggestion(url=LINK + "/")
    member = person()
    for number in range(4):
        if number == 3:
            with pytest.raises(MoveRefused, match="Three suggestions"):
                suggest_for(member, number)
        else:
            suggest_for(member, number)


def suggest_for(member: Member, number: int) -> None:
    asked = communities.Answers("One", "website", f"https://{number}.example.org", None, [])
    communities.suggest(answers=asked, member=member, now=timezone.now())


# --- the team -----------------------------------------------------------------------------------------------------


def path(found: CommunitySuggestion, verb: str) -> str:
    return f"/admin/meetups/communitysuggestion/{found.pk}/{verb}/"


def test_team_lists_by_post_once_and_the_link_is_looked_at(client: Client, reviewer: User) -> None:
    found = suggestion()
    client.force_login(reviewer)
    client.get(path(found, "accept"))
    assert not Group.objects.exists()
    for _ in range(2):
        client.post(path(found, "accept"))
    group = Group.objects.get()
    assert (group.name, group.kind, group.state, group.platform, group.external_url) == (
        "Milan talk",
        "external",
        "active",
        "facebook",
        LINK,
    )
    assert LinkCheck.objects.get().group == group
    assert Message.objects.filter(kind="community_answered").count() == 1
    html = client.get("/meetups/").content.decode()
    assert "Milan talk" in html
    assert "Facebook" in html


def test_team_refuses_with_a_reason(client: Client, reviewer: User) -> None:
    found = suggestion()
    client.force_login(reviewer)
    client.post(path(found, "refuse"), {"reason": ""})
    assert CommunitySuggestion.objects.get().state == "waiting"
    client.post(path(found, "refuse"), {"reason": "It sells courses."})
    assert (CommunitySuggestion.objects.get().state, CommunitySuggestion.objects.get().answer) == (
        "refused",
        "It sells courses.",
    )
    assert Message.objects.get(kind="community_answered").context["answer"] == "It sells courses."


def test_strangers_answer_nothing(client: Client, stranger: Member) -> None:
    found = suggestion()
    staff = person(is_staff=True)
    for who in (stranger, staff):
        client.force_login(who.user)
        for verb in ("accept", "refuse", "change"):
            assert client.post(path(found, verb), {"reason": "x"}).status_code in (302, 403)
    assert CommunitySuggestion.objects.get().state == "waiting"


# --- the page -----------------------------------------------------------------------------------------------------


def test_page_says_where_the_link_goes_and_what_one_can_do(client: Client, elsewhere: Group) -> None:
    html = " ".join(client.get(elsewhere.get_absolute_url()).content.decode().split())
    assert f'href="{LINK}" rel="nofollow noopener"' in html
    assert "Open on Facebook (facebook.com)" in html
    assert "Claim it" in html
    assert "Make it official" in html
    assert "not checked yet" in html


def test_claim_goes_to_the_team_by_post_and_once(client: Client, elsewhere: Group, stranger: Member) -> None:
    url = f"/meetups/groups/{elsewhere.slug}/claim/"
    assert client.post(url, {"note": "I"}).status_code == 302
    client.force_login(stranger.user)
    assert "how it can see" in client.post(url, {"note": ""}).content.decode()
    for _ in range(2):
        client.post(url, {"note": "I am its admin."})
    asked = OrganiserRequest.objects.get()
    assert (asked.group, asked.member, asked.state, asked.note) == (elsewhere, stranger, "waiting", "I am its admin.")
    assert "You asked on" in client.get(url).content.decode()
    assert client.get(f"/meetups/groups/{GroupFactory().slug}/claim/").status_code == 404


def test_who_claimed_it_changes_the_entry_and_nobody_else(client: Client, elsewhere: Group, stranger: Member) -> None:
    keeper = OrganiserFactory(group=elsewhere).member
    url = f"/meetups/groups/{elsewhere.slug}/describe/"
    new = {"name": "Milano parla", "platform": "slack", "external_url": "https://milano.example.org/join"}
    new |= {"about": "Ciao", "languages": "en"}
    client.force_login(stranger.user)
    assert client.post(url, new).status_code == 403
    client.force_login(OrganiserFactory().member.user)
    assert client.post(url, new).status_code == 403
    client.force_login(keeper.user)
    Group.objects.update(link_gone_since=timezone.now())
    assert client.post(url, new).status_code == 302
    elsewhere.refresh_from_db()
    assert (elsewhere.name, elsewhere.platform, elsewhere.external_url, elsewhere.about, elsewhere.languages) == (
        "Milano parla",
        "slack",
        "https://milano.example.org/join",
        "Ciao",
        ["en"],
    )
    assert elsewhere.link_gone_since is None
    assert "milano parla" in elsewhere.search
    assert LinkCheck.objects.get(group=elsewhere).state == "waiting"


def test_organisers_of_a_group_here_change_words_only(client: Client, group: Group, organiser: Member) -> None:
    client.force_login(organiser.user)
    before = group.name
    client.post(f"/meetups/groups/{group.slug}/describe/", {"about": "We meet.", "name": "Evil"})
    group.refresh_from_db()
    assert (group.about, group.name) == ("We meet.", before)


# --- official -----------------------------------------------------------------------------------------------------


def test_make_official_begins_one_filled_draft_by_post(client: Client, elsewhere: Group, stranger: Member) -> None:
    url = f"/meetups/groups/{elsewhere.slug}/official/"
    assert client.post(url).status_code == 302
    client.force_login(stranger.user)
    client.get(url)
    assert not Application.objects.exists()
    for _ in range(2):
        client.post(url)
    draft = Application.objects.get()
    assert (draft.applicant, draft.group_name, draft.place, draft.languages, draft.community, draft.agreed_at) == (
        stranger,
        "Milan talk",
        elsewhere.place,
        ["it"],
        elsewhere,
        None,
    )
    assert LINK in draft.interest_note


def test_approval_puts_the_entry_in_the_archive_and_points_on(
    client: Client, elsewhere: Group, lead: User, settings
) -> None:  # type: ignore[no-untyped-def]
    application = approvable(community=elsewhere, place=elsewhere.place)
    keeper = OrganiserFactory(group=elsewhere).member
    communities.link_checks.watch(elsewhere, now=timezone.now())
    group = move(application=application, to="approved", actor=lead, now=timezone.now()).group
    elsewhere.refresh_from_db()
    assert (elsewhere.state, elsewhere.became) == ("archived", group)
    assert GroupMove.objects.get(group=elsewhere).to_state == "archived"
    assert LinkCheck.objects.get().state == "done"
    assert Message.objects.get(kind="community_became").recipient_key == f"user:{keeper.user_id}"
    html = client.get(elsewhere.get_absolute_url()).content.decode()
    assert group is not None
    assert f'href="{group.get_absolute_url()}"' in html
    assert "Claim it" not in html
    # Its dates are those of the group now: one more published here wakes nothing.
    life.wake(group=elsewhere, now=timezone.now(), reason="A date was published.")
    elsewhere.refresh_from_db()
    assert elsewhere.state == "archived"


def test_approval_brings_no_suspended_entry_back(client: Client, elsewhere: Group, lead: User) -> None:
    application = approvable(community=elsewhere, place=elsewhere.place)
    Group.objects.filter(pk=elsewhere.pk).update(state="suspended", state_before="active")
    assert move(application=application, to="approved", actor=lead, now=timezone.now()).group is not None
    elsewhere.refresh_from_db()
    assert (elsewhere.state, elsewhere.became) == ("suspended", None)
    assert client.get(elsewhere.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("signed", [False, True])
def test_page_has_a_fixed_number_of_queries(
    client: Client, elsewhere: Group, stranger: Member, signed: bool, django_assert_max_num_queries
) -> None:  # type: ignore[no-untyped-def]
    if signed:
        client.force_login(stranger.user)
    client.get(elsewhere.get_absolute_url())
    for number in (0, 3):
        for _ in range(number):
            OrganiserFactory(group=elsewhere)
        with django_assert_max_num_queries(16):
            client.get(elsewhere.get_absolute_url())


def test_community_elsewhere_is_not_called_active() -> None:
    elsewhere = GroupFactory(kind="external", external_url="https://example.org/")
    assert elsewhere.badge == ("off", "Elsewhere")
    assert GroupFactory().badge == ("good", "Active")
    elsewhere.link_gone_since = timezone.now()
    assert elsewhere.badge == ("late", "Link gone")
    elsewhere.state = "archived"
    assert elsewhere.badge == ("off", "Archived")
