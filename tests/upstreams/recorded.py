"""Worlds made of a folder of recorded objects, one folder per service; the folder is never part of the project."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.upstreams.discourse import DiscourseWorld
from tests.upstreams.github import LISTS, GitHubWorld
from tests.upstreams.reddit import RedditWorld
from tests.upstreams.slack import SlackWorld
from tests.upstreams.stackexchange import StackExchangeWorld

Item = dict[str, Any]
LINKS = ("repository_url", "issue_url", "pull_request_url", "url")
MADE_UP = 10**12  # ids that no recorded object has


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else []


def _repository_url(item: Item) -> str:
    """The API address of the repository an object belongs to, from whichever link it carries."""
    link = next((item[name] for name in LINKS if isinstance(item.get(name), str)), "")
    return "/".join(link.split("/repos/")[0:1]) + "/repos/" + "/".join(link.split("/repos/")[-1].split("/")[:2])


def github(folder: Path) -> GitHubWorld:
    """All recorded repositories in one organisation.

    Objects name their repository only by address, and several recorded repositories share one: the first of them that
    is no fork gets the objects, the others a name of their own.
    """
    world, places = GitHubWorld(), {}
    for item in sorted(_read(folder / "repos.json"), key=lambda one: bool(one.get("fork"))):
        places.setdefault(item["url"], _add_repository(world, item))
    for name in LISTS:
        for item in _both(folder, name):
            url = _repository_url(item)
            if url not in places:
                places[url] = _add_repository(world, {"url": url, "fork": False, "full_name": url.split("/repos/")[1]})
            world.lists[name].setdefault(places[url], []).append(item)
    _list_pulls_as_issues(world)
    _know_more_of_pulls(world, folder)
    _add_discussions(world, folder, places)
    return world


def _both(folder: Path, name: str) -> list[Item]:
    return [*_read(folder / f"{name}.json"), *_read(folder / "project" / f"{name}.json")]


def _know_more_of_pulls(world: GitHubWorld, folder: Path) -> None:
    """Reviews, sizes and who merged, as far as they were recorded."""
    pulls = {pull["url"]: pull for items in world.lists["pulls"].values() for pull in items if "url" in pull}
    for pull in pulls.values():
        by = pull.get("merged_by")
        known = {name: pull.get(name) for name in ("additions", "deletions")}
        world.fact(pull).update({**known, "mergedBy": world.as_actor(by) if by else None})
    for item in (one for one in _both(folder, "reviews") if one.get("pull_request_url") in pulls):
        times = {"submittedAt": item.get("submitted_at"), "updatedAt": item.get("submitted_at")}
        ids = {"databaseId": item["id"], "fullDatabaseId": str(item["id"])}
        author = world.as_actor(item["user"]) if item.get("user") else None
        review = {**ids, **times, "state": item["state"].upper(), "url": item["html_url"], "author": author}
        world.fact(pulls[item["pull_request_url"]])["reviews"].append(review)


def _add_discussions(world: GitHubWorld, folder: Path, places: dict[str, int]) -> None:
    found = {}
    for item in _both(folder, "discussions"):
        url = _repository_url(item)
        if url not in places:
            places[url] = _add_repository(world, {"url": url, "fork": False, "full_name": url.split("/repos/")[1]})
        said = {**_said(world, item), "number": item["number"], "title": item["title"], "comments": []}
        found[item["id"]] = {**said, "answerChosenAt": item.get("answer_chosen_at")}
        world.discussions.setdefault(places[url], []).append(found[item["id"]])
        world.repositories[places[url]]["has_discussions"] = True
    comments = {}
    for item in sorted(_both(folder, "discussion_comments"), key=lambda one: one["id"]):
        comment = {**_said(world, item), "isAnswer": False, "deletedAt": None, "replies": []}
        above = comments.get(item.get("parent_id"))
        if above is not None:
            above["replies"].append(comment)
        elif item["discussion_id"] in found:
            comments[item["id"]] = comment
            found[item["discussion_id"]]["comments"].append(comment)


def _said(world: GitHubWorld, item: Item) -> Item:
    author = world.as_actor(item["user"]) if item.get("user") else None
    times = {"createdAt": item["created_at"], "updatedAt": item["updated_at"]}
    return {"id": item["node_id"], "databaseId": item["id"], "url": item["html_url"], "author": author, **times}


def _add_repository(world: GitHubWorld, item: Item) -> int:
    number = item.get("id") or MADE_UP + len(world.repositories)
    number = number if number not in world.repositories else MADE_UP + len(world.repositories)
    full_name = item["full_name"]
    if any(one["full_name"].lower() == full_name.lower() for one in world.repositories.values()):
        full_name = f"{full_name}-{number}"
    fields = {**item, "id": number, "name": full_name.split("/")[1]}
    world.add_repository(full_name, **{key: value for key, value in fields.items() if key != "full_name"})
    return int(number)


def _list_pulls_as_issues(world: GitHubWorld) -> None:
    """GitHub lists every pull request among the issues; not every one was recorded in both forms."""
    shared = ("number", "title", "state", "user", "created_at", "updated_at", "closed_at", "labels", "html_url")
    for number, pulls in world.lists["pulls"].items():
        issues = world.lists["issues"].setdefault(number, [])
        known = {issue["number"] for issue in issues}
        for pull in (one for one in pulls if one["number"] not in known):
            form = {"id": MADE_UP + pull["id"], "pull_request": {"url": pull["url"]}}
            issues.append({**form, **{name: pull.get(name) for name in shared}})


def _objects(value: Any) -> Iterator[Item]:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from _objects(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _objects(inner)


def discourse(folder: Path) -> DiscourseWorld:
    """Every recorded post, topic and category, the fullest one per id; posts learn their topic's title and category."""
    world = DiscourseWorld()
    for path in sorted(folder.glob("*.json")):
        for item in (one for one in _objects(_read(path)) if isinstance(one.get("id"), int)):
            if "post_number" in item and "topic_id" in item and "user_id" in item:
                _keep_fullest(world.posts, item)
            elif "posts_count" in item and "title" in item:
                _keep_fullest(world.topics, item)
            elif "topic_count" in item and "slug" in item:
                _keep_fullest(world.categories, item)
    for post in world.posts.values():
        topic = world.topics.get(post["topic_id"], {})
        post.setdefault("topic_title", topic.get("title"))
        post.setdefault("category_id", topic.get("category_id"))
    return world


