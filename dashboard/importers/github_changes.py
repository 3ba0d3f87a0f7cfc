"""Pull requests as GraphQL gives them, turned into the form of the lists, so that both mean the same."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dashboard.importers import github_items
from dashboard.importers.records import Record, Rejected


def normalise(node: Any, more_reviews: list[Any], *, repository_id: str, now: datetime) -> list[Record | Rejected]:
    """A change and its reviews; `more_reviews` are those that its own page did not hold."""
    known = _with_reviews(node, more_reviews) if isinstance(node, Mapping) else node
    item, facts = as_item(known), {}
    if isinstance(known, Mapping) and isinstance(known.get("id"), str):
        facts = {known["id"]: known}
    change = github_items.normalise(github_items.PULLS, item, repository_id=repository_id, now=now, facts=facts)
    found = [] if change is None else [change]
    return [*found, *github_items.reviews(item, facts, repository_id=repository_id, now=now)]


def _with_reviews(node: Mapping[str, Any], more: list[Any]) -> Mapping[str, Any]:
    reviews = node.get("reviews")
    nodes = reviews.get("nodes") if isinstance(reviews, Mapping) else None
    return {**node, "reviews": {"nodes": [*(nodes if isinstance(nodes, list) else []), *more]}}


def as_item(node: Any) -> Any:
    """The same pull request as the lists give it; what is no object stays what it is."""
    if not isinstance(node, Mapping):
        return node
    state = node.get("state")
    state = state.lower() if isinstance(state, str) else state
    return {
        "id": node.get("fullDatabaseId") or node.get("databaseId"),
        "node_id": node.get("id"),
        "number": node.get("number"),
        "title": node.get("title"),
        "state": "closed" if state == "merged" else state,
        "created_at": node.get("createdAt"),
        "updated_at": node.get("updatedAt"),
        "closed_at": node.get("closedAt"),
        "merged_at": node.get("mergedAt"),
        "html_url": node.get("url"),
        **({"user": as_user(node["author"])} if "author" in node else {}),
    }


def as_user(actor: Any) -> Any:
    """An author under the id and the name that the lists know them by."""
    if not isinstance(actor, Mapping):
        return actor
    return {
        "id": actor.get("databaseId"),
        "login": github_items.login_of(actor),
        "type": actor.get("__typename"),
        "html_url": actor.get("url"),
    }
