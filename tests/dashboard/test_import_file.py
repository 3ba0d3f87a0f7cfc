"""Files into a source: CSV, JSON lines and Slack exports, good and bad, once and twice, and beside an API's import."""

import io
import json
import struct
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from dashboard.models import Contribution, DeadLetter, Source, Stream
from tests.dashboard.factories import NOW, SourceFactory
from tests.dashboard.importers.slack_factories import fill, stored, truth, ts, work
from tests.upstreams.server import Server
from tests.upstreams.slack import SlackApp, SlackWorld

pytestmark = pytest.mark.django_db
HEADER = "external_id,kind,occurred_at,uid,username,channel,channel_name,title,likes\n"


def run(source: str, path: Path) -> tuple[str, str]:
    """The closing line and what was complained of."""
    out, err = io.StringIO(), io.StringIO()
    call_command("import_file", source, str(path), stdout=out, stderr=err)
    return out.getvalue().splitlines()[-1], err.getvalue()


def rows() -> list[tuple[Any, ...]]:
    found = Contribution.objects.filter(deleted_at=None).order_by("external_id")
    return list(found.values_list("external_id", "kind", "channel__key", "identity__uid", "title", "likes"))


@pytest.fixture
def source() -> Source:
    return SourceFactory(name="old", service="reddit", base_url="https://links.example", options={"subreddit": "x"})


def csv_file(folder: Path, *lines: str) -> Path:
    path = folder / "a.csv"
    path.write_text("\ufeff" + HEADER + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def test_csv_comes_in_and_again_changes_nothing(source, tmp_path):
    path = csv_file(
        tmp_path,
        'a:1,submission,2026-01-02T10:00:00Z,7,ada,c1,The channel,"A title, of\ntwo lines",3',
        "a:2,comment,2026-01-03,,,,,,",
    )
    assert run("old", path) == ("Imported “a.csv” into “old”: 2 new, 0 updated, 0 skipped, 0 rejected.", "")
    assert rows() == [
        ("a:1", "submission", "c1", "7", "A title, of two lines", 3),
        ("a:2", "comment", "file", f"deleted:{source.pk}", "", 0),
    ]
    assert run("old", path)[0] == "Imported “a.csv” into “old”: 0 new, 0 updated, 2 skipped, 0 rejected."
    assert source.channels.get(key="c1").name == "The channel"


def test_json_lines_come_in_and_the_same_record_in_csv_is_the_same(source, tmp_path):
    lines = tmp_path / "a.jsonl"
    lines.write_text(
        json.dumps({"external_id": "a:1", "kind": "comment", "occurred_at": "2026-01-02T10:00:00Z", "uid": 7,
                    "username": "ada", "likes": 3, "title": "T", "channel": "c1"}) + "\n\n"
    )  # fmt: skip
    assert run("old", lines)[0].endswith("1 new, 0 updated, 0 skipped, 0 rejected.")
    path = csv_file(tmp_path, "a:1,comment,2026-01-02T10:00:00Z,7,ada,c1,,T,3")
    assert run("old", path)[0].endswith("0 new, 0 updated, 1 skipped, 0 rejected.")


BAD_LINES = {
    "": None,
    '{"kind"': "Line 3: it is no JSON",
    "[1]": "Line 3: it is no object.",
    '{"kind": "comment", "occurred_at": "2026-01-02"}': "Line 3: “external_id” is missing.",
    '{"external_id": "x", "kind": "komment", "occurred_at": "2026-01-02"}': "Line 3: “kind” is none of issue, change,",
    '{"external_id": "x", "kind": "comment", "occurred_at": "soon"}': "Line 3: “occurred_at” is missing or no time.",
    '{"external_id": "x", "kind": "comment", "occurred_at": "2026-01-02", "url": "javascript:1"}': "“url” is no web",
    '{"external_id": "x", "kind": "comment", "occurred_at": "2026-01-02", "likes": -1}': "“likes” is no number",
    '{"external_id": "x", "kind": "comment", "occurred_at": "2026-01-02", "who": 1}': "there is no field “who”",
    '{"external_id": "x\\u0000y", "kind": "comment", "occurred_at": "2026-01-02"}': "“external_id” is no text of at",
    "[" * 3000: "Line 3: it is",
}


@pytest.mark.parametrize("line", BAD_LINES)
def test_bad_line_is_a_dead_letter_that_names_it_and_the_rest_comes(source, tmp_path, line):
    path, sentence = tmp_path / "a.jsonl", BAD_LINES[line]
    good = '{{"external_id": "a:{}", "kind": "comment", "occurred_at": "2026-01-02T10:00:00Z"}}\n'
    path.write_text(good.format(1) + "\n" + line + "\n" + good.format(2))
    for _ in range(2):
        closing, complaint = run("old", path)
    assert [row[0] for row in rows()] == ["a:1", "a:2"]
    assert closing.endswith(f"{0 if sentence is None else 1} rejected.")
    assert (sentence or "") in complaint
    assert DeadLetter.objects.count() == (0 if sentence is None else 1)
    assert not Stream.objects.filter(is_enabled=True).exists()


def test_random_bytes_are_dead_letters_or_a_sentence(source, tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_bytes(bytes(range(256)) * 20)
    assert "rejected" in run("old", path)[0]
    assert rows() == []


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.csv", b"", "The first line has no column “external_id”"),
        ("a.csv", b"external_id,kind\n", "The first line has no column “occurred_at”"),
        ("a.csv", b"external_id,kind,occurred_at,mail\n", "There is no column “mail”"),
        ("a.csv", HEADER.encode() + b'a:1,"comment\n', "is broken (unexpected end of data)"),
        ("a.csv", HEADER.encode() + b"x" * 2_000_000, "Line 2 is longer than 1 MB"),
        ("a.jsonl", b"x" * 2_000_000, "Line 1 is longer than 1 MB"),
        ("a.xlsx", b"x", "“a.xlsx” ends in neither .csv nor .jsonl"),
        ("a.zip", b"x", "A zip is a Slack export"),
    ],
)
def test_file_that_cannot_be_read_says_why(source, tmp_path, name, content, sentence):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(CommandError, match=r"\.|:|”") as raised:
        run("old", path)
    assert sentence in str(raised.value)


