"""The words for what a person did and how it turned out: plain strings, shared by importers, services and rules."""

from typing import Final

ISSUE: Final = "issue"
CHANGE: Final = "change"
COMMENT: Final = "comment"
REVIEW: Final = "review"
REVIEW_COMMENT: Final = "review_comment"
DISCUSSION: Final = "discussion"
DISCUSSION_REPLY: Final = "discussion_reply"
COMMIT: Final = "commit"
MESSAGE: Final = "message"
REPLY: Final = "reply"
TOPIC: Final = "topic"
QUESTION: Final = "question"
POST: Final = "post"
ANSWER: Final = "answer"
SUBMISSION: Final = "submission"
ORGANISED: Final = "organised"
SPOKE: Final = "spoke"
ATTENDED: Final = "attended"
APPLIED: Final = "applied"
REVIEWED: Final = "reviewed"

KINDS: Final[tuple[str, ...]] = (
    ISSUE,
    CHANGE,
    COMMENT,
    REVIEW,
    REVIEW_COMMENT,
    DISCUSSION,
    DISCUSSION_REPLY,
    COMMIT,
    MESSAGE,
    REPLY,
    TOPIC,
    QUESTION,
    POST,
    ANSWER,
    SUBMISSION,
    ORGANISED,
    SPOKE,
    ATTENDED,
    APPLIED,
    REVIEWED,
)

# The row of a thread that opened it: its author is the asker, its `occurred_at` starts the clock of a first answer.
ROOT_KINDS: Final[frozenset[str]] = frozenset({ISSUE, CHANGE, DISCUSSION, TOPIC, QUESTION, SUBMISSION})

# Talk in a chat: to levels and concentration, all of a person's in one channel and day together is one contribution.
CHAT_KINDS: Final[frozenset[str]] = frozenset({MESSAGE, REPLY})

STATE_NONE: Final = ""
STATE_OPEN: Final = "open"
STATE_CLOSED: Final = "closed"
STATE_MERGED: Final = "merged"
STATE_MERGED_TRIVIAL: Final = "merged_trivial"
STATE_MERGED_BY_SELF: Final = "merged_by_self"
STATE_ACCEPTED: Final = "accepted"
#: It counts for the person, but others are not told what it was.
STATE_PRIVATE: Final = "private"

MERGED_STATES: Final[frozenset[str]] = frozenset({STATE_MERGED, STATE_MERGED_TRIVIAL, STATE_MERGED_BY_SELF})
