"""What was deleted, moved or given up at GitHub is found by a look at ninety days; nothing is taken on suspicion."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from dashboard.models import Contribution, Source, StartingPoint
from dashboard.services.starting_points import open_starting_points
from portal.members.models import Identity
from tests.dashboard.factories import SourceFactory
from tests.dashboard.importers.factories import NOW
from tests.dashboard.importers.github_factories import crowd, day, fill, stored, truth, work
from tests.upstreams import faults
from tests.upstreams.github import GitHubApp, GitHubWorld, Item
from tests.upstreams.server import Reply, Request, Server

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def world() -> GitHubWorld:
    return crowd(12, 5)


@pytest.fixture
def server(world: GitHubWorld) -> Iterator[Server]:
    with Server({"": GitHubApp(world)}) as running:
        yield running


@pytest.fixture
def source(server: Server) -> Source:
    return SourceFactory(base_url=server.url(), options={"org": "acme"})


def sweeps(server: Server, seen: int) -> list[str]:
    """Lists by creation, and single things asked for."""
    return [one.path for one in server.log[seen:] if one.query.get("sort") == "created" or one.path[-1].isdigit()]


def comments_of(world: GitHubWorld, issue: Item) -> list[Item]:
    return [one for one in world.lists["issue_comments"][1] if one["issue_url"].endswith(f"/issues/{issue['number']}")]


def test_deleted_issue_goes_with_its_thread_and_deleted_comments_go_alone(
    world: GitHubWorld, server: Server, source: Source
) -> None:
    work(source, server)
    issue = world.lists["issues"][1].pop(0)
    for comment in comments_of(world, issue):
        world.lists["issue_comments"][1].remove(comment)
    world.lists["issue_comments"][1].pop()
    world.lists["review_comments"][1].pop(3)
    world.discussions[1].pop(2)
    world.discussions[1][0]["comments"][0]["replies"].clear()
    run = work(source, server, now=LATER)
    assert (run.state, run.error) == ("done", "")
    assert stored(source) == truth(world)
    assert set(Contribution.objects.exclude(deleted_at=None).values_list("title", flat=True)) == {""}


def test_first_import_looks_for_nothing_and_a_quiet_one_asks_for_nothing_alone(
    world: GitHubWorld, server: Server, source: Source
) -> None:
    work(source, server)
    assert sweeps(server, 0) == []
    seen = len(server.log)
    run = work(source, server, now=LATER)
    assert (run.n_new, run.n_updated) == (0, 0)
    assert sorted(world.costs[6:]) == [1, 1, 1, 1, 4, 4]
    assert all(path.endswith(("/issues", "/comments")) for path in sweeps(server, seen))
    assert len(sweeps(server, seen)) == 6


def test_repository_at_rest_is_not_looked_at(world: GitHubWorld, server: Server, source: Source) -> None:
    work(source, server)
    seen = len(server.log)
    work(source, server, now=NOW + timedelta(days=200))
    assert sweeps(server, seen) == []


def test_without_a_token_it_is_looked_at_once_a_day(world: GitHubWorld, server: Server, source: Source) -> None:
    world.token = ""
    work(source, server, token="")
    for hours, expected in ((5, 0), (21, 6), (26, 0)):
        seen = len(server.log)
        work(source, server, now=NOW + timedelta(hours=hours), token="")
        assert len(sweeps(server, seen)) == expected


def test_long_lists_are_compared_page_by_page(world: GitHubWorld, server: Server, source: Source) -> None:
    for issue in fill(world, 300, first=1000):
        issue["created_at"] = issue["updated_at"] = day(1000 + issue["number"] // 5)  # five in each hour, across pages
    work(source, server)
    for at in (250, 150, 149, 101, 100, 50, 20):
        world.lists["issues"][1].pop(at)
    work(source, server, now=LATER)
    assert stored(source) == truth(world)


class Shrinking(GitHubApp):
    """Deletes the newest issue behind every page, so that the next page begins too late."""

    def respond(self, request: Request) -> Reply:
        reply = super().respond(request)
        if request.query.get("sort") == "created" and request.path == "/repos/acme/one/issues":
            self.world.lists["issues"][1].sort(key=lambda one: one["created_at"])
            self.world.lists["issues"][1].pop()
        return reply


def test_page_drift_deletes_nothing_that_is_there(world: GitHubWorld, server: Server, source: Source) -> None:
    fill(world, 300, first=1000)
    work(source, server)
    server.apps[""] = Shrinking(world)
    work(source, server, now=LATER)
    server.apps[""] = GitHubApp(world)
    assert set(truth(world)) <= set(stored(source))
    work(source, server, now=NOW + timedelta(hours=2))
    assert stored(source) == truth(world)


def test_empty_page_deletes_nothing(world: GitHubWorld, server: Server, source: Source) -> None:
    work(source, server)
    server.break_next("sort=created", faults.empty_list(), times=9)
    work(source, server, now=LATER)
    assert stored(source) == truth(world)


def test_moved_issue_is_found_where_it_is_now(world: GitHubWorld, server: Server, source: Source) -> None:
    work(source, server)
    one, two = world.repositories[1], world.repositories[2]
    issue = world.lists["issues"][1][4]
    world.move_issue(issue, one, two, 800)
    issue["updated_at"] = day(1600)
    for hours in (1, 2):
        work(source, server, now=NOW + timedelta(hours=hours))
    assert stored(source) == truth(world)


def test_deleted_account_is_forgotten_everywhere(world: GitHubWorld, server: Server, source: Source) -> None:
    work(source, server)
    uid = world.user("ada")["id"]
    for lists in world.lists.values():
        for item in (one for items in lists.values() for one in items if one["user"]["id"] == uid):
            item["user"] = None
    for pull in (one for items in world.lists["pulls"].values() for one in items):
        for review in world.fact(pull)["reviews"]:
            review["author"] = review["author"] if review["author"]["databaseId"] != uid else None
    for talk in (one for talks in world.discussions.values() for one in talks):
        said = [talk, *talk["comments"], *(reply for one in talk["comments"] for reply in one["replies"])]
        for one in (one for one in said if one["author"]["databaseId"] == uid):
            one["author"] = None
    for commit in (one for commits in world.commits.values() for one in commits):
        commit["author"]["user"] = None if commit["author"]["user"]["databaseId"] == uid else commit["author"]["user"]
    work(source, server, now=LATER)
    assert stored(source) == truth(world)
    assert not Identity.objects.filter(uid=str(uid)).exists()


def test_label_taken_off_and_issue_taken_close_a_starting_point(
    world: GitHubWorld, server: Server, source: Source
) -> None:
    work(source, server)
    shown = open_starting_points(limit=9)
    assert [(one.title, one.place, one.labels) for one in shown] == [
        (f"Issue {number}", f"acme/{name}", ("good first issue",))
        for number, name in ((12, "one"), (8, "one"), (4, "two"), (4, "one"))
    ]
    issues = {one["number"]: one for one in world.lists["issues"][1]}
    issues[4].update(labels=[], updated_at=day(1600))
    issues[8].update(assignees=[world.user("grace")], updated_at=day(1600))
    world.lists["issues"][2] = [one for one in world.lists["issues"][2] if one["number"] != 4]
    work(source, server, now=LATER)
    assert [one.title for one in open_starting_points()] == ["Issue 12"]
    issues[12].update(state="closed", updated_at=day(1601))
    work(source, server, now=NOW + timedelta(hours=2))
    assert open_starting_points() == []
    assert StartingPoint.objects.filter(contribution__deleted_at=None).count() == 0