def test_unknown_source_and_file_are_told(source, tmp_path):
    with pytest.raises(CommandError, match="There is no source “new” \\(known: old\\)"):
        run("new", tmp_path)
    with pytest.raises(CommandError, match="There is no file"):
        run("old", tmp_path / "none.csv")


# Slack exports.


@pytest.fixture
def world() -> SlackWorld:
    world = SlackWorld()
    for name in ("ada", "grace"):
        world.add_person(name)
    fill(world, world.add_channel("general"), 40)
    fill(world, world.add_channel("dev"), 10, seed=2)
    return world


@pytest.fixture
def chat() -> Source:
    return SourceFactory(name="chat", service="slack", base_url="https://slack.com/api", options={})


def export(folder: Path, world: SlackWorld, *, root: str = "", **extra: bytes | str) -> Path:
    """The workspace as Slack exports it: replies stand among the messages of their own day."""
    path = folder / "export.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr(f"{root}channels.json", json.dumps(list(world.channels.values())))
        zipped.writestr(f"{root}users.json", json.dumps(list(world.people.values())))
        zipped.writestr(f"{root}dms.json", json.dumps([{"id": "D1", "members": []}]))
        for key, channel in world.channels.items():
            days: dict[str, list[Any]] = {}
            for item in world.messages[key]:
                day = (NOW - timedelta(seconds=NOW.timestamp() - float(item["ts"]))).date().isoformat()
                days.setdefault(day, []).append(item)
            for day, items in days.items():
                zipped.writestr(f"{root}{channel['name']}/{day}.json", json.dumps(items))
        for name, content in extra.items():
            zipped.writestr(name, content)
    return path


@pytest.mark.parametrize("root", ["", "Acme export/"])
def test_slack_export_comes_in_and_again_changes_nothing(chat, world, tmp_path, root):
    path = export(tmp_path, world, root=root)
    assert run("chat", path) == (
        f"Imported “export.zip” into “chat”: {len(truth(world))} new, 0 updated, 0 skipped, 0 rejected.",
        "",
    )
    assert stored(chat) == truth(world)
    assert set(chat.channels.values_list("key", "name")) == {("C00000001", "#general"), ("C00000002", "#dev")}
    assert run("chat", path)[0].endswith(f": 0 new, 0 updated, {len(truth(world))} skipped, 0 rejected.")


@pytest.fixture
def server(world: SlackWorld) -> Iterator[Server]:
    with Server({"": SlackApp(world)}) as running:
        yield running


def test_export_and_api_meet_in_the_same_rows(world, server, tmp_path):
    chat = SourceFactory(name="chat", service="slack", base_url=server.url(), options={})
    path = export(tmp_path, world)
    work(chat, server)
    assert run("chat", path)[0].endswith(f": 0 new, 0 updated, {len(truth(world))} skipped, 0 rejected.")
    gone = next(one for one in world.messages["C00000002"] if "thread_ts" not in one)
    world.delete("C00000002", gone["ts"])
    work(chat, server, now=NOW + timedelta(hours=1))
    assert run("chat", path)[0].endswith(f": 0 new, 0 updated, {len(truth(world)) + 1} skipped, 0 rejected.")
    assert stored(chat) == truth(world)  # deleted at Slack since the export was made: stays deleted


