"""What GitHub's objects mean."""

from datetime import UTC, datetime
from typing import Any

import pytest

from dashboard.importers.github_items import STARTING_LABELS, is_trivial, normalise, reviews, starting_labels
from dashboard.importers.records import Account, Record, Rejected
from tests.dashboard.importers.factories import NOW, facts, issue, merged_pull, person, pull, review


def read(stream: str, item: Any, known: dict[str, Any] | None = None) -> Record | Rejected | None:
    return normalise(stream, item, repository_id="99", now=NOW, facts=known)


def state_of(item: Any, known: dict[str, Any] | None = None) -> str:
    found = read("pulls", item, known)
    assert isinstance(found, Record)
    return found.state


def test_issue_becomes_a_record() -> None:
    assert read("issues", issue()) == Record(
        external_id="issue:31",
        kind="issue",
        occurred_at=datetime(2026, 3, 1, 10, tzinfo=UTC),
        account=Account("5", "ada", "", False, "https://github.com/ada"),
        state="open",
        thread="99#7",
        title="Button is blue",
        url="https://github.com/acme/one/issues/7",
        source_updated_at=datetime(2026, 3, 2, 10, tzinfo=UTC),
    )


def test_pull_request_among_issues_is_left_to_its_own_stream() -> None:
    assert read("issues", issue(pull_request={"url": "https://api.github.com/repos/acme/one/pulls/7"})) is None


def test_reopened_issue_is_open_though_it_was_closed_once() -> None:
    found = read("issues", issue(state="open", closed_at="2026-03-02T10:00:00Z"))
    assert isinstance(found, Record)
    assert found.state == "open"


@pytest.mark.parametrize(
    ("item", "state", "is_credited"),
    [
        (pull(), "open", False),
        (pull(state="closed", closed_at="2026-03-05T10:00:00Z"), "closed", False),
        (merged_pull(), "merged", True),
        (merged_pull(merge_commit_sha=None), "merged", True),
    ],
)
def test_change_is_merged_by_its_date_and_never_by_its_commit(item: Any, state: str, is_credited: bool) -> None:
    found = read("pulls", item)
    assert isinstance(found, Record)
    assert (found.external_id, found.kind, found.state) == ("change:41", "change", state)
    assert found.credited_at == (datetime(2026, 3, 5, 10, tzinfo=UTC) if is_credited else None)


@pytest.mark.parametrize(
    ("known", "state"),
    [
        (facts("grace"), "merged"),
        (facts("ada"), "merged_by_self"),
        (facts("ada", ["grace"]), "merged"),
        (facts("ada", ["ada"]), "merged_by_self"),
        (facts("ada", ["helper[bot]"]), "merged_by_self"),
        (facts("ada", reviews={"nodes": [review(state="PENDING")]}), "merged_by_self"),
        (facts(None), "merged"),
        (facts("grace", additions=1, deletions=1), "merged_trivial"),
        (facts("ada", additions=1, deletions=1), "merged_by_self"),
        (facts("ada", ["grace"], additions=1, deletions=1), "merged_trivial"),
        (facts("grace", labels={"nodes": [{"name": "Documentation Typo"}]}), "merged_trivial"),
        ({"PR_1": {"mergedBy": "text", "labels": [], "reviews": 7}}, "merged"),
        ({"PR_1": None}, "merged"),
    ],
)
def test_merged_change_knows_who_merged_it_and_how_large_it_was(known: dict[str, Any], state: str) -> None:
    assert state_of(merged_pull(), known) == state


def test_merge_facts_of_a_full_answer_are_used_without_graphql() -> None:
    assert state_of(merged_pull(merged_by=person("ada"))) == "merged_by_self"
    assert state_of(merged_pull(additions=1, deletions=0)) == "merged_trivial"
    assert state_of(merged_pull(labels=[{"name": "typo"}])) == "merged_trivial"


def test_deleted_author_cannot_have_merged_it() -> None:
    assert state_of(merged_pull(user=None, merged_by=person("ghost"))) == "merged"


