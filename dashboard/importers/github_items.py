"""What GitHub's objects mean: pure functions from any JSON to a record, a dead letter or nothing."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from dashboard import kinds
from dashboard.importers import cleaning
from dashboard.importers.cleaning import BadItem
from dashboard.importers.records import Account, Record, Rejected

ISSUES: Final = "issues"
PULLS: Final = "pulls"
ISSUE_COMMENTS: Final = "issue_comments"
REVIEW_COMMENTS: Final = "review_comments"
DISCUSSIONS: Final = "discussions"
COMMITS: Final = "commits"
SWEEP: Final = "sweep"
LISTS: Final = (ISSUES, PULLS, ISSUE_COMMENTS, REVIEW_COMMENTS)
#: What REST does not tell.
GRAPH_STREAMS: Final = (DISCUSSIONS, COMMITS)
STREAMS: Final = (*LISTS, *GRAPH_STREAMS, SWEEP)

STARTING_LABELS: Final = frozenset(
    {
        "beginner", "beginner-friendly", "easy", "easy-pick", "first-timer", "first-timers-only", "good-first-bug",
        "good-first-issue", "good-for-beginners", "help-wanted", "low-code", "low-hanging-fruit", "newcomer", "no-code",
        "starter", "up-for-grabs",
    }
)  # fmt: skip

_KINDS: Final = {
    ISSUES: kinds.ISSUE,
    PULLS: kinds.CHANGE,
    ISSUE_COMMENTS: kinds.COMMENT,
    REVIEW_COMMENTS: kinds.REVIEW_COMMENT,
}

TRIVIAL_LABELS: Final = frozenset(
    {"trivial", "typo", "typos", "documentation-typo", "docs-typo", "style", "code-style", "coding-style", "readme"}
)
TRIVIAL_LINES: Final = 2
TRIVIAL_TITLE_LINES: Final = 10
_TRIVIAL_TITLE: Final = re.compile(r"\btypos?\b|^update readme(\.md)?$", re.IGNORECASE)


def normalise(
    stream: str,
    item: Any,
    *,
    repository_id: str,
    now: datetime,
    facts: Mapping[str, Any] | None = None,
    starting: frozenset[str] = STARTING_LABELS,
) -> Record | Rejected | None:
    """One item of a list. `facts` are GraphQL's by node id, `starting` the tidy names of labels that invite somebody
    new. None is for what belongs to another stream.

    Everything about one issue or pull request shares the thread "<repository id>#<number>": comments only carry the
    number, so a thread cannot be made of the root's own id.
    """
    kind = _KINDS[stream]
    try:
        if not isinstance(item, Mapping):
            raise BadItem("the item is no object")
        if stream == ISSUES and item.get("pull_request") is not None:
            return None
        return _record(kind, item, repository_id, now, facts or {}, starting)
    except BadItem as problem:
        return cleaning.rejected(kind, item, str(problem))


def _record(
    kind: str,
    item: Mapping[str, Any],
    repository_id: str,
    now: datetime,
    facts: Mapping[str, Any],
    starting: frozenset[str],
) -> Record:
    own_id = cleaning.required_id(item)
    occurred_at, is_clamped = cleaning.clamped(cleaning.required_moment(item, "created_at"), now)
    account = account_of(item)
    state, merged_at = _outcome(kind, item, account, facts)
    return Record(
        external_id=f"{kind}:{own_id}",
        kind=kind,
        occurred_at=occurred_at,
        account=account,
        state=state,
        thread=f"{repository_id}#{_number(kind, item)}",
        title=cleaning.text(item.get("title")),
        url=cleaning.web_address(item.get("html_url")),
        credited_at=merged_at and cleaning.clamped(merged_at, now)[0],
        source_updated_at=cleaning.past_moment(item.get("updated_at"), now),
        is_clamped=is_clamped,
        starting_labels=_starting(item, starting) if kind == kinds.ISSUE and state == kinds.STATE_OPEN else (),
    )


def all_of(
    stream: str, items: list[Any], repository_id: str, now: datetime, starting: frozenset[str]
) -> list[Record | Rejected]:
    """Every item of a page of a list that belongs there."""
    found = (normalise(stream, one, repository_id=repository_id, now=now, starting=starting) for one in items)
    return [one for one in found if one is not None]


def starting_labels(option: str) -> frozenset[str]:
    """The labels an option names, separated by commas; the usual ones when it names none."""
    return frozenset(_tidy(name) for name in option.split(",") if name.strip()) or STARTING_LABELS


def _starting(item: Mapping[str, Any], starting: frozenset[str]) -> tuple[str, ...]:
    """The labels by which an issue invites somebody new; none when somebody has taken it."""
    if item.get("assignees") or item.get("assignee") or item.get("locked") is True:
        return ()
    return tuple(label for label in _names(item.get("labels")) if _tidy(label) in starting)[:5]


def _tidy(label: str) -> str:
    return re.sub(r"[\s_]+", "-", label.strip().lower())


def reviews(item: Any, facts: Mapping[str, Any], *, repository_id: str, now: datetime) -> Iterator[Record | Rejected]:
    """The reviews of a pull request, from what GraphQL knows of it; those not yet submitted are nobody's business."""
    node_id = item.get("node_id") if isinstance(item, Mapping) else None
    known = facts.get(node_id) if isinstance(node_id, str) else None
    number = cleaning.whole_number(item.get("number")) if isinstance(item, Mapping) else None
    for node in _nodes(_mapping(known).get("reviews")):
        if node.get("state") == "PENDING" or number is None:
            continue
        try:
            yield _review(node, f"{repository_id}#{number}", now)
        except BadItem as problem:
            yield cleaning.rejected(kinds.REVIEW, {"id": _review_id(node), **node}, str(problem))


