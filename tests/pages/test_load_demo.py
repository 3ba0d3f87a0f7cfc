"""What the command says: a bar on a terminal, plain lines elsewhere, the sign-ins, one closing line."""

from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from portal.pages.demo import loading, signins


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def _loads(monkeypatch: pytest.MonkeyPatch) -> None:
    """The loading itself is tested elsewhere and takes seconds."""

    def load(*, today: date, progress: loading.Progress, **rest: Any) -> loading.Loaded:
        progress(0.0, "Looking at the database")
        progress(0.5, "Storing demo-code thing/docs")
        progress(1.0, f"Done with {today}")
        return loading.Loaded(1000, 48, 680, 39_512, [signins.Signin("admin", "admin@demo.example", "abcd-efgh")])

    monkeypatch.setattr(loading, "load", load)


@pytest.mark.usefixtures("_loads")
def test_load_demo_writes_plain_lines_for_logs() -> None:
    out = StringIO()
    call_command("load_demo", "--today", "2026-11-24", stdout=out)
    lines = out.getvalue().splitlines()
    assert lines[:3] == [
        "  0% Looking at the database",
        "100% Done with 2026-11-24",
        "  admin      admin@demo.example  abcd-efgh",
    ]
    assert len(lines) == 4
    assert lines[3].startswith("Demo loaded in ")
    assert lines[3].endswith(
        "1,000 people, 48 groups, 680 events, 39,512 contributions; sign in with the addresses above."
    )


@pytest.mark.usefixtures("_loads")
def test_load_demo_shows_a_bar_on_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    out = Terminal()
    call_command("load_demo", "--today", "2026-11-24", stdout=out)
    assert "Looking at the database" not in out.getvalue()
    assert "Demo loaded in" in out.getvalue()
    assert "Done with 2026-11-24" in capsys.readouterr().out
