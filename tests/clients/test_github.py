"""GitHub's lists, paging and merge facts, asked of a loopback GitHub."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from portal.clients.errors import AuthError, BadPayload, ForbiddenAddress, RateLimited
from portal.clients.github import GitHubClient, next_link
from tests.clients.factories import AGENT, NOW, QUICK, still
from tests.upstreams import faults
from tests.upstreams.github import GitHubApp, GitHubWorld
from tests.upstreams.server import Server


@pytest.fixture
def world() -> GitHubWorld:
    return GitHubWorld()


@pytest.fixture
def server(world: GitHubWorld) -> Iterator[Server]:
    with Server({"": GitHubApp(world)}) as running:
        yield running


def github(server: Server, token: str = "", **arguments: Any) -> GitHubClient:
    values: dict[str, Any] = {
        "token": token,
        "user_agent": AGENT,
        "allowed_private_hosts": (server.host,),
        "limits": QUICK,
        "surroundings": still(),
    }
    return GitHubClient(server.url(), **{**values, **arguments})


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", ""),
        (
            '<https://a.example/x?page=2>; rel="next", <https://a.example/x?page=9>; rel="last"',
            "https://a.example/x?page=2",
        ),
        ('<https://a.example/x?a=1,2>; rel="prev",<https://a.example/x?a=3,4>;rel="next"', "https://a.example/x?a=3,4"),
        ("<https://a.example/x>; rel=next", "https://a.example/x"),
        ('<https://a.example/x>; title="a"; REL="next"', "https://a.example/x"),
        ('<https://a.example/x>; rel="nextish"', ""),
        ('<https://a.example/x>; rel="last"', ""),
        ("<" * 50_000, ""),
        ("<a>" + "; " * 50_000, ""),
    ],
)
def test_next_link_is_read_from_any_header(header: str, expected: str) -> None:
    assert next_link(header) == expected


def test_calls_carry_version_token_and_type(server: Server, world: GitHubWorld) -> None:
    world.token = "word"
    list(github(server, "word").repositories("acme"))
    sent = server.log[0].headers
    assert (sent["authorization"], sent["x-github-api-version"]) == ("Bearer word", "2022-11-28")
    assert sent["accept"] == "application/vnd.github+json"


def test_repositories_of_an_organisation_come_page_by_page(server: Server, world: GitHubWorld) -> None:
    for number in range(205):
        world.add_repository(f"acme/part-{number}")
    found = [one["name"] for one in github(server).repositories("acme")]
    assert found == [f"part-{number}" for number in range(205)]
    assert [request.query.get("page") for request in server.log] == [None, "2", "3"]


def test_repositories_of_a_person_are_found_too(server: Server, world: GitHubWorld) -> None:
    world.people.add("ada")
    world.add_repository("ada/engine")
    assert [one["name"] for one in github(server).repositories("ada")] == ["engine"]
    assert [request.path for request in server.log] == ["/orgs/ada/repos", "/users/ada/repos"]


def test_repositories_stop_at_a_link_that_points_to_itself(server: Server, world: GitHubWorld) -> None:
    world.add_repository("acme/one")
    link = {"Link": f'<{server.url()}/orgs/acme/repos?page=2>; rel="next"'}
    server.break_next("repos", faults.relabelled(link), times=50)
    assert len(list(github(server).repositories("acme"))) == 1
    assert len(server.log) == 2


@pytest.mark.parametrize("kind", ["issues", "pulls", "issue_comments", "review_comments"])
def test_newest_asks_for_the_last_updated_first(server: Server, world: GitHubWorld, kind: str) -> None:
    world.add_repository("acme/one")
    since = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    github(server).newest("acme/one", kind, since=since)
    query = dict(server.log[0].query)
    assert (query.pop("sort"), query.pop("direction"), query.pop("per_page")) == ("updated", "desc", "100")
    expected = {} if kind == "pulls" else {"since": "2026-01-02T03:04:05Z"}
    assert query == {**expected, **({"state": "all"} if kind in ("issues", "pulls") else {})}


def test_unchanged_list_costs_no_items(server: Server, world: GitHubWorld) -> None:
    repository = world.add_repository("acme/one")
    world.add_issue(repository, 1, world.user("ada"), "2026-01-01T00:00:00Z")
    client = github(server)
    first = client.newest("acme/one", "issues")
    second = client.newest("acme/one", "issues", etag=first.etag)
    assert (len(first.items), second.items, second.is_unchanged) == (1, [], True)
    assert world.remaining == 4999


def test_renamed_repository_is_followed(server: Server, world: GitHubWorld) -> None:
    repository = world.add_repository("acme/old")
    world.add_issue(repository, 1, world.user("ada"), "2026-01-01T00:00:00Z")
    world.rename(repository, "acme/new")
    assert [one["number"] for one in github(server).newest("acme/old", "issues").items] == [1]


def test_relative_next_links_are_joined(server: Server, world: GitHubWorld) -> None:
    world.add_repository("acme/one")
    server.break_next("issues", faults.relabelled({"Link": '<?page=2&per_page=100>; rel="next"'}))
    page = github(server).newest("acme/one", "issues")
    assert page.next_url == f"{server.url()}/repos/acme/one/issues?page=2&per_page=100"


def test_following_refuses_another_host(server: Server) -> None:
    with Server({"": GitHubApp(GitHubWorld())}) as other:
        client = github(server, allowed_private_hosts=(server.host, other.host))
        with pytest.raises(ForbiddenAddress):
            client.following(f"{other.url()}/repositories/1/issues?page=2")
        assert other.log == []


def test_a_list_that_is_no_list_is_refused(server: Server, world: GitHubWorld) -> None:
    world.add_repository("acme/one")
    server.break_next("issues", faults.data({"message": "hello"}))
    with pytest.raises(BadPayload) as raised:
        github(server).newest("acme/one", "issues")
    assert raised.value.sentence == "GitHub sent something else where a list belongs."


def test_used_up_quota_is_noticed_with_the_last_success(server: Server, world: GitHubWorld) -> None:
    world.add_repository("acme/one")
    until = NOW + timedelta(minutes=40)
    used_up = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(until.timestamp()))}
    server.break_next("issues", faults.relabelled(used_up))
    client = github(server)
    assert client.newest("acme/one", "issues").items == []
    with pytest.raises(RateLimited) as raised:
        client.newest("acme/one", "pulls")
    assert (raised.value.retry_at, len(server.log)) == (until, 1)


def test_secondary_limit_is_no_bad_token(server: Server) -> None:
    message = b'{"message": "You have exceeded a secondary rate limit. Please wait a few minutes."}'
    server.break_next("repos", faults.status(403, message))
    with pytest.raises(RateLimited) as raised:
        list(github(server, "word").repositories("acme"))
    assert raised.value.retry_at == NOW + timedelta(seconds=60)


def test_revoked_token_is_an_auth_error(server: Server, world: GitHubWorld) -> None:
    world.token = "another"
    with pytest.raises(AuthError):
        list(github(server, "word").repositories("acme"))


@pytest.mark.parametrize(("status", "expected"), [(200, True), (404, False), (410, False), (451, False)])
def test_one_issue_is_there_or_gone(server: Server, world: GitHubWorld, status: int, expected: bool) -> None:
    issue = world.add_issue(world.add_repository("acme/one"), 7, world.user("ada"), "2026-01-01T00:00:00Z")
    if status != 200:
        server.break_next("issues/7", faults.status(status))
    found = github(server).one("acme/one", "issues", 7)
    assert (found is not None and found["id"] == issue["id"]) is expected
