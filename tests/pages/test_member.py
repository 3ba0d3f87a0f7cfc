"""Profiles: who has one, what it shows, and what it never shows."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dashboard import kinds
from dashboard.importers.records import Account, Record
from dashboard.models import Channel
from dashboard.services import store
from portal.members.models import Member
from portal.pages.member_page import RECENT
from tests.dashboard.factories import SourceFactory
from tests.meetups.factories import GroupFactory
from tests.members.factories import AffiliationFactory, IdentityFactory, MemberFactory, UserFactory

pytestmark = pytest.mark.django_db


def profile(client: Client, member: Member) -> Any:
    return client.get(reverse("pages:member", args=[member.public_id]))


def contribute(member: Member, count: int) -> None:
    source = SourceFactory(service="github", base_url="https://api.github.com")
    channel = Channel.objects.create(source=source, key=str(member.pk), name="org/code", kind="repository")
    identity = IdentityFactory(member=member)
    now = timezone.now()
    records = [
        Record(
            f"issue:{member.pk}-{number}", kinds.ISSUE, now - timedelta(days=number), Account(identity.uid),
            title=f"Issue {number}", url=f"https://code.example/{number}",
        )
        for number in range(count)
    ]  # fmt: skip
    store.store(source=source, channel=channel, records=records, now=now)


def test_profile_shows_name_place_and_employer(client: Client) -> None:
    member = MemberFactory(name="Ada Marlow", handle="ada", user=UserFactory())
    AffiliationFactory(member=member, organisation__name="Ember Works")
    html = profile(client, member).content.decode()
    assert "<h1>Ada Marlow</h1>" in html
    assert "Ember Works" in html


def test_profile_shows_no_contact_data(client: Client) -> None:
    user = UserFactory(email="ada.marlow@secret.example")
    member = MemberFactory(name="Ada Marlow", user=user)
    assert "secret.example" not in profile(client, member).content.decode()


def test_profile_by_handle_shows_nothing_else(client: Client) -> None:
    member = MemberFactory(name="Ada Marlow", handle="ada", about="secret", visibility=Member.Visibility.HANDLE)
    AffiliationFactory(member=member, organisation__name="Ember Works")
    html = profile(client, member).content.decode()
    assert "<h1>ada</h1>" in html
    assert "Marlow" not in html
    assert "secret" not in html
    assert "Ember Works" not in html


@pytest.mark.parametrize(
    "values",
    [
        {"visibility": Member.Visibility.HIDDEN},
        {"visibility": Member.Visibility.HANDLE, "handle": ""},
        {"erased_at": datetime(2026, 1, 1, tzinfo=UTC)},
        {"bot_state": Member.BotState.BOT},
    ],
)
def test_profile_of_who_is_not_named_does_not_exist(client: Client, values: dict[str, Any]) -> None:
    assert profile(client, MemberFactory()).status_code == 200
    assert profile(client, MemberFactory(**values)).status_code == 404


def test_profile_of_a_merged_member_leads_to_the_kept_one(client: Client) -> None:
    kept = MemberFactory()
    gone = MemberFactory(merged_into=kept)
    older = MemberFactory(merged_into=gone)
    for member in (gone, older):
        response = profile(client, member)
        assert (response.status_code, response["Location"]) == (302, kept.get_absolute_url())


def test_profile_of_one_merged_into_who_is_hidden_does_not_exist(client: Client) -> None:
    kept = MemberFactory(visibility=Member.Visibility.HIDDEN)
    assert profile(client, MemberFactory(merged_into=kept)).status_code == 404


def test_profile_names_an_employer_only_once_confirmed_and_today(client: Client) -> None:
    member = MemberFactory(user=UserFactory())
    AffiliationFactory(member=member, organisation__name="Old Works", until_on=date(2021, 1, 1))
    AffiliationFactory(member=member, organisation__name="Claimed Works", from_on=date(2022, 1, 1), confirmed_at=None)
    html = profile(client, member).content.decode()
    assert "Old Works" not in html
    assert "Claimed Works" not in html


def test_profile_lists_groups_one_runs_now(client: Client) -> None:
    member = MemberFactory(user=UserFactory())
    now = timezone.now()
    for name, values in {
        "Runs": {"accepted_at": now},
        "Asked": {},
        "Left": {"accepted_at": now, "ended_at": now},
    }.items():
        GroupFactory(name=f"{name} Circle").organisers.create(member=member, **values)
    GroupFactory(name="Banned Circle", state="suspended").organisers.create(member=member, accepted_at=now)
    page = profile(client, member).context["page"]
    assert [group.name for group in page.groups] == ["Runs Circle"]


def test_profile_lists_the_newest_contributions(client: Client) -> None:
    member = MemberFactory()
    contribute(member, RECENT + 3)
    contribute(MemberFactory(), 2)
    page = profile(client, member).context["page"]
    assert [deed.title for deed in page.deeds] == [f"Issue {number}" for number in range(RECENT)]


def test_profile_takes_the_same_queries_with_one_and_with_many(client: Client, django_assert_num_queries: Any) -> None:
    one, many = MemberFactory(user=UserFactory()), MemberFactory(user=UserFactory())
    for member, count in ((one, 1), (many, 30)):
        contribute(member, count)
        AffiliationFactory(member=member)
        for _n in range(min(count, 4)):
            GroupFactory().organisers.create(member=member, accepted_at=timezone.now())
    profile(client, one)
    for member in (one, many):
        with django_assert_num_queries(6):
            profile(client, member)


def test_profile_is_kept_out_of_search_engines(client: Client) -> None:
    assert '<meta name="robots" content="noindex">' in profile(client, MemberFactory()).content.decode()
