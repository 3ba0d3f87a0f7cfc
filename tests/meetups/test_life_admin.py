"""The life of groups in the admin: by button and reason, never by form."""

import pytest
from django.contrib.admin.sites import site
from django.urls import reverse

from meetups.models import Group, GroupMove, OrganiserRequest
from meetups.services import organiser_requests
from portal.members.models import Member, User
from tests.meetups.factories import NOW, GroupFactory, OrganiserFactory, allow, person
from tests.members.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(db: None) -> User:
    return allow(UserFactory(is_staff=True), "view_group", "suspend_group")


@pytest.fixture
def editor(db: None) -> User:
    """May change groups, not suspend them."""
    return allow(UserFactory(is_staff=True), "view_group", "change_group", "delete_group")


def move_url(group: Group, to: str) -> str:
    return reverse("admin:meetups_group_move", args=[group.pk, to])


def test_keeper_suspends_with_a_reason_and_restores(signed_in, group: Group, organiser: Member, keeper: User) -> None:
    client = signed_in(keeper)
    page = client.get(reverse("admin:meetups_group_change", args=[group.pk])).content.decode()
    assert move_url(group, "suspended") in page
    assert "told to its organisers" in client.get(move_url(group, "suspended")).content.decode()
    assert "required" in client.post(move_url(group, "suspended"), {"reason": " "}).content.decode()
    group.refresh_from_db()
    assert group.state == "active"
    client.post(move_url(group, "suspended"), {"reason": "A report", "expected": "active"})
    group.refresh_from_db()
    assert (group.state, group.state_before) == ("suspended", "active")
    assert client.get(group.get_absolute_url()).status_code == 404
    page = client.get(reverse("admin:meetups_group_change", args=[group.pk])).content.decode()
    assert "A report" in page
    assert move_url(group, "active") in page
    client.post(move_url(group, "active"), {"reason": "Cleared"})
    group.refresh_from_db()
    assert group.state == "active"
    assert list(GroupMove.objects.values_list("to_state", "actor")) == [("suspended", keeper.pk), ("active", keeper.pk)]


@pytest.mark.parametrize("to", ["quiet", "dormant", "active", "nonsense"])
def test_keeper_makes_no_move_that_is_the_rules(signed_in, group: Group, keeper: User, to: str) -> None:
    signed_in(keeper).post(move_url(group, to), {"reason": "x"})
    group.refresh_from_db()
    assert (group.state, GroupMove.objects.count()) == ("active", 0)


def test_others_see_no_button_and_post_in_vain(signed_in, group: Group, editor: User, stranger: Member) -> None:
    page = signed_in(editor).get(reverse("admin:meetups_group_change", args=[group.pk])).content.decode()
    assert move_url(group, "suspended") not in page
    assert signed_in(editor).post(move_url(group, "suspended"), {"reason": "x"}).status_code == 403
    assert signed_in(stranger).post(move_url(group, "suspended"), {"reason": "x"}).status_code == 302
    group.refresh_from_db()
    assert group.state == "active"


def test_form_writes_no_state_and_deletes_nothing(signed_in, group: Group, editor: User) -> None:
    client = signed_in(editor)
    form = {
        "name": "New name", "slug": group.slug, "kind": "meetup", "place": group.place_id, "time_zone": "UTC",
        "state": "archived", "state_before": "active", "next_state": "quiet",
        "organisers-TOTAL_FORMS": 0, "organisers-INITIAL_FORMS": 0,
    }  # fmt: skip
    client.post(reverse("admin:meetups_group_change", args=[group.pk]), form)
    group.refresh_from_db()
    assert (group.name, group.state, group.next_state, group.state_before) == ("New name", "active", "", "")
    assert client.post(reverse("admin:meetups_group_delete", args=[group.pk]), {"post": "yes"}).status_code == 403
    data = {"action": "delete_selected", "_selected_action": [group.pk], "post": "yes"}
    client.post(reverse("admin:meetups_group_changelist"), data)
    assert Group.objects.filter(pk=group.pk).exists()


@pytest.mark.parametrize("model", [Group, GroupMove, OrganiserRequest])
def test_there_is_nothing_to_do_with_many_rows_at_once(rf, model) -> None:
    request = rf.get("/")
    request.user = UserFactory(is_staff=True, is_superuser=True)
    assert set(site.get_model_admin(model).get_actions(request)) == set()


def test_team_answers_the_queue_when_it_is_its_turn(signed_in, reviewer: User, stranger: Member) -> None:
    team = allow(reviewer, "view_organiserrequest", "answer_organiserrequest")
    alone = organiser_requests.ask_to_organise(group=GroupFactory(), member=stranger, note="Me", now=NOW)
    run = GroupFactory()
    OrganiserFactory(group=run)
    theirs = organiser_requests.ask_to_organise(group=run, member=person(), note="Me", now=NOW)
    OrganiserRequest.objects.filter(pk=theirs.pk).update(asked_at="2099-01-01T00:00:00Z")
    client = signed_in(team)
    queue = client.get(reverse("admin:meetups_organiserrequest_changelist"), {"turn": "team"})
    assert [row.pk for row in queue.context["cl"].result_list] == [alone.pk]
    detail = client.get(reverse("admin:meetups_organiserrequest_change", args=[theirs.pk])).content.decode()
    assert "answer first" in detail
    answer = "admin:meetups_organiserrequest_answer"
    assert client.post(reverse(answer, args=[theirs.pk]), {"answer": "accept"}).status_code == 403
    assert "makes them an organiser" in (
        client.get(reverse("admin:meetups_organiserrequest_change", args=[alone.pk])).content.decode()
    )
    client.get(reverse(answer, args=[alone.pk]))
    alone.refresh_from_db()
    assert alone.state == "waiting"
    client.post(reverse(answer, args=[alone.pk]), {"answer": "accept"})
    alone.refresh_from_db()
    assert (alone.state, alone.answered_by) == ("accepted", team)


def test_who_only_reads_does_not_answer(signed_in, stranger: Member) -> None:
    asked = organiser_requests.ask_to_organise(group=GroupFactory(), member=stranger, note="Me", now=NOW)
    reader = allow(UserFactory(is_staff=True), "view_organiserrequest")
    url = reverse("admin:meetups_organiserrequest_answer", args=[asked.pk])
    for who in (reader, stranger):
        assert signed_in(who).post(url, {"answer": "accept"}).status_code in {302, 403}
    asked.refresh_from_db()
    assert asked.state == "waiting"
