"""The list of a new group: made once, ticked by its organisers, or done once the thing is."""

import pytest
from django.test import Client
from django.utils import timezone

from meetups.models import ForumCategory, Group, OnboardingTask
from meetups.services import onboarding
from portal.members.models import Member
from tests.meetups.factories import EventFactory, GroupFactory, OrganiserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def new_group() -> Group:
    group = GroupFactory(state="onboarding", about="")
    onboarding.make_tasks(group)
    return group


def keys(group: Group) -> list[str]:
    return [task.key for task in onboarding.open_tasks(group)]


def test_list_is_made_once(new_group: Group) -> None:
    onboarding.make_tasks(new_group)
    assert keys(new_group) == ["forum_category", "publish_launch", "introduce", "describe", "invite"]
    assert OnboardingTask.objects.count() == 5


def test_every_task_says_what_to_do_and_most_lead_somewhere(new_group: Group) -> None:
    tasks = onboarding.open_tasks(new_group)
    assert all(task.title and task.sentence for task in tasks)
    assert [task.key for task in tasks if not task.url] == ["forum_category"]
    assert [task.key for task in tasks if task.is_ticked] == ["introduce", "invite"]


def test_done_things_go_away_by_themselves(new_group: Group) -> None:
    EventFactory(group=new_group, state="draft")
    ForumCategory.objects.create(group=new_group, name="x")
    assert len(keys(new_group)) == 5
    EventFactory(group=new_group, state="published")
    ForumCategory.objects.update(made_at=timezone.now())
    new_group.about = "We meet."
    new_group.save()
    assert keys(new_group) == ["introduce", "invite"]


def test_online_group_has_nobody_to_invite_in_a_town() -> None:
    group = GroupFactory(kind="online", place=None, state="onboarding")
    onboarding.make_tasks(group)
    assert "invite" not in keys(group)


def test_organiser_ticks_by_post_and_nobody_else(client: Client, new_group: Group, stranger: Member) -> None:
    url = f"/meetups/groups/{new_group.slug}/done/introduce/"
    organiser = OrganiserFactory(group=new_group).member
    for who in (stranger, OrganiserFactory().member):
        client.force_login(who.user)
        assert client.post(url).status_code == 403
        assert "A good start" not in client.get(new_group.get_absolute_url()).content.decode()
    client.force_login(organiser.user)
    assert client.get(url).status_code == 405
    assert "introduce" in keys(new_group)
    assert "A good start" in client.get(new_group.get_absolute_url()).content.decode()
    for _ in range(2):
        assert client.post(url).status_code == 302
    row = OnboardingTask.objects.get(key="introduce")
    assert (row.done_by, row.done_at is not None) == (organiser.user, True)


def test_what_the_portal_sees_itself_cannot_be_ticked(client: Client, new_group: Group) -> None:
    client.force_login(OrganiserFactory(group=new_group).member.user)
    for key in ("publish_launch", "forum_category", "nonsense"):
        client.post(f"/meetups/groups/{new_group.slug}/done/{key}/")
    assert not OnboardingTask.objects.filter(done_at__isnull=False).exists()


def test_open_tasks_are_read_in_one_query(new_group: Group, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    with django_assert_num_queries(1):
        onboarding.open_tasks(new_group)
