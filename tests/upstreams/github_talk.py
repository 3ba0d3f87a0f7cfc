"""What a GitHub world knows to GraphQL only: merges, reviews, discussions, commits."""

import hashlib
from typing import Any

Item = dict[str, Any]


class Talk:
    """Part of `GitHubWorld`: everything that its lists do not tell."""

    facts: dict[str, Item]
    discussions: dict[int, list[Item]]
    commits: dict[int, list[Item]]

    def new_id(self) -> int:
        raise NotImplementedError

    def user(self, login: str, **fields: Any) -> Item:
        raise NotImplementedError

    def merge(self, pull: Item, by: str, merged_at: str, *, reviewers: tuple[str, ...] = (), lines: int = 40) -> None:
        """Merge a pull request; who did it and how large it was is known to GraphQL only."""
        pull.update(state="closed", closed_at=merged_at, merged_at=merged_at, updated_at=merged_at)
        self.fact(pull).update(additions=lines, deletions=0, mergedBy=self.actor(by))
        for login in reviewers:
            self.review(pull, login, merged_at)

    def review(self, pull: Item, login: str, submitted_at: str | None, state: str = "APPROVED") -> Item:
        """Review a pull request, known to GraphQL only; without a time it is still being written."""
        number = self.new_id()
        node = {
            "databaseId": number,
            "fullDatabaseId": str(number),
            "state": state,
            "submittedAt": submitted_at,
            "updatedAt": submitted_at,
            "url": f"{pull['html_url']}#pullrequestreview-{number}",
            "author": self.actor(login),
        }
        self.fact(pull)["reviews"].append(node)
        pull["updated_at"] = max(pull["updated_at"], submitted_at or "")
        return node

    def fact(self, pull: Item) -> Item:
        """What only GraphQL knows of a pull request."""
        empty: Item = {"additions": 40, "deletions": 0, "mergedBy": None, "reviews": []}
        return self.facts.setdefault(pull["node_id"], empty)

    def change(self, pull: Item) -> Item:
        """A pull request in GraphQL's form."""
        state = "MERGED" if pull.get("merged_at") else str(pull.get("state", "")).upper()
        names = {"createdAt": "created_at", "updatedAt": "updated_at", "closedAt": "closed_at", "mergedAt": "merged_at"}
        user = pull.get("user")
        return {
            "id": pull["node_id"],
            "databaseId": pull["id"] if pull["id"] < 2**31 else None,
            "fullDatabaseId": str(pull["id"]),
            "number": pull["number"],
            "title": pull["title"],
            "state": state,
            "url": pull["html_url"],
            **{name: pull.get(other) for name, other in names.items()},
            "labels": pull.get("labels", []),
            "author": self.as_actor(user) if user else None,
            **self.fact(pull),
        }

    def as_actor(self, user: Item) -> Item:
        """A person of the lists in GraphQL's form; a bot has no “[bot]” in its name there."""
        login = user["login"].removesuffix("[bot]")
        kind = user.get("type", "User")
        return {"__typename": kind, "login": login, "url": user.get("html_url", ""), "databaseId": user["id"]}

    def actor(self, login: str, **fields: Any) -> Item:
        """A person in GraphQL's form."""
        return self.as_actor(self.user(login, **fields))

    def add_discussion(self, repository: Item, number: int, login: str, created_at: str, **fields: Any) -> Item:
        discussion = {
            **self._said(f"{repository['html_url']}/discussions/{number}", login, created_at),
            "number": number,
            "title": f"Discussion {number}",
            "answerChosenAt": None,
            "comments": [],
            **fields,
        }
        self.discussions.setdefault(repository["id"], []).append(discussion)
        return discussion

    def add_discussion_comment(
        self, discussion: Item, login: str, created_at: str, *, below: Item | None = None
    ) -> Item:
        """A comment, or a reply `below` one; both move the discussion."""
        comment = {**self._said(f"{discussion['url']}#c", login, created_at), "isAnswer": False, "deletedAt": None}
        comment["replies"] = []
        (discussion["comments"] if below is None else below["replies"]).append(comment)
        discussion["updatedAt"] = max(discussion["updatedAt"], created_at)
        return comment

    def accept(self, discussion: Item, comment: Item, chosen_at: str) -> None:
        comment["isAnswer"] = True
        discussion.update(answerChosenAt=chosen_at, updatedAt=chosen_at)

    def add_commit(self, repository: Item, login: str | None, committed_at: str, *, pulls: int = 0) -> Item:
        """A commit on top of the default branch."""
        number = self.new_id()
        oid = hashlib.sha1(str(number).encode(), usedforsecurity=False).hexdigest()
        commit = {
            "oid": oid,
            "messageHeadline": f"Commit {number}",
            "committedDate": committed_at,
            "url": f"{repository['html_url']}/commit/{oid}",
            "author": {"name": "?", "email": "", "user": self.actor(login) if login else None},
            "pulls": [{} for _ in range(pulls)],
        }
        self.commits.setdefault(repository["id"], []).insert(0, commit)
        repository["pushed_at"] = f"{committed_at} {number}"
        return commit

    def _said(self, url: str, login: str, created_at: str) -> Item:
        number = self.new_id()
        times = {"createdAt": created_at, "updatedAt": created_at}
        return {"id": f"D_{number}", "databaseId": number, "url": url, "author": self.actor(login), **times}
