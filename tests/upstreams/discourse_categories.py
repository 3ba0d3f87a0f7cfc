"""Making categories on the forum that `discourse` plays: who may, which names it takes, and what it says otherwise."""

from typing import Any

from tests.upstreams.server import Reply, Request

MOST_NAME = 50


def create(world: Any, request: Request) -> Reply:
    """POST /categories.json as the API answers it: 403 without the key, 422 for a name that is taken or too long."""
    if not world.key or request.headers.get("api-key") != world.key:
        errors = ["You are not permitted to view the requested resource."]
        return Reply(403, {"errors": errors, "error_type": "invalid_access"})
    asked = request.json
    name, parent = str(asked.get("name") or ""), asked.get("parent_category_id")
    if not name or len(name) > MOST_NAME:
        return Reply(422, {"errors": [f"Category Name is too long (maximum is {MOST_NAME} characters)"]})
    if parent is not None and parent not in world.categories:
        return Reply(404, {"errors": ["not found"], "error_type": "not_found"})
    same = [one for one in world.categories.values() if one["name"].casefold() == name.casefold()]
    if any(one.get("parent_category_id") == parent for one in same) or name in world.taken_names:
        return Reply(422, {"errors": ["Category Name has already been taken"]})
    fields = {"color": asked.get("color"), "text_color": asked.get("text_color"), "parent_category_id": parent}
    return Reply(200, {"category": world.add_category(name, **fields)})
