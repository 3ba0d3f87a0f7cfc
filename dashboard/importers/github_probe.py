"""What GitHub says when a source is tried out: what is read, what the token may not do, what is left of this hour."""

from collections.abc import Mapping
from typing import Any, Final

from dashboard.importers.github_feeds import Place
from dashboard.importers.github_repositories import repository
from portal.clients import github_queries as queries
from portal.clients.errors import ClientError
from portal.clients.github import GitHubClient
from portal.clients.github_graphql import GraphQL

HOW: Final = (
    "Make a fine-grained token at GitHub that reads public repositories and has no further permission, or use the one "
    "of a GitHub App; then put it into this source's variable."
)
_CONNECTIONS: Final = (
    (queries.CHANGES, ("repository", "pullRequests")),
    (queries.DISCUSSIONS, ("repository", "discussions")),
    (queries.COMMITS, ("repository", "defaultBranchRef", "target", "history")),
)


def probe(client: GitHubClient, owner: str, mirrors: frozenset[str], unnamed: str) -> list[str]:
    """Sentences on what stands in the way and what to do; the last ones say what is read and what is left."""
    try:
        items = list(client.repositories(owner))
    except ClientError as error:
        return [error.sentence, f"Is “{owner}” the name of the organisation in its address at GitHub?"]
    found = [one for one in (repository(item, mirrors) for item in items) if one is not None and not one.is_mirror]
    problems = [] if found else [f"“{owner}” has no public repository that is no fork and no mirror."]
    if client.graph is None:
        problems += [unnamed, HOW]
    elif found:
        problems += _closed(client.graph, Place(found[0].key, found[0].name))
    n_left_out = len(items) - len(found)
    read = f"{owner}: {len(found)} repositories are read, {n_left_out} forks, mirrors or private ones are left out."
    return [*problems, read, *_left(client)]


def _closed(graph: GraphQL, place: Place) -> list[str]:
    """What the token may not read in one repository; each sentence once."""
    said: dict[str, None] = {}
    for query, path in _CONNECTIONS:
        try:
            graph.connection(query, path, {**place.variables, "after": None}, size=1, repository_id=place.repository_id)
        except ClientError as error:
            said[error.sentence] = None
    return list(said)


def _left(client: GitHubClient) -> list[str]:
    """Calls and points that are left; a server that does not count says nothing."""
    try:
        answer = client.http.get("rate_limit").data
    except ClientError:
        return []
    resources = answer.get("resources") if isinstance(answer, Mapping) else None
    words = [
        f"{one['remaining']} of {one['limit']} {what}"
        for name, what in (("core", "calls"), ("graphql", "points of GraphQL"))
        if (one := _counts(resources, name)) is not None
    ]
    return [f"{' and '.join(words)} are left in this hour."] if words else []


def _counts(resources: Any, name: str) -> Mapping[str, Any] | None:
    one = resources.get(name) if isinstance(resources, Mapping) else None
    if not isinstance(one, Mapping) or not all(isinstance(one.get(key), int) for key in ("remaining", "limit")):
        return None
    return one if one["limit"] > 0 else None