def _review_id(node: Mapping[str, Any]) -> Any:
    """GraphQL gives ids beyond 32 bits as text in a field of their own."""
    return node.get("fullDatabaseId") or node.get("databaseId")


def _review(node: Mapping[str, Any], thread: str, now: datetime) -> Record:
    own_id = cleaning.required_id({"id": _review_id(node)})
    occurred_at, is_clamped = cleaning.clamped(cleaning.required_moment(node, "submittedAt"), now)
    return Record(
        external_id=f"{kinds.REVIEW}:{own_id}",
        kind=kinds.REVIEW,
        occurred_at=occurred_at,
        account=actor(node.get("author")),
        thread=thread,
        url=cleaning.web_address(node.get("url")),
        credited_at=occurred_at,
        source_updated_at=cleaning.past_moment(node.get("updatedAt"), now),
        is_clamped=is_clamped,
    )


def actor(author: Any) -> Account | None:
    """An author in GraphQL's form, under the id and the name that the lists know them by."""
    if author is None or _login(author) == "ghost":
        return None
    if not isinstance(author, Mapping):
        raise BadItem("“author” is no object")
    login = login_of(author)
    return Account(
        uid=str(cleaning.required_id(author, "databaseId")),
        username=login,
        name=cleaning.text(author.get("name"), cleaning.NAME_LIMIT),
        is_bot=login.endswith("[bot]"),
        url=cleaning.web_address(author.get("url")),
        employer=cleaning.text(author.get("company"), cleaning.NAME_LIMIT),
        location=cleaning.text(author.get("location"), cleaning.NAME_LIMIT),
    )


def login_of(author: Mapping[str, Any]) -> str:
    """A bot has “[bot]” behind its name in the lists only."""
    login = _login(author)
    is_bot = author.get("__typename") == "Bot"
    return f"{login}[bot]" if is_bot and not login.endswith("[bot]") else login


def account_of(item: Mapping[str, Any]) -> Account | None:
    """The author; None for a deleted account, which GitHub gives as null or as the stand-in “ghost”."""
    if "user" not in item:
        raise BadItem("“user” is missing")
    user = item["user"]
    if user is None:
        return None
    if not isinstance(user, Mapping):
        raise BadItem("“user” is no object")
    login = cleaning.text(user.get("login"), cleaning.NAME_LIMIT)
    if login == "ghost":
        return None
    return Account(
        uid=str(cleaning.required_id(user)),
        username=login,
        name=cleaning.text(user.get("name"), cleaning.NAME_LIMIT),
        is_bot=user.get("type") == "Bot" or login.endswith("[bot]"),
        url=cleaning.web_address(user.get("html_url")),
    )


