"""An organisation full of work, what the database should hold of it, and imports of it into the real database."""

from datetime import UTC, datetime, timedelta
from typing import Any

from dashboard.importers.github import GitHubImporter
from dashboard.models import Contribution, ImportRun, Source
from dashboard.services import runs
from dashboard.services.known import StoredRows
from portal.clients.github import GitHubClient
from tests.clients.factories import AGENT, QUICK, still
from tests.dashboard.factories import RunFactory
from tests.dashboard.importers.factories import NOW, config
from tests.upstreams.github import GitHubWorld, Item
from tests.upstreams.server import Server

PREFIXES = {"issues": "issue", "pulls": "change", "issue_comments": "comment", "review_comments": "review_comment"}


def day(number: int) -> str:
    """The hours after New Year's, one by one."""
    return f"{NOW - timedelta(days=70) + timedelta(hours=number):%Y-%m-%dT%H:%M:%SZ}"


def fill(world: GitHubWorld, count: int, first: int = 1) -> list[Item]:
    """So many issues of the first repository, one an hour."""
    people = [world.user(name) for name in ("ada", "grace", "linus")]
    numbers = range(first, first + count)
    return [world.add_issue(world.repositories[1], n, people[n % 3], day(n)) for n in numbers]


def ids(items: list[Item]) -> set[str]:
    return {f"issue:{item['id']}" for item in items}


def crowd(*counts: int) -> GitHubWorld:
    """Repositories one, two ... with so many of everything each."""
    world = GitHubWorld()
    world.token = "word"
    for number, count in enumerate(counts):
        repository = world.add_repository(f"acme/{('one', 'two')[number]}", id=number + 1, has_discussions=True)
        _fill(world, repository, count)
    return world


def _fill(world: GitHubWorld, repository: Item, count: int) -> None:
    people = ("ada", "grace", "linus")
    for at in range(1, count + 1):
        user = world.user(people[at % 3])
        other = people[(at + 1) % 3]
        world.add_issue(repository, at, user, day(at), labels=[{"name": "good first issue"}] if at % 4 == 0 else [])
        world.add_comment(repository, at, world.user(other), day(at + 1))
        pull = world.add_pull(repository, 100 + at, user, day(at))
        world.add_review_comment(repository, 100 + at, world.user(other), day(at + 2))
        if at % 3:
            world.merge(pull, other, day(at + 3), reviewers=(other,) if at % 2 else ())
        talk = world.add_discussion(repository, 200 + at, people[at % 3], day(at))
        comment = world.add_discussion_comment(talk, other, day(at + 1))
        world.add_discussion_comment(talk, people[at % 3], day(at + 2), below=comment)
        if at % 2:
            world.accept(talk, comment, day(at + 3))
        world.add_commit(repository, people[at % 3], day(at), pulls=at % 2)


def truth(world: GitHubWorld) -> dict[str, tuple[Any, ...]]:
    """What should be stored, worked out in the plainest way."""
    found: dict[str, tuple[Any, ...]] = {}
    for key, repository in world.repositories.items():
        if repository["private"] or repository["fork"]:
            continue
        for name, prefix in PREFIXES.items():
            for item in world.lists[name].get(key, []):
                if name != "issues" or "pull_request" not in item:
                    found[f"{prefix}:{item['id']}"] = _row(prefix, key, item)
        for pull in world.lists["pulls"].get(key, []):
            for review in world.fact(pull)["reviews"]:
                if review["state"] != "PENDING":
                    row = ("review", str(key), f"{key}#{pull['number']}", _when(review["submittedAt"]), "", "")
                    found[f"review:{review['databaseId']}"] = (*row, _who(review["author"]))
        for talk in world.discussions.get(key, []):
            found |= _talk(key, talk)
        for commit in (one for one in world.commits.get(key, []) if not one["pulls"]):
            row = ("commit", str(key), "", _when(commit["committedDate"]), "", commit["messageHeadline"])
            found[f"commit:{commit['oid']}"] = (*row, _who(commit["author"]["user"]))
    return found


def _row(prefix: str, key: int, item: Item) -> tuple[Any, ...]:
    link = item.get("issue_url") or item.get("pull_request_url")
    number = link.rpartition("/")[2] if link else item["number"]
    state = "merged" if item.get("merged_at") else item.get("state", "")
    user = item["user"]
    who = str(user["id"]) if user and user["login"] != "ghost" else None
    return (prefix, str(key), f"{key}#{number}", _when(item["created_at"]), state, item.get("title", ""), who)


def _talk(key: int, talk: Item) -> dict[str, tuple[Any, ...]]:
    thread = f"{key}#{talk['number']}"
    row = ("discussion", str(key), thread, _when(talk["createdAt"]), "", talk["title"], _who(talk["author"]))
    found = {f"discussion:{talk['databaseId']}": row}
    for comment in talk["comments"]:
        for one in (comment, *comment["replies"]):
            if one["deletedAt"] is None:
                state = "accepted" if one["isAnswer"] else ""
                row = ("discussion_reply", str(key), thread, _when(one["createdAt"]), state, "", _who(one["author"]))
                found[f"discussion_reply:{one['databaseId']}"] = row
    return found


def _who(actor: Item | None) -> str | None:
    return str(actor["databaseId"]) if actor else None


def _when(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def stored(source: Source) -> dict[str, tuple[Any, ...]]:
    """What is stored and not deleted."""
    rows = Contribution.objects.filter(source=source, deleted_at=None).select_related("channel", "identity")
    return {
        row.external_id: (
            row.kind,
            row.channel.key,
            row.thread,
            row.occurred_at,
            row.state,
            row.title,
            None if row.identity.uid.startswith("deleted:") else row.identity.uid,
        )
        for row in rows
    }


def importer(server: Server, source: Source, *, now: datetime = NOW, token: str = "word") -> GitHubImporter:
    client = GitHubClient(
        server.url(),
        token=token,
        user_agent=AGENT,
        allowed_private_hosts=(server.host,),
        limits=QUICK,
        surroundings=still(clock=lambda: now),
    )
    made = GitHubImporter(config("github", server.url(), token, org="acme"), client)
    made._stored = StoredRows(source.pk)
    return made


def work(
    source: Source, server: Server, *, now: datetime = NOW, token: str = "word", progress: Any = None
) -> ImportRun:
    """One run, as far as it comes."""
    run = source.runs.filter(state__in=runs.OPEN).first() or RunFactory(source=source)
    create = lambda _: importer(server, source, now=now, token=token)  # noqa: E731
    return runs.run_import(run, now=now, create=create, budget=None, progress=progress)


def work_to_the_end(source: Source, server: Server, *, now: datetime = NOW, most: int = 50, token: str = "word") -> int:
    """Runs until one is over, each when the one before it said; returns how many it took."""
    for number in range(1, most + 1):
        run = work(source, server, now=now, token=token)
        if not run.is_open:
            return number
        now = run.next_try_at or now
    raise AssertionError(f"not done after {most} runs: {run.error}")
