"""GitHub's GraphQL over a world: repositories with changes, reviews, discussions and the commits of a branch."""

from typing import Any, Final

from tests.upstreams.graphql import MOST_NODES, Answering, Connection, Query, Refused, cost_of
from tests.upstreams.server import Reply, Request

Item = dict[str, Any]
#: Any other field is a mistake in a query.
FIELDS: Final = {
    *("__typename", "login", "url", "databaseId", "fullDatabaseId", "id", "number", "title", "state", "name", "email"),
    *("createdAt", "updatedAt", "closedAt", "mergedAt", "submittedAt", "deletedAt", "committedDate", "answerChosenAt"),
    *(
        "company",
        "location",
        "additions",
        "deletions",
        "author",
        "user",
        "mergedBy",
        "labels",
        "isAnswer",
        "oid",
        "messageHeadline",
    ),
    *("pageInfo", "hasNextPage", "endCursor", "nodes", "totalCount", "rateLimit", "cost", "remaining", "resetAt"),
    *(
        "repository",
        "node",
        "pullRequests",
        "pullRequest",
        "reviews",
        "discussions",
        "discussion",
        "comments",
        "replies",
    ),
    *("defaultBranchRef", "target", "history", "associatedPullRequests"),
}


class GraphApp:
    """Answers POST /graphql from a world of `tests.upstreams.github`."""

    def __init__(self, world: Any) -> None:
        self.world = world

    def respond(self, request: Request) -> Reply:
        if "authorization" not in request.headers:
            return Reply(401, {"message": "This endpoint requires you to be authenticated."})
        variables = request.json.get("variables") or {}
        try:
            query = Query(request.json["query"])
            opened, nodes = cost_of(query.root, variables)
            if nodes > MOST_NODES:
                raise Refused("MAX_NODE_LIMIT_EXCEEDED", f"By the time this query traverses, {nodes} nodes")
            return self._answer(query, variables, max(round(opened / 100), 1))
        except Refused as refused:
            error = {"message": str(refused)}
            return Reply(200, {"data": None, "errors": [{"type": refused.kind, **error} if refused.kind else error]})

    def _answer(self, query: Query, variables: Item, cost: int) -> Reply:
        world = self.world
        if world.points < cost:
            world.points = 0
            error = {"type": "RATE_LIMITED", "message": "API rate limit exceeded for user ID 1."}
            return Reply(200, {"errors": [error]}, self._quota())
        world.points -= cost
        world.costs.append(cost)
        quota = {"cost": cost, "remaining": world.points, "resetAt": "2026-03-15T13:00:00Z"}
        answering = Answering(variables, self._resolve)
        data = answering.select({"rateLimit": quota}, query.root, [])
        return Reply(200, {"data": data, **({"errors": answering.errors} if answering.errors else {})}, self._quota())

    def _quota(self) -> dict[str, str]:
        reset = {"x-ratelimit-reset": str(self.world.points_reset_at), "x-ratelimit-resource": "graphql"}
        return {"x-ratelimit-limit": "5000", "x-ratelimit-remaining": str(self.world.points), **reset}

    def _resolve(self, parent: Any, name: str, arguments: Item) -> Any:
        if name not in FIELDS:
            return Refused("undefinedField", f"Field '{name}' doesn't exist")
        by_name = getattr(self, f"_{name}", None)
        return by_name(parent, arguments) if by_name else parent.get(name)

    def _repository(self, parent: Any, arguments: Item) -> Any:
        found = self.world.named(f"{arguments['owner']}/{arguments['name']}")
        if found is None:
            return Refused("NOT_FOUND", "Could not resolve to a Repository with that name.")
        return {"databaseId": found["id"]}

    def _pullRequests(self, parent: Any, arguments: Item) -> Any:
        pulls = self.world.lists["pulls"].get(parent["databaseId"], [])
        return newest_first([self.world.change(one) for one in pulls])

    def _pullRequest(self, parent: Any, arguments: Item) -> Any:
        for pull in self.world.lists["pulls"].get(parent["databaseId"], []):
            if pull["number"] == arguments["number"]:
                return self.world.change(pull)
        return Refused("NOT_FOUND", "Could not resolve to a PullRequest with that number.")

    def _discussions(self, parent: Any, arguments: Item) -> Any:
        by = {"CREATED_AT": "createdAt"}.get(arguments["orderBy"]["field"], "updatedAt")
        return newest_first(self.world.discussions.get(parent["databaseId"], []), by)

    def _discussion(self, parent: Any, arguments: Item) -> Any:
        for one in self.world.discussions.get(parent["databaseId"], []):
            if one["number"] == arguments["number"]:
                return one
        return Refused("NOT_FOUND", "Could not resolve to a Discussion with that number.")

    def _node(self, parent: Any, arguments: Item) -> Any:
        for discussions in self.world.discussions.values():
            for discussion in discussions:
                for comment in discussion["comments"]:
                    if comment["id"] == arguments["id"]:
                        return comment
        return Refused("NOT_FOUND", "Could not resolve to a node with that id.")

    def _defaultBranchRef(self, parent: Any, arguments: Item) -> Any:
        commits = self.world.commits.get(parent["databaseId"])
        return {"target": {"commits": commits}} if commits else None

    def _history(self, parent: Any, arguments: Item) -> Any:
        since = arguments.get("since")
        commits = [one for one in parent["commits"] if not since or one["committedDate"] >= since[:19]]
        places = {one["oid"]: at for at, one in enumerate(parent["commits"])}
        return Connection(commits, lambda one: str(one["oid"]), lambda one, place: places[one["oid"]] > places[place])

    def _associatedPullRequests(self, parent: Any, arguments: Item) -> Any:
        return oldest_first(parent["pulls"])

    def _reviews(self, parent: Any, arguments: Item) -> Any:
        return oldest_first(parent["reviews"])

    def _comments(self, parent: Any, arguments: Item) -> Any:
        return oldest_first(parent["comments"])

    def _replies(self, parent: Any, arguments: Item) -> Any:
        return oldest_first(parent["replies"])

    def _labels(self, parent: Any, arguments: Item) -> Any:
        return oldest_first(parent["labels"])


def newest_first(items: list[Item], by: str = "updatedAt") -> Connection:
    key = lambda one: f"{one.get(by)} {one.get('databaseId') or 0:012}"  # noqa: E731
    return Connection(sorted(items, key=key, reverse=True), key, lambda one, place: key(one) < place)


def oldest_first(items: list[Any]) -> Connection:
    """By place in the list, as the service keeps them."""
    numbered = {id(one): at for at, one in enumerate(items)}
    return Connection(items, lambda one: str(numbered[id(one)]), lambda one, place: numbered[id(one)] > int(place))