def _number(kind: str, item: Mapping[str, Any]) -> int:
    if kind in (kinds.ISSUE, kinds.CHANGE):
        return cleaning.required_id(item, "number")
    field = "issue_url" if kind == kinds.COMMENT else "pull_request_url"
    address = item.get(field)
    tail = address.rstrip("/").rpartition("/")[2] if isinstance(address, str) else ""
    number = cleaning.whole_number(tail)
    if number is None or number < 1:
        raise BadItem(f"“{field}” is missing or ends in no number")
    return number


def _outcome(
    kind: str, item: Mapping[str, Any], account: Account | None, facts: Mapping[str, Any]
) -> tuple[str, datetime | None]:
    """State and day of credit. A merge is known by `merged_at` alone; a reopened issue is open whatever `closed_at`."""
    if kind not in (kinds.ISSUE, kinds.CHANGE):
        return kinds.STATE_NONE, None
    if kind == kinds.CHANGE and item.get("merged_at") is not None:
        merged_at = cleaning.required_moment(item, "merged_at")
        node_id = item.get("node_id")
        known = facts.get(node_id) if isinstance(node_id, str) else None
        return _merged_state(item, account, known if isinstance(known, Mapping) else {}), merged_at
    state = item.get("state")
    if state not in (kinds.STATE_OPEN, kinds.STATE_CLOSED):
        raise BadItem("“state” is neither open nor closed")
    return str(state), None


def _merged_state(item: Mapping[str, Any], account: Account | None, known: Mapping[str, Any]) -> str:
    """Merged without another person's word, trivial, or plainly merged; what nobody knows counts for the author.

    A bot that merges is nobody's word: then a person has to have reviewed it.
    """
    merger = known.get("mergedBy") or item.get("merged_by")
    author = account.username if account is not None else ""
    is_own = _login(merger) == author or _is_bot(_mapping(merger))
    if _login(merger) and is_own and not _reviewers(known) - {author}:
        return kinds.STATE_MERGED_BY_SELF
    additions, deletions = (
        cleaning.whole_number(known.get(name) if known.get(name) is not None else item.get(name))
        for name in ("additions", "deletions")
    )
    lines = None if additions is None or deletions is None else additions + deletions
    labels = _names(item.get("labels")) + _names(_nodes(known.get("labels")))
    return (
        kinds.STATE_MERGED_TRIVIAL
        if is_trivial(cleaning.text(item.get("title")), labels, lines)
        else kinds.STATE_MERGED
    )


def is_trivial(title: str, labels: list[str], lines: int | None) -> bool:
    """Whether a merged change is a typo, style or README touch.

    A label of TRIVIAL_LABELS decides (case, spaces and underscores do not matter). So do at most TRIVIAL_LINES changed
    lines. A title that speaks of a typo, or GitHub's own "Update README.md", decides unless more than
    TRIVIAL_TITLE_LINES lines changed. `lines` None is an unknown size.
    """
    if {_tidy(label) for label in labels} & TRIVIAL_LABELS:
        return True
    if lines is not None and lines <= TRIVIAL_LINES:
        return True
    return bool(_TRIVIAL_TITLE.search(title)) and (lines is None or lines <= TRIVIAL_TITLE_LINES)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _login(user: Any) -> str:
    return cleaning.text(_mapping(user).get("login"), cleaning.NAME_LIMIT)


def _names(labels: Any) -> list[str]:
    found = labels if isinstance(labels, list) else []
    return [cleaning.text(one.get("name") if isinstance(one, Mapping) else one) for one in found]


def _nodes(connection: Any) -> list[Mapping[str, Any]]:
    nodes = _mapping(connection).get("nodes")
    return [node for node in nodes if isinstance(node, Mapping)] if isinstance(nodes, list) else []


def _reviewers(known: Mapping[str, Any]) -> set[str]:
    """Logins of the people, not bots, who reviewed."""
    submitted = [node for node in _nodes(known.get("reviews")) if node.get("state") != "PENDING"]
    authors = [_mapping(node.get("author")) for node in submitted]
    return {_login(one) for one in authors if not _is_bot(one)} - {""}


def _is_bot(author: Mapping[str, Any]) -> bool:
    return "Bot" in (author.get("__typename"), author.get("type")) or _login(author).endswith("[bot]")
