"""What Slack's messages, people and channels mean."""

from datetime import UTC, datetime
from typing import Any

import pytest

from dashboard.importers import slack_items
from dashboard.importers.records import Account, Record, Rejected
from dashboard.importers.slack import choose
from dashboard.importers.slack_items import Place, Room
from tests.dashboard.importers.factories import NOW

TS, ROOT = "1772359200.000200", "1772359100.000100"
ROOM = Room("C1", "https://acme.slack.com")


def found(**changes: Any) -> Any:
    item = {"type": "message", "user": "U1", "text": "hello", "ts": TS, **changes}
    return slack_items.normalise(item, room=ROOM, now=NOW)


def test_message_is_a_record_without_its_text() -> None:
    assert found() == Record(
        external_id=f"message:C1:{TS}",
        kind="message",
        occurred_at=datetime(2026, 3, 1, 10, 0, 0, 200, tzinfo=UTC),
        account=Account("U1"),
        thread=f"thread:C1:{TS}",
        url="https://acme.slack.com/archives/C1/p1772359200000200",
    )


def test_opener_of_a_thread_stays_a_message_and_keeps_its_thread() -> None:
    assert found(thread_ts=TS, reply_count=3) == found()


def test_reply_stands_in_the_thread_of_its_root() -> None:
    reply = found(thread_ts=ROOT, edited={"user": "U1", "ts": "1772359300.000000"})
    assert (reply.kind, reply.thread, reply.source_updated_at) == (
        "reply",
        f"thread:C1:{ROOT}",
        datetime(2026, 3, 1, 10, 1, 40, tzinfo=UTC),
    )
    assert reply.url == f"https://acme.slack.com/archives/C1/p1772359200000200?thread_ts={ROOT}&cid=C1"


@pytest.mark.parametrize("text", [":no_entry_sign: hush", "  :no_entry_sign:", "\N{NO ENTRY SIGN} hush"])
def test_reply_off_the_record_is_left_out(text: str) -> None:
    assert found(thread_ts=ROOT, text=text) is None
    assert found(text=text) is not None  # the marker is one for replies


def test_reply_that_hides_its_author_counts_without_one() -> None:
    reply = found(thread_ts=ROOT, text=":bust_in_silhouette: psst")
    assert (reply.kind, reply.account) == ("reply", None)
    assert found(thread_ts=ROOT, text="no :bust_in_silhouette: here").account == Account("U1")


@pytest.mark.parametrize("subtype", ["me_message", "file_share", "thread_broadcast"])
def test_what_people_write_in_other_forms_counts(subtype: str) -> None:
    assert isinstance(found(subtype=subtype), Record)


@pytest.mark.parametrize(
    "changes",
    [
        *({"subtype": one} for one in ("channel_join", "channel_leave", "channel_topic", "channel_name", "tombstone")),
        *({"subtype": one} for one in ("channel_archive", "bot_message", "reply_broadcast", "new_one", 7, ["a"])),
        {"bot_id": "B1"}, {"user": "USLACKBOT"}, {"hidden": True}, {"type": "reaction"},
    ],
)  # fmt: skip
def test_what_no_person_wrote_is_nothing(changes: dict[str, Any]) -> None:
    assert found(**changes) is None


@pytest.mark.parametrize("ts", [1772359200.0002, 1772359200, None, "", "1772359200", "x.000200", "1772359200.0000001"])
def test_time_stamp_that_is_no_text_is_a_dead_letter(ts: Any) -> None:
    assert isinstance(found(ts=ts), Rejected)
    assert found(ts=ts).reason == "“ts” is missing or no time stamp"


@pytest.mark.parametrize("user", [7, "", "two words", "../U1", ["U1"]])
def test_author_that_is_no_id_is_a_dead_letter(user: Any) -> None:
    assert found(user=user) == Rejected(f"message:C1:{TS}", "“user” is no id of a person", found(user=user).payload)


def test_author_that_slack_no_longer_names_is_nobody() -> None:
    assert found(user=None).account is None


def test_person_is_known_by_the_name_they_show_and_an_address_only_where_wanted() -> None:
    item = {
        "id": "U1", "name": "ada.lovelace", "deleted": True, "is_bot": False,
        "profile": {"display_name": "ada", "real_name": "Ada L", "email": "ada@secret.example"},
    }  # fmt: skip
    assert slack_items.person(item) == Account("U1", "ada", "Ada L")
    wanted = {**item, "is_email_confirmed": True}
    assert slack_items.person(wanted) == Account("U1", "ada", "Ada L")
    assert slack_items.person(item, with_address=True) == Account("U1", "ada", "Ada L")
    known = Account("U1", "ada", "Ada L", email="ada@secret.example", is_email_verified=True)
    assert slack_items.person(wanted, with_address=True) == known
    assert slack_items.person({"id": "U2", "name": "hook", "is_bot": True}) == Account("U2", "hook", "", is_bot=True)


GENERAL, DEV = Place("C1", "general", False, True), Place("C2", "dev", False, False)


@pytest.mark.parametrize(
    ("option", "places", "missing"),
    [
        ("", (GENERAL,), ()),
        ("all", (GENERAL, DEV), ()),
        ("#Dev, C1", (DEV, GENERAL), ()),
        ("dev,dev,gone", (DEV,), ("gone",)),
        (" , ", (GENERAL,), ()),
    ],
)
def test_channels_are_chosen_by_name_or_id(option: str, places: tuple[Place, ...], missing: tuple[str, ...]) -> None:
    choice = choose(option, [GENERAL, DEV])
    assert (choice.places, choice.missing) == (places, missing)


def test_private_channel_is_none() -> None:
    assert slack_items.place({"id": "G1", "name": "team", "is_private": True}) is None
