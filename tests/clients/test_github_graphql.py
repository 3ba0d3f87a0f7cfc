"""GitHub's GraphQL asked of a loopback GitHub: errors that come with status 200, quotas, pages that are too much."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from portal.clients import github_queries as queries
from portal.clients.errors import AuthError, BadPayload, ClientError, PermanentError, RateLimited, TransientError
from portal.clients.github import GitHubClient
from portal.clients.github_graphql import Connection, GraphQL, NoGraphQL
from tests.clients.factories import AGENT, NOW, QUICK, still
from tests.upstreams import faults
from tests.upstreams.github import GitHubApp, GitHubWorld
from tests.upstreams.graphql import Query, cost_of
from tests.upstreams.server import Reply, Request, Send, Server

PATH = ("repository", "pullRequests")
PLACE = {"owner": "acme", "name": "one", "after": None}


@pytest.fixture
def world() -> GitHubWorld:
    world = GitHubWorld()
    repository = world.add_repository("acme/one", id=1)
    for number in range(1, 91):
        world.add_pull(repository, number, world.user("ada"), f"2026-01-01T00:{number % 60:02}:00Z")
    return world


@pytest.fixture
def server(world: GitHubWorld) -> Iterator[Server]:
    with Server({"": GitHubApp(world)}) as running:
        yield running


def client(server: Server, **arguments: Any) -> GitHubClient:
    values = {"user_agent": AGENT, "allowed_private_hosts": (server.host,), "limits": QUICK, "surroundings": still()}
    return GitHubClient(server.url(), token="word", **{**values, **arguments})


@pytest.fixture
def graph(server: Server) -> GraphQL:
    made = client(server).graph
    assert made is not None
    return made


def changes(graph: GraphQL, **variables: Any) -> Connection:
    return graph.connection(queries.CHANGES, PATH, {**PLACE, **variables}, size=50, repository_id="1")


def sizes(server: Server) -> list[int]:
    return [request.json["variables"]["first"] for request in server.calls("graphql")]


def said(kind: str = "", message: str = "?", data: Any = None, **fields: Any) -> Send:
    error = {"message": message, **({"type": kind} if kind else {}), **fields}
    return faults.data({"data": data, "errors": [error]})


def test_connection_is_read_by_its_cursor(graph: GraphQL, world: GitHubWorld) -> None:
    first = changes(graph)
    second = changes(graph, after=first.cursor)
    assert (len(first.nodes), len(second.nodes), second.cursor) == (50, 40, "")
    assert len({one["number"] for one in [*first.nodes, *second.nodes]}) == 90
    assert (world.costs, graph.remaining) == ([1, 1], 4998)


@pytest.mark.parametrize(
    ("query", "first", "expected"),
    [
        (queries.CHANGES, queries.CHANGES_PER_CALL, 1),
        (queries.CHANGES, queries.OLD_CHANGES_PER_CALL, 2),
        (queries.MORE_REVIEWS, queries.MORE_PER_CALL, 1),
        (queries.DISCUSSIONS, queries.DISCUSSIONS_PER_CALL, 4),
        (queries.MORE_COMMENTS, queries.MORE_COMMENTS_PER_CALL, 1),
        (queries.MORE_REPLIES, queries.MORE_PER_CALL, 1),
        (queries.COMMITS, queries.COMMITS_PER_CALL, 1),
        (queries.DISCUSSION_IDS, queries.IDS_PER_CALL, 1),
    ],
)
def test_queries_cost_little_and_stay_far_below_the_limit_of_nodes(query: str, first: int, expected: int) -> None:
    opened, nodes = cost_of(Query(query).root, {"first": first})
    assert max(round(opened / 100), 1) == expected
    assert nodes < 20_000


def test_no_graphql_without_a_token(server: Server) -> None:
    assert GitHubClient(server.url(), user_agent=AGENT, allowed_private_hosts=(server.host,)).graph is None


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        ("https://api.github.com", "https://api.github.com/graphql"),
        ("https://github.acme.example/api/v3/", "https://github.acme.example/api/graphql"),
        ("http://127.0.0.1:8901/github", "http://127.0.0.1:8901/github/graphql"),
    ],
)
def test_graphql_lies_beside_the_rest_root(base: str, expected: str) -> None:
    assert GitHubClient(base, user_agent=AGENT).graphql_url == expected


@pytest.mark.parametrize(
    "send",
    [
        faults.status(502),
        faults.status(504, b"<html>", Content_Type="text/html"),
        said("RESOURCE_LIMITS_EXCEEDED", "Resource limits for this query exceeded.", {"repository": None}),
        said("MAX_NODE_LIMIT_EXCEEDED"),
        said("", "Something went wrong while executing your query. This may be the result of a timeout"),
    ],
)
def test_page_that_is_too_much_is_asked_at_half_its_size(graph: GraphQL, server: Server, send: Send) -> None:
    server.break_next("graphql", send, times=2)
    assert len(changes(graph).nodes) == 12
    assert len(changes(graph).nodes) == 24
    assert sizes(server) == [50, 25, 12, 24]


def test_query_that_is_too_much_even_for_one_waits(graph: GraphQL, server: Server) -> None:
    server.break_next("graphql", faults.status(502), times=99)
    with pytest.raises(TransientError) as raised:
        changes(graph)
    assert sizes(server) == [50, 25, 12, 6, 3, 1]
    assert raised.value.retry_at is not None


class Poisoned(GitHubApp):
    """Has one change, number 30, that GitHub cannot give; the rest of the page is there."""

    def respond(self, request: Request) -> Reply:
        reply = super().respond(request)
        nodes = reply.data["data"]["repository"]["pullRequests"]["nodes"]
        if any(one["number"] == 30 for one in nodes):
            nodes[:] = [one if one["number"] != 30 else None for one in nodes]
            return Reply(200, {**reply.data, "errors": [{"message": "Something went wrong", "path": ["repository"]}]})
        return reply


def test_node_that_cannot_be_given_is_told_and_others_come(graph: GraphQL, server: Server, world: GitHubWorld) -> None:
    server.apps[""] = Poisoned(world)
    numbers, problems, page = set(), [], Connection([], "start")
    while page.cursor:
        page = changes(graph, after=page.cursor if page.cursor != "start" else None)
        numbers |= {one["number"] for one in page.nodes}
        problems += page.problems
    assert (numbers, problems) == ({*range(1, 91)} - {30}, ["Something went wrong"])


def test_partial_not_found_drops_no_page(graph: GraphQL, server: Server) -> None:
    place = {"hasNextPage": False, "endCursor": None}
    data = {"repository": {"databaseId": 1, "pullRequests": {"pageInfo": place, "nodes": [None, {"number": 7}]}}}
    server.break_next("graphql", said("NOT_FOUND", data=data, path=["repository", "pullRequests", "nodes", 0]))
    assert changes(graph) == Connection([{"number": 7}])
    assert sizes(server) == [50]


# Quotas


def test_used_up_points_come_with_status_200_and_wait_for_the_reset(
    graph: GraphQL, server: Server, world: GitHubWorld
) -> None:
    world.points = 0
    for _ in range(2):
        with pytest.raises(RateLimited) as raised:
            changes(graph)
        assert raised.value.retry_at == NOW + timedelta(hours=1)
    assert len(server.log) == 1


def test_last_point_is_noticed_before_the_next_call(graph: GraphQL, server: Server, world: GitHubWorld) -> None:
    world.points = 1
    assert len(changes(graph).nodes) == 50
    with pytest.raises(RateLimited):
        changes(graph)
    assert len(server.log) == 1


def test_points_and_calls_are_separate_quotas(server: Server, world: GitHubWorld) -> None:
    world.points = 0
    asked = client(server)
    assert asked.graph is not None
    with pytest.raises(RateLimited):
        changes(asked.graph)
    assert len(asked.newest("acme/one", "pulls").items) == 90
    assert asked.requests == 2


@pytest.mark.parametrize(
    ("send", "seconds"),
    [
        (said("", "You have exceeded a secondary rate limit. Please wait a few minutes."), 60),
        (said("RATE_LIMIT"), 60),
        (faults.status(200, b'{"errors": [{"type": "RATE_LIMITED"}]}', Retry_After="77"), 77),
        (faults.status(403, b'{"message": "You have exceeded a secondary rate limit"}'), 60),
        (faults.status(429, Retry_After="40"), 40),
    ],
)
def test_secondary_limits_wait(graph: GraphQL, server: Server, send: Send, seconds: int) -> None:
    server.break_next("graphql", send)
    with pytest.raises(RateLimited) as raised:
        changes(graph)
    assert raised.value.retry_at == NOW + timedelta(seconds=seconds)


# What is refused


@pytest.mark.parametrize(
    ("send", "error", "sentence"),
    [
        (said("NOT_FOUND", data={"repository": None}), PermanentError, "GitHub does not have this repository"),
        (said("FORBIDDEN", data={"repository": None}), AuthError, "GitHub does not let this token read"),
        (
            said("FORBIDDEN", data={"repository": {"databaseId": 1, "pullRequests": None}}),
            AuthError,
            "GitHub does not let this token read pullRequests",
        ),
        (faults.status(401, b'{"message": "Bad credentials"}'), AuthError, "The service refuses the token"),
        (faults.status(404), NoGraphQL, "This server has no GraphQL"),
        (said("INVALID_CURSOR_ARGUMENTS"), PermanentError, "GitHub does not know the place"),
        (faults.data({"data": {"repository": {"databaseId": 2}}}), BadPayload, "Another repository has this name"),
    ],
)
def test_refusals_say_what_is_wrong(
    graph: GraphQL, server: Server, send: Send, error: type[ClientError], sentence: str
) -> None:
    server.break_next("graphql", send)
    with pytest.raises(error) as raised:
        changes(graph)
    assert raised.value.sentence.startswith(sentence)
    assert len(server.log) == 1


@pytest.mark.parametrize(
    "answer",
    [
        None,
        [],
        "text",
        {},
        {"data": None},
        {"data": {"repository": {}}},
        {"data": {"repository": {"databaseId": 1, "pullRequests": {"nodes": 7}}}},
        {"data": {"repository": {"databaseId": 1, "pullRequests": {"nodes": [], "pageInfo": {"hasNextPage": True}}}}},
        {"data": {"repository": 7}, "errors": "text"},
    ],
)
def test_answers_that_make_no_sense_are_refused_and_asked_again(graph: GraphQL, server: Server, answer: Any) -> None:
    server.break_next("graphql", faults.data(answer))
    with pytest.raises(BadPayload):
        changes(graph)
    assert len(changes(graph).nodes) == 50


def test_places_that_lead_in_a_circle_are_left(graph: GraphQL, server: Server) -> None:
    place = {"hasNextPage": True, "endCursor": "again"}
    data = {"repository": {"databaseId": 1, "pullRequests": {"pageInfo": place, "nodes": [{"number": 7}]}}}
    server.break_next("graphql", faults.data({"data": data}), times=99)
    with pytest.raises(BadPayload):
        graph.rest(queries.CHANGES, PATH, PLACE, start="here", size=50, repository_id="1")
    assert len(server.log) == 2
