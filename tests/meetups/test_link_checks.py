"""The weekly look at communities elsewhere: what it notes, shows and tells."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from meetups.models import Group, LinkCheck
from meetups.services import link_checks
from portal.clients.links import Look, Status
from portal.jobs import services as jobs
from portal.mail.models import Message
from tests.meetups.factories import GroupFactory, OrganiserFactory
from tests.members.factories import UserFactory
from tests.upstreams.server import Reply, Request, Server

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def elsewhere(**values: object) -> Group:
    return GroupFactory(**{"kind": "external", "external_url": "https://a.example/x", **values})


def see(group: Group, status: Status, week: int = 0) -> LinkCheck:
    check = LinkCheck.objects.get(group=group)
    at = NOW + timedelta(days=8 * week)
    assert link_checks.check_link(check=check, now=at, looker=lambda url: Look(status, "So it was."))
    return LinkCheck.objects.get(group=group)


def test_gone_three_times_is_shown_and_told_once_and_reached_takes_it_back(client: Client) -> None:
    group = elsewhere()
    OrganiserFactory(group=group)
    link_checks.watch(group, now=NOW)
    for week in range(2):
        assert see(group, Status.GONE, week).failures == week + 1
    assert Group.objects.get().link_gone_since is None
    assert not Message.objects.exists()
    see(group, Status.GONE, 2)
    see(group, Status.GONE, 3)
    assert Group.objects.get().link_gone_since == NOW + timedelta(days=16)
    assert sorted(Message.objects.values_list("kind", "recipient_key")) == [
        ("community_link_gone", "team"),
        ("community_link_gone", f"user:{group.organisers.get().member.user_id}"),
    ]
    assert "The link seems gone" in client.get(group.get_absolute_url()).content.decode()
    assert "Link seems gone" in client.get("/meetups/").content.decode()
    check = see(group, Status.REACHED, 4)
    assert (check.failures, Group.objects.get().link_gone_since) == (0, None)
    html = client.get(group.get_absolute_url()).content.decode()
    assert "The link seems gone" not in html
    assert "the page answers" in html


def test_not_known_neither_counts_nor_resets() -> None:
    group = elsewhere()
    link_checks.watch(group, now=NOW)
    see(group, Status.GONE)
    check = see(group, Status.UNKNOWN, 1)
    assert (check.failures, check.found) == (1, "unknown")
    assert see(group, Status.GONE, 2).failures == 2


def test_next_look_is_about_a_week_later_and_not_before() -> None:
    group = elsewhere()
    link_checks.watch(group, now=NOW)
    check = see(group, Status.REACHED)
    assert check.next_try_at is not None
    assert timedelta(days=6) < check.next_try_at - NOW < timedelta(days=8)
    assert not link_checks.check_link(check=check, now=NOW + timedelta(days=1), looker=lambda url: 1 / 0)  # type: ignore[arg-type, return-value]


def test_nightly_adds_what_has_no_look_yet_and_nothing_twice() -> None:
    elsewhere(slug="one")
    elsewhere(slug="demo", is_demo=True)
    elsewhere(slug="old", state="archived")
    GroupFactory(slug="official")
    assert link_checks.queue_missing(now=NOW) == 1
    assert link_checks.queue_missing(now=NOW) == 0
    due = LinkCheck.objects.get().next_try_at
    assert due is not None
    assert NOW <= due <= NOW + timedelta(days=1)


def test_address_changed_meanwhile_is_not_judged_by_the_old_one() -> None:
    group = elsewhere()
    link_checks.watch(group, now=NOW)

    def looker(url: str) -> Look:
        Group.objects.filter(pk=group.pk).update(external_url="https://b.example/")
        return Look(Status.GONE, "Old.")

    link_checks.check_link(check=LinkCheck.objects.get(), now=NOW, looker=looker)
    assert (LinkCheck.objects.get().found, LinkCheck.objects.get().state) == ("", "running")


def test_archived_and_demo_are_not_looked_at_any_more() -> None:
    for number, values in enumerate(({"state": "archived"}, {"is_demo": True})):
        group = elsewhere(slug=f"g{number}", **values)
        check = link_checks.watch(group, now=NOW)
        assert not link_checks.check_link(check=check, now=NOW, looker=lambda url: 1 / 0)  # type: ignore[arg-type, return-value]
        assert LinkCheck.objects.get(group=group).state == "done"


def test_task_looks_over_real_http(settings) -> None:  # type: ignore[no-untyped-def]
    class Site:
        def respond(self, request: Request) -> Reply:
            return Reply(200 if request.path == "/there" else 410)

    with Server({"": Site()}) as server:
        settings.ALLOWED_PRIVATE_HOSTS = (server.host,)
        found = {}
        for path in ("/there", "/gone"):
            group = elsewhere(external_url=server.url(path))
            check = link_checks.watch(group, now=timezone.now())
            from meetups.tasks.links import check_link

            check_link(check.pk)
            found[path] = LinkCheck.objects.get(group=group).found
    assert found == {"/there": "reached", "/gone": "gone"}


def test_reconciler_knows_the_work() -> None:
    assert LinkCheck in jobs._REGISTER


def test_address_changed_in_the_admin_is_looked_at_at_once(client: Client) -> None:
    group = elsewhere(time_zone="Europe/Lisbon")
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    path = f"/admin/meetups/group/{group.pk}/change/"
    form = client.get(path).context["adminform"].form
    answers = {name: value for name, value in form.initial.items() if value not in (None, []) and name in form.fields}
    answers |= {"languages": "", "external_url": "https://b.example/", "place": group.place_id}
    answers |= {"organisers-TOTAL_FORMS": 0, "organisers-INITIAL_FORMS": 0}
    assert client.post(path, answers).status_code == 302
    assert LinkCheck.objects.get().state == "waiting"