@pytest.mark.parametrize(
    ("title", "labels", "lines", "expected"),
    [
        ("Add a wizard", [], 400, False),
        ("Add a wizard", [], None, False),
        ("Add a wizard", ["Code_Style"], 400, True),
        ("Add a wizard", ["style guide"], 400, False),
        ("Guard against zero", [], 2, True),
        ("Guard against zero", [], 3, False),
        ("Fix typo in help", [], None, True),
        ("Fix typos", [], 10, True),
        ("Fix typos and rewrite the importer", [], 400, False),
        ("Typography of headings", [], None, False),
        ("Update README.md", [], None, True),
        ("Update README.md with a new chapter", [], None, False),
    ],
)
def test_trivial_is_told_by_label_size_or_title(
    title: str, labels: list[str], lines: int | None, expected: bool
) -> None:
    assert is_trivial(title, labels, lines) is expected


@pytest.mark.parametrize(
    ("stream", "link", "external_id", "kind"),
    [
        ("issue_comments", {"issue_url": "https://api.github.com/repos/acme/one/issues/7"}, "comment:51", "comment"),
        (
            "review_comments",
            {"pull_request_url": "https://api.github.com/repos/acme/one/pulls/7"},
            "review_comment:51",
            "review_comment",
        ),
    ],
)
def test_comments_share_the_thread_of_their_root(
    stream: str, link: dict[str, str], external_id: str, kind: str
) -> None:
    item = {"id": 51, "user": person(), "created_at": "2026-03-01T10:00:00Z", "updated_at": None, **link}
    found = read(stream, item)
    root = read("issues", issue())
    assert isinstance(found, Record)
    assert isinstance(root, Record)
    assert (found.external_id, found.kind, found.state, found.thread) == (external_id, kind, "", root.thread)


@pytest.mark.parametrize(
    ("user", "expected"),
    [
        (None, None),
        (person("ghost", 10137), None),
        (person("helper[bot]", 9, type="Bot"), True),
        (person("helper[bot]", 9), True),
        (person("robot", 9, type="Bot"), True),
        (person("ada"), False),
        (person("acme", 9, type="Organization"), False),
        (person("mona", 9, type="Mannequin"), False),
    ],
)
def test_authors_are_people_bots_or_unknown(user: Any, expected: bool | None) -> None:
    found = read("issues", issue(user=user))
    assert isinstance(found, Record)
    assert (found.account.is_bot if found.account else None) is expected


def test_renamed_author_keeps_the_same_key() -> None:
    before, after = (read("issues", issue(user=person(login))) for login in ("ada", "countess"))
    assert isinstance(before, Record)
    assert isinstance(after, Record)
    assert before.account is not None
    assert after.account is not None
    assert before.account.uid == after.account.uid == "5"


def test_time_far_in_the_future_is_clamped_and_marked() -> None:
    found = read("issues", issue(created_at="2027-03-01T10:00:00Z"))
    assert isinstance(found, Record)
    assert (found.occurred_at, found.is_clamped) == (NOW, True)


def test_dates_far_in_the_future_do_not_outrank_later_edits() -> None:
    found = read("pulls", merged_pull(updated_at="2027-03-01T10:00:00Z", merged_at="2027-03-01T10:00:00Z"))
    assert isinstance(found, Record)
    assert (found.source_updated_at, found.credited_at, found.is_clamped) == (NOW, NOW, False)


def reviews_of(*nodes: Any) -> list[Record | Rejected]:
    known = facts(reviews={"nodes": list(nodes)})
    return list(reviews(pull(), known, repository_id="99", now=NOW))


