"""Dated affiliations from a file: shown first, then saved; a person's own word stands."""

from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from dashboard.services.store import store
from portal.members.models import Affiliation, Identity, Member
from portal.members.services.affiliation_files import read_affiliations
from tests.dashboard.factories import NOW, ChannelFactory, at, record
from tests.members.factories import AffiliationFactory, IdentityFactory, MemberFactory, UserFactory
from tests.members.rows import changes

pytestmark = pytest.mark.django_db

URL = reverse("affiliation_file")
HEAD = "handle,organisation,from,to\n"


@pytest.fixture
def team(client: Client) -> Client:
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client


def worker(handle: str) -> Member:
    """Somebody with accepted work on 2 March and 2 May 2026."""
    channel = ChannelFactory()
    rows = [
        record(
            f"{handle}{month}", who=handle, occurred_at=at(date(2026, month, 1)), credited_at=at(date(2026, month, 2))
        )
        for month in (3, 5)
    ]
    store(source=channel.source, channel=channel, records=rows, now=NOW)
    member = Identity.objects.get(uid=handle).member
    Member.objects.filter(pk=member.pk).update(handle=handle)
    return member


def jobs(member: Member) -> list[tuple]:
    rows = member.affiliations.shown().order_by("days").select_related("organisation")
    return [(r.organisation.name, r.days.lower, r.days.upper, r.source, r.confirmed_at is not None) for r in rows]


def test_the_file_is_shown_with_its_effect_and_saved_on_the_second_post(team: Client):
    ada = worker("ada")
    text = HEAD + "@Ada,Casa Norte,2026-01-01,2026-03-31\nada,Agency,2026-04-01,\nnobody,Agency,,\n"
    page = team.post(URL, {"file": SimpleUploadedFile("a.csv", text.encode())})
    preview = page.context["preview"]
    assert (preview.counts, preview.contributions, preview.accepted) == ({"new": 2, "problem": 1}, 2, 2)
    assert preview.months == [date(2026, 3, 1), date(2026, 5, 1)]
    assert "Nobody here has this handle." in page.content.decode()
    assert not Affiliation.objects.exists()
    team.post(URL, {"text": text, "save": "1"})
    assert jobs(ada) == [
        ("Casa Norte", date(2026, 1, 1), date(2026, 4, 1), "team", False),
        ("Agency", date(2026, 4, 1), None, "team", False),
    ]
    assert changes(ada) == [(ada.pk, "affiliation")]
    again = team.post(URL, {"text": text}).context["preview"]
    assert again.counts == {"same": 2, "problem": 1}
    team.post(URL, {"text": HEAD + "ada,Agency,2026-05-01,\n", "save": "1", "has_their_word": "on"})
    assert jobs(ada)[1] == ("Agency", date(2026, 5, 1), None, "team", True)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("ada,Other,2025-01-01,", "The person says otherwise: Casa Norte. Their word stands."),
        ("ada,Casa Norte,2025-01-01,", "The person says otherwise: Casa Norte. Their word stands."),
        ("twin,Other,,", "Several members have this handle"),
        ("ada,Other,2020-02-31,", "“2020-02-31” is no day"),
        ("ada,Other,2020-02-02,2020-01-01", "The last day is before the first one."),
        ("ada,Other,2020-01-01,2020-03-01\nada,Third,2020-03-01,2020-04-01", "overlap with another line"),
        ("ada,,,", "It needs a handle and an organisation"),
        ("ada,Other", "It needs a handle and an organisation"),
    ],
)
def test_a_line_that_cannot_be_taken_says_why(line: str, sentence: str):
    ada = MemberFactory(handle="ada")
    AffiliationFactory(member=ada, organisation__name="Casa Norte", from_on=date(2024, 1, 1))
    MemberFactory(handle="twin")
    IdentityFactory(username="Twin")
    assert sentence in " ".join(row.problem for row in read_affiliations(HEAD + line))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b"name,company\n", "handle, organisation, from, to"),
        (b"\xff\xfe\x00", "no text in UTF-8"),
        (b'handle,organisation,from,to\n"a', "Line 2 is broken"),
    ],
)
def test_what_is_no_such_file_is_refused_with_a_sentence(team: Client, content: bytes, sentence: str):
    upload = SimpleUploadedFile("a.csv", content)
    page = team.post(URL, {"file": upload})
    assert sentence in " ".join(page.context["form"].errors["file"])


def test_strangers_and_staff_without_the_right_are_kept_out(client: Client):
    client.force_login(UserFactory(is_staff=True))
    assert client.post(URL, {"text": HEAD, "save": "1"}).status_code == 403
    client.force_login(UserFactory())
    assert client.post(URL, {"text": HEAD, "save": "1"}).status_code == 302


def test_the_command_saves_only_when_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    ada = worker("ada")
    path = tmp_path / "a.csv"
    path.write_text(HEAD + "ada,Casa Norte,2026-01-01,\n")
    call_command("import_affiliations", str(path))
    assert "in these months: 2026-03, 2026-05.\nNothing was saved" in capsys.readouterr().out
    assert jobs(ada) == []
    call_command("import_affiliations", str(path), "--save", "--confirmed")
    assert "1 affiliations saved, 0 lines left out." in capsys.readouterr().out
    assert jobs(ada) == [("Casa Norte", date(2026, 1, 1), None, "team", True)]
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_affiliations", str(tmp_path / "none.csv"))
