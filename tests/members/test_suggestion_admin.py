"""The queue of suggestions and the queue of possible bots in the admin."""

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal.members.models import DifferentPeople, Member, Merge, MergeSuggestion
from portal.members.services import match
from tests.members.factories import IdentityFactory, MemberFactory, UserFactory

pytestmark = pytest.mark.django_db

LIST = reverse("admin:members_mergesuggestion_changelist")


@pytest.fixture
def team(client: Client) -> Client:
    client.force_login(UserFactory(is_staff=True, is_superuser=True, email="team@example.org"))
    return client


def suggest(name: str = "ada") -> MergeSuggestion:
    one = IdentityFactory(username=name, email=f"{name}@here.example", member__visibility="hidden")
    IdentityFactory(service="discourse", site="forum.example.org", username=name, location="Köln")
    match(now=timezone.now())
    return MergeSuggestion.objects.get(first=one.member)


def answer(suggestion: MergeSuggestion, word: str) -> str:
    return reverse("admin:members_mergesuggestion_answer", args=[suggestion.pk, word])


def test_evidence_stands_side_by_side_and_nothing_happens_by_looking(team: Client):
    suggestion = suggest()
    page = team.get(reverse("admin:members_mergesuggestion_change", args=[suggestion.pk])).content.decode()
    for text in ("the same user name in different places: “ada” (+40)", "ada@here.example", "Köln", "Score 40 of 100"):
        assert text in page
    assert "They become one member" in team.get(answer(suggestion, "merge")).content.decode()
    assert Merge.objects.count() == 0


def test_answers_are_taken_and_lead_to_the_next(team: Client):
    first, second, third = (suggest(name) for name in ("ada", "bob", "cyd"))
    after = reverse("admin:members_mergesuggestion_change", args=[second.pk])
    assert team.post(answer(first, "merge")).headers["Location"] == after
    merge = Merge.objects.get()
    assert (merge.kept, merge.gone, merge.by.email) == (first.first, first.second, "team@example.org")
    team.post(answer(second, "different"))
    assert DifferentPeople.objects.count() == 1
    assert team.post(answer(third, "later")).headers["Location"] == LIST
    assert list(team.get(LIST).context["cl"].result_list) == []
    assert list(MergeSuggestion.objects.all()) == [third]
    assert team.get(answer(third, "burn")).status_code == 404


def test_an_answer_that_cannot_be_taken_is_told(team: Client):
    suggestion = suggest()
    Member.objects.filter(pk=suggestion.first_id).update(user=UserFactory())
    Member.objects.filter(pk=suggestion.second_id).update(user=UserFactory())
    page = team.post(answer(suggestion, "merge"), follow=True).content.decode()
    assert "Both members have an account" in page


def test_only_who_may_change_suggestions_answers_them(client: Client):
    suggestion = suggest()
    stranger = UserFactory()
    reader = UserFactory(is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_mergesuggestion"))
    for user, status in ((stranger, 302), (reader, 403)):
        client.force_login(user)
        assert client.post(answer(suggestion, "merge")).status_code == status
    assert client.get(reverse("admin:members_mergesuggestion_change", args=[suggestion.pk])).status_code == 200
    assert client.get(reverse("admin:members_sharedname_changelist")).status_code == 403
    client.force_login(stranger)
    assert client.get(LIST).status_code == 302
    assert Merge.objects.count() == 0


def test_the_queue_takes_as_many_queries_for_many_rows_as_for_one(team: Client):
    counts = []
    team.get(LIST)
    for names in (["ada"], ["bob", "cyd", "dee"]):
        for name in names:
            suggest(name)
        with CaptureQueriesContext(connection) as queries:
            team.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_possible_bots_wait_for_a_humans_word_which_is_final(team: Client):
    by_service = IdentityFactory(username="helper", is_bot_hint=True, member=MemberFactory(bot_state="bot")).member
    by_name = IdentityFactory(username="Release-Bot").member
    known = IdentityFactory(username="dependabot").member
    IdentityFactory(username="abbott")
    url = reverse("admin:members_member_changelist")
    queue = team.get(url, {"bots": "look"}).context["cl"].result_list
    assert {member.pk for member in queue} == {by_service.pk, by_name.pk, known.pk}
    post = {"_selected_action": [by_name.pk, by_service.pk]}
    team.post(url, {**post, "action": "mark_as_bot"})
    team.post(url, {"_selected_action": [known.pk], "action": "mark_as_human"})
    assert list(team.get(url, {"bots": "look"}).context["cl"].result_list) == []
    bots = team.get(url, {"bots": "bot"}).context["cl"].result_list
    assert {member.pk for member in bots} == {by_service.pk, by_name.pk}