def _keep_fullest(found: dict[int, Item], item: Item) -> None:
    if len(item) > len(found.get(item["id"], {})):
        found[item["id"]] = item


def slack(folder: Path) -> SlackWorld:
    """Every recorded channel, its messages from messages/<name>.json; people are known by their ids only."""
    world = SlackWorld()
    for item in _read(folder / "channels.json"):
        world.channels[item["id"]] = {"is_member": True, "is_private": False, **item}
        world.messages[item["id"]] = _read(folder / "messages" / f"{item['name']}.json")
    users = {str(one["user"]) for items in world.messages.values() for one in items if one.get("user")}
    world.people = {user: {"id": user, "name": user.lower(), "profile": {}} for user in sorted(users)}
    return world


def reddit(folder: Path) -> RedditWorld:
    """Every recorded submission and comment in one subreddit, in lists that are long enough for all of them."""
    world = RedditWorld("recorded")
    for path in sorted(folder.glob("*.json")):
        for item in _objects(_read(path)):
            name = f"{item.get('kind')}_{item['data'].get('id')}" if isinstance(item.get("data"), dict) else ""
            if name.startswith(("t1_", "t3_")) and isinstance(item["data"].get("created_utc"), int | float):
                found = {**item["data"], "name": name, "subreddit": world.subreddit}
                world.things[name] = max(world.things.get(name, {}), found, key=len)
    world.limit = max(len(world.things), 1)
    return world


def stackexchange(folder: Path) -> StackExchangeWorld:
    """Every recorded question, answer and comment; the questions get the tag `recorded` beside their own."""
    world = StackExchangeWorld()
    shelves = {"question_id": world.questions, "answer_id": world.answers, "comment_id": world.comments}
    for path in sorted(folder.glob("*.json")):
        for item in _objects(_read(path)):
            # An answer names its question too: the most particular id says what an object is.
            key = next((name for name in ("comment_id", "answer_id", "question_id") if name in item), "")
            if key and "creation_date" in item:
                shelves[key][item[key]] = max(shelves[key].get(item[key], {}), item, key=len)
    for question in world.questions.values():
        question["tags"] = [*question.get("tags", []), "recorded"]
    return world
