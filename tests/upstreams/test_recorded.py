"""A folder of recorded objects, served as the services do and imported in full; the objects here are invented."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dashboard.importers import create
from dashboard.importers.records import Importer, Record, SourceConfig
from tests.dashboard.importers.factories import NOW, issue, merged_pull, person, post
from tests.upstreams import recorded

ROOT = Path(__file__).parents[2]
API = "https://api.github.com/repos"


def write(path: Path, value: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value), encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two recorded repositories of one name, one of them a fork, and one that only its objects speak of."""
    one, two = f"{API}/acme/one", f"{API}/acme/two"
    repositories = [
        {"id": 3, "full_name": "acme/one", "url": one, "fork": True, "private": False},
        {"id": 4, "full_name": "acme/one", "url": one, "fork": False, "private": False},
        {"id": 4, "full_name": "acme/other", "url": f"{API}/acme/other", "fork": False, "private": False},
    ]
    write(tmp_path / "github" / "repos.json", repositories)
    write(tmp_path / "github" / "issues.json", [issue(id=n, number=n, repository_url=one) for n in range(1, 121)])
    review = {"id": 900, "user": person("grace", 6), "submitted_at": "2026-03-04T10:00:00Z", "state": "approved"}
    links = {"pull_request_url": f"{two}/pulls/500", "html_url": "https://github.com/acme/two/pull/500#r"}
    write(tmp_path / "github" / "reviews.json", [{**review, **links}])
    talk = {**issue(id=910, number=9), "node_id": "D_9", "answer_chosen_at": None, "repository_url": one}
    write(tmp_path / "github" / "discussions.json", [talk])
    said = [{**issue(id=number), "node_id": f"D_{number}", "discussion_id": 910} for number in (920, 921)]
    write(tmp_path / "github" / "discussion_comments.json", [said[0], {**said[1], "parent_id": 920}])
    pull = merged_pull(id=700, number=500, url=f"{two}/pulls/500")
    write(tmp_path / "github" / "project" / "pulls.json", [pull])
    comment = {"id": 800, "user": person(), "created_at": "2026-03-01T10:00:00Z", "issue_url": f"{two}/issues/500"}
    write(tmp_path / "github" / "project" / "issue_comments.json", [comment])
    bare = {
        name: value for name, value in post(id=1, post_number=1).items() if name not in ("topic_title", "category_id")
    }
    topic = {"id": 4, "title": "How to install?", "posts_count": 2, "category_id": 7}
    write(tmp_path / "discourse" / "topic.json", {**topic, "post_stream": {"posts": [bare]}})
    write(tmp_path / "discourse" / "posts_latest.json", {"latest_posts": [post(id=123_456)]})
    category = {"id": 7, "name": "General", "slug": "general", "topic_count": 1}
    write(tmp_path / "discourse" / "categories.json", {"category_list": {"categories": [category]}})
    write(tmp_path / "slack" / "channels.json", [{"id": "C0000001", "name": "general"}])
    said = {"type": "message", "user": "U0000001", "text": "hello"}
    said["thread_ts"] = "1772359100.000100"
    told = [{**said, "ts": "1772359100.000100"}, {**said, "ts": "1772359200.000200"}]
    write(tmp_path / "slack" / "messages" / "general.json", told)
    link = {"id": "1a", "author": "ada", "author_fullname": "t2_a", "created_utc": 1_772_000_000, "title": "Look"}
    said_below = {**link, "id": "1b", "link_id": "t3_1a", "parent_id": "t3_1a", "replies": ""}
    write(tmp_path / "reddit" / "submissions.json", [{"kind": "t3", "data": link}])
    write(
        tmp_path / "reddit" / "threads.json",
        [{"response": [{"data": {"children": [{"kind": "t1", "data": said_below}]}}]}],
    )
    asked = {"creation_date": 1_772_000_000, "owner": {"user_id": 5, "display_name": "Ada"}, "question_id": 1}
    write(tmp_path / "stackexchange" / "questions.json", {"items": [{**asked, "title": "How?", "tags": ["a"]}]})
    write(tmp_path / "stackexchange" / "answers.json", [{**asked, "answer_id": 2, "is_accepted": True}])
    write(tmp_path / "stackexchange" / "comments.json", [{**asked, "comment_id": 3, "post_id": 2}])
    return tmp_path


def test_github_objects_find_their_repository_by_address(folder: Path) -> None:
    world = recorded.github(folder / "github")
    names = {number: repository["full_name"] for number, repository in world.repositories.items()}
    assert [names[number] for number in sorted(names)] == ["acme/one-3", "acme/one", "acme/other", "acme/two"]
    assert {name: {names[key]: len(found) for key, found in lists.items()} for name, lists in world.lists.items()} == {
        "issues": {"acme/one": 120, "acme/two": 1},  # the pull request in its other form
        "pulls": {"acme/two": 1},
        "issue_comments": {"acme/two": 1},
        "review_comments": {},
    }


def test_forum_objects_are_gathered_from_every_answer(folder: Path) -> None:
    world = recorded.discourse(folder / "discourse")
    assert sorted(world.posts) == [1, 123_456]
    assert (world.posts[1]["topic_title"], world.posts[1]["category_id"]) == ("How to install?", 7)
    assert (list(world.topics), list(world.categories)) == ([4], [7])


@pytest.fixture
def served(folder: Path) -> Iterator[str]:
    """What `python -m tests.upstreams` prints before it serves the folder."""
    command = [sys.executable, "-m", "tests.upstreams", "--data", str(folder), "--port", "0"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line)
            if "import_activity" in line:
                break
        yield "".join(lines)
        process.terminate()


def drained(importer: Importer) -> dict[str, Record]:
    pages = [
        page
        for channel in importer.channels()
        for stream in channel.streams
        for page in importer.pages(channel.key, channel.name, stream, {}, now=NOW)
    ]
    assert [one for page in pages for one in page.rejected] == []
    importer.close()
    return {record.external_id: record for page in pages for record in page.records}


def test_command_serves_a_folder_that_imports_in_full(served: str) -> None:
    (host,) = re.findall(r"export ALLOWED_PRIVATE_HOSTS=(\S+)", served)
    tokens = dict(re.findall(r"export SOURCE_RECORDED_(\w+)_TOKEN=(\S+)", served))
    sources = re.findall(r"add_source (\w+) --name recorded-(\S+) --base-url (\S+)(.*)", served)
    assert [service for service, *_ in sources] == ["github", "discourse", "slack", "reddit", "stackexchange"]
    found: dict[str, Record] = {}
    for service, name, url, options in sources:
        given = dict(re.findall(r"--option (\w+)=(\w+)", options))
        token = tokens.get(name.upper(), "")
        found |= drained(create(SourceConfig(service, service, url, given, token, (host,), "test/1")))
    expected = {f"issue:{number}" for number in range(1, 121)}
    chat = {"message:C0000001:1772359100.000100", "message:C0000001:1772359200.000200"}
    links = {"submission:1a", "comment:1b", "question:1", "answer:2", "comment:3"}
    talk = {"discussion:910", "discussion_reply:920", "discussion_reply:921", "review:900"}
    assert set(found) == expected | chat | links | talk | {"change:700", "comment:800", "post:1", "post:123456"}
    assert found["change:700"].thread == found["comment:800"].thread
    assert served.startswith(
        "github: 4 repositories, 121 issues, 1 pulls, 1 issue_comments, 0 review_comments, 1 reviews, 1 discussions\n"
    )


def test_command_refuses_a_folder_without_recordings(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.upstreams", "--data", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.endswith(f"{tmp_path} holds no folder github, discourse, slack, reddit or stackexchange\n")
