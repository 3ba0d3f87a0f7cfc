"""The presets of weights that ship: pure data, and the words for rows whose fact no source brings yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from dashboard import kinds

EVERY: Final = "every"
FIRST_PER_THREAD: Final = "thread"
FIRST_PER_CHANNEL_DAY: Final = "channel_day"

#: States that no source reports: found by comparing the author with the one who opened the thread.
STATE_SELF_ACCEPTED: Final = "self_accepted"
STATE_SELF: Final = "self"
STATE_CAMP: Final = "camp"
STATE_CONFERENCE: Final = "conference"

REVIEW_KINDS: Final = (kinds.REVIEW, kinds.REVIEW_COMMENT)
#: Granted by hand with a link as evidence and a second person's word.
GRANTED_WORKS: Final = ("translation", "article", "tutorial", "video", "design")
GRANTED_ROLES: Final = (("role_lead", 4), ("role_assistant", 3), ("role_member", 1))


@dataclass(frozen=True, slots=True)
class WeightRow:
    """Points of a kind in a state; state "" also stands for every state without a row of its own."""

    kind: str
    state: str
    recognition: int
    credit: int
    counts: str = EVERY
    monthly_cap: int | None = None


@dataclass(frozen=True, slots=True)
class Preset:
    """A whole table of weights."""

    key: str
    name: str
    rows: tuple[WeightRow, ...]


def _plain(*names: str) -> tuple[WeightRow, ...]:
    return tuple(WeightRow(name, "", 1, 0) for name in names)


_CHANGES = (
    WeightRow(kinds.CHANGE, "", 1, 0),
    WeightRow(kinds.CHANGE, kinds.STATE_OPEN, 1, 0),
    WeightRow(kinds.CHANGE, kinds.STATE_CLOSED, 1, 0),
    WeightRow(kinds.CHANGE, kinds.STATE_MERGED, 5, 5),
    WeightRow(kinds.CHANGE, kinds.STATE_MERGED_TRIVIAL, 1, 1, monthly_cap=5),
    WeightRow(kinds.CHANGE, kinds.STATE_MERGED_BY_SELF, 1, 0),
)
_REVIEWS = tuple(
    row
    for kind in REVIEW_KINDS
    for row in (WeightRow(kind, "", 3, 3, counts=FIRST_PER_THREAD), WeightRow(kind, STATE_SELF, 0, 0))
)
# An accepted post in a category that is not for support is an accepted answer by another name.
_ANSWERS = tuple(
    row
    for kind in (kinds.ANSWER, kinds.POST)
    for row in (
        WeightRow(kind, "", 1, 0),
        WeightRow(kind, kinds.STATE_ACCEPTED, 3, 3),
        WeightRow(kind, STATE_SELF_ACCEPTED, 1, 0),
    )
)
_EVENTS = (
    WeightRow(kinds.ORGANISED, "", 5, 5),
    WeightRow(kinds.ORGANISED, STATE_CAMP, 10, 10),
    WeightRow(kinds.ORGANISED, STATE_CONFERENCE, 10, 10),
    WeightRow(kinds.SPOKE, "", 3, 3),
    WeightRow(kinds.SPOKE, STATE_CAMP, 3, 3),
    WeightRow(kinds.SPOKE, STATE_CONFERENCE, 5, 5),
)
#: Earned by an organisation, not by a person: the ranking adds it, no contribution carries it.
_SPONSORING = (WeightRow("sponsored", "", 0, 5), WeightRow("sponsored", STATE_CONFERENCE, 0, 10))
_GRANTED = (
    *(WeightRow(kind, "", 3, 3) for kind in GRANTED_WORKS),
    *(WeightRow(kind, "", points, points) for kind, points in GRANTED_ROLES),
)
_PLAIN = _plain(
    kinds.ISSUE,
    kinds.COMMENT,
    kinds.DISCUSSION,
    kinds.DISCUSSION_REPLY,
    kinds.COMMIT,
    kinds.REPLY,
    kinds.TOPIC,
    kinds.QUESTION,
    kinds.SUBMISSION,
    kinds.ATTENDED,
    kinds.APPLIED,
    kinds.REVIEWED,
)

DEFAULT: Final = Preset(
    "default",
    "The community's own",
    (
        *_CHANGES,
        *_REVIEWS,
        *_ANSWERS,
        *_EVENTS,
        *_PLAIN,
        WeightRow(kinds.MESSAGE, "", 1, 0, counts=FIRST_PER_CHANNEL_DAY),
        *_GRANTED,
        *_SPONSORING,
    ),
)
SAVANNAH: Final = Preset(
    "savannah",
    "As the dashboard before counted",
    (
        WeightRow(kinds.CHANGE, "", 1, 1),
        *(
            WeightRow(kind, state, 1, 1)
            for kind in (kinds.ANSWER, kinds.POST)
            for state in (kinds.STATE_ACCEPTED, STATE_SELF_ACCEPTED)
        ),
    ),
)
PRESETS: Final[Mapping[str, Preset]] = {preset.key: preset for preset in (DEFAULT, SAVANNAH)}