def test_review_becomes_a_record_credited_on_its_day() -> None:
    assert reviews_of(review()) == [
        Record(
            external_id="review:61",
            kind="review",
            occurred_at=datetime(2026, 3, 4, 10, tzinfo=UTC),
            account=Account("6", "grace", "", False, "https://github.com/grace"),
            thread="99#7",
            url="https://github.com/acme/one/pull/7#pullrequestreview-61",
            credited_at=datetime(2026, 3, 4, 10, tzinfo=UTC),
            source_updated_at=datetime(2026, 3, 4, 11, tzinfo=UTC),
        )
    ]


def test_review_by_a_bot_has_the_name_the_lists_use() -> None:
    (found,) = reviews_of(review(author={"__typename": "Bot", "login": "helper", "databaseId": 9}))
    assert isinstance(found, Record)
    assert found.account == Account("9", "helper[bot]", "", True, "")


def test_reviews_still_being_written_are_left_out_and_broken_ones_named() -> None:
    found = reviews_of(
        review(state="PENDING", submittedAt=None),
        review(fullDatabaseId="62", author=None),
        review(fullDatabaseId="63", submittedAt=None),
        review(fullDatabaseId="64", author={"login": "grace"}),
        review(fullDatabaseId=None, databaseId=65),
        None,
        "text",
    )
    assert [(one.external_id, one.reason if isinstance(one, Rejected) else one.account is None) for one in found] == [
        ("review:62", True),
        ("review:63", "“submittedAt” is missing or no time"),
        ("review:64", "“databaseId” is missing or no positive whole number"),
        ("review:65", False),
    ]


@pytest.mark.parametrize("item", [None, [], "text", {}, {"node_id": 5}, pull(number=None), pull(node_id="PR_other")])
def test_nothing_is_made_up_where_no_reviews_are_known(item: Any) -> None:
    assert list(reviews(item, facts(reviewers=["grace"]), repository_id="99", now=NOW)) == []


def without(field: str) -> dict[str, Any]:
    return {name: value for name, value in issue().items() if name != field}


@pytest.mark.parametrize(
    ("item", "external_id", "reason"),
    [
        (without("created_at"), "issue:31", "“created_at” is missing or no time"),
        (issue(created_at="1970-01-01T00:00:00Z"), "issue:31", "“created_at” lies before 1990"),
        (without("user"), "issue:31", "“user” is missing"),
        (issue(user=["ada"]), "issue:31", "“user” is no object"),
        (issue(user={"login": "ada"}), "issue:31", "“id” is missing or no positive whole number"),
        (without("state"), "issue:31", "“state” is neither open nor closed"),
        (issue(state=None), "issue:31", "“state” is neither open nor closed"),
        (without("number"), "issue:31", "“number” is missing or no positive whole number"),
        (issue(id=True), "issue:unknown-", "“id” is missing or no positive whole number"),
        (None, "issue:unknown-", "the item is no object"),
        ("text", "issue:unknown-", "the item is no object"),
    ],
)
def test_items_without_what_a_record_needs_name_the_field(item: Any, external_id: str, reason: str) -> None:
    found = read("issues", item)
    assert isinstance(found, Rejected)
    assert found.external_id.startswith(external_id)
    assert found.reason == reason


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"labels": [{"name": "Good First Issue"}, {"name": "bug"}, {"name": "help wanted"}]},
            ("Good First Issue", "help wanted"),
        ),
        ({"labels": [{"name": "bug"}]}, ()),
        ({"labels": [{"name": "easy"}], "state": "closed"}, ()),
        ({"labels": [{"name": "easy"}], "assignees": [person()]}, ()),
        ({"labels": [{"name": "easy"}], "locked": True}, ()),
        ({"labels": None}, ()),
    ],
)
def test_issue_for_somebody_new_is_open_labelled_and_untaken(
    changes: dict[str, Any], expected: tuple[str, ...]
) -> None:
    found = read("issues", issue(**changes))
    assert isinstance(found, Record)
    assert found.starting_labels == expected


def test_labels_for_somebody_new_can_be_named() -> None:
    assert starting_labels(" T: Small, Hacktoberfest ,") == {"t:-small", "hacktoberfest"}
    assert starting_labels("  ") == STARTING_LABELS