def test_export_first_and_the_api_after_it_give_the_same(world, server, tmp_path):
    chat = SourceFactory(name="chat", service="slack", base_url=server.url(), options={})
    run("chat", export(tmp_path, world))
    world.say("C00000001", "U00000001", ts(-0.01))
    assert work(chat, server).n_new == 1
    assert stored(chat) == truth(world)


def test_export_brings_only_the_channels_of_the_source(world, tmp_path):
    chat = SourceFactory(name="chat", service="slack", base_url="https://slack.com/api", options={"channels": "dev,x"})
    closing, complaint = run("chat", export(tmp_path, world))
    assert set(chat.channels.values_list("name", flat=True)) == {"#dev"}
    assert complaint == "The export holds no channel x.\n"
    assert closing.endswith("0 rejected.")


def test_broken_days_of_an_export_are_dead_letters(chat, world, tmp_path):
    bad = {
        "general/2020-01-01.json": "{",
        "general/2020-01-02.json": "{}",
        "general/2020-01-03.json": "[" * 100_000,
        "general/2020-01-04.json": json.dumps([{"type": "message", "ts": 7, "user": "U1"}]),
        "general/2020-01-05.json": b"\xff\xfe\x00",
        "../general/2020-01-06.json": json.dumps([{"type": "message", "ts": ts(1), "user": "UEVIL"}]),
        "/etc/general/2020-01-07.json": json.dumps([{"type": "message", "ts": ts(1), "user": "UEVIL"}]),
        "secret/2020-01-08.json": json.dumps([{"type": "message", "ts": ts(1), "user": "UEVIL"}]),
    }
    closing, complaint = run("chat", export(tmp_path, world, **bad))
    assert closing.endswith("5 rejected.")
    assert complaint.startswith("general/2020-01-05.json: it is broken")
    assert stored(chat) == truth(world)


def test_zip_bomb_is_stopped_at_the_limit(chat, world, tmp_path, monkeypatch):
    path = export(tmp_path, world, **{"general/2020-01-01.json": b"[" + b" " * (70 * 1024 * 1024) + b"]"})
    closing, complaint = run("chat", path)
    assert closing.endswith("1 rejected.")
    assert "general/2020-01-01.json: it is larger than 64 MB." in complaint
    monkeypatch.setattr("dashboard.importers.slack_export.TOTAL_LIMIT", 1_000_000)
    with pytest.raises(CommandError, match="unpacks to more than"):
        run("chat", path)


def test_zip_that_is_none_says_so(chat, world, tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(b"PK\x03\x04 no zip")
    with pytest.raises(CommandError, match=r"“a\.zip” is no zip file, or a broken one"):
        run("chat", path)
    with zipfile.ZipFile(path, "w") as zipped:
        zipped.writestr("readme.txt", "hello")
    with pytest.raises(CommandError, match=r"holds no channels\.json: is it a Slack export"):
        run("chat", path)
    with zipfile.ZipFile(path, "w") as zipped:
        zipped.writestr("channels.json", "{")
    with pytest.raises(CommandError, match=r"channels\.json in the zip cannot be read: it is broken"):
        run("chat", path)


def test_damaged_and_locked_zip_says_so(chat, world, tmp_path):
    path = export(tmp_path, world)
    content = bytearray(path.read_bytes())
    spot = content.index(b"general/") + 40
    content[spot : spot + 8] = bytes(8)
    path.write_bytes(content)
    assert run("chat", path)[0].endswith("1 rejected.")
    start = content.index(b"PK\x01\x02")
    content[start + 8 : start + 10] = struct.pack("<H", 1)
    path.write_bytes(content)
    with pytest.raises(CommandError, match="locked with a password"):
        run("chat", path)


def test_import_file_stopped_in_the_middle_goes_on(source, tmp_path, monkeypatch):
    path = csv_file(tmp_path, *(f"a:{n},comment,2026-01-02T10:00:00Z,7,ada,c1,,," for n in range(2500)))
    monkeypatch.setattr("dashboard.management.progress.ImportDisplay.show", _stop)
    with pytest.raises(CommandError, match=r"Stopped\. What was read is stored"):
        run("old", path)
    assert Contribution.objects.count() == 1000
    monkeypatch.undo()
    assert run("old", path)[0].endswith("1500 new, 0 updated, 1000 skipped, 0 rejected.")


def _stop(*_: Any) -> None:
    raise KeyboardInterrupt
