"""Who reads reports in the admin, what goes on record, and what a superuser does not see."""

from collections.abc import Callable

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from portal.conduct.models import NamedPerson, Report, ReportNote, ReportView
from portal.members.models import Member, User
from tests.conduct.factories import SECRET, ReportFactory, chief, person, team_member
from tests.members.factories import UserFactory

pytestmark = pytest.mark.django_db
LIST = "/admin/conduct/report/"
SignIn = Callable[[Member | User | None], Client]


def detail(report: Report) -> str:
    return reverse("admin:conduct_report_change", args=[report.pk])


def verb(report: Report, name: str) -> str:
    return reverse(f"admin:conduct_report_{name}", args=[report.pk])


def cast(report: Report) -> dict[str, Member | User | None]:
    """Everybody; the reporter and the named person are of the team in one case each."""
    reporter, named_reader, team_reporter = person("Reporter"), team_member("Named"), team_member("Reports herself")
    Report.objects.filter(pk=report.pk).update(reporter=reporter)
    NamedPerson.objects.create(report=report, member=named_reader)
    own = ReportFactory(reporter=team_reporter)
    assert own.pk != report.pk
    staff = UserFactory(is_staff=True)
    staff.user_permissions.add(*Permission.objects.exclude(content_type__app_label="conduct"))
    return {
        "anonymous": None,
        "member": person("Member"),
        "reporter": reporter,
        "named reader": named_reader,
        "superuser": chief(),
        "other staff": staff,
        "reader without staff": team_member("Not staff", is_staff=False),
        "reader": team_member("Reader"),
    }


#: who -> (page, note, move, keep somebody out)
MATRIX = {
    "anonymous": 302,
    "member": 302,
    "reporter": 302,
    "named reader": 404,
    "superuser": 403,
    "other staff": 403,
    "reader without staff": 302,
    "reader": 200,
}


@pytest.mark.parametrize("who", MATRIX)
def test_page_of_a_report_opens_for_the_team_only(who: str, report: Report, signed_in: SignIn) -> None:
    client = signed_in(cast(report)[who])
    response = client.get(detail(report))
    assert response.status_code == MATRIX[who]
    assert (SECRET in response.content.decode()) == (who == "reader")
    assert ReportView.objects.count() == (1 if who == "reader" else 0)


@pytest.mark.parametrize("who", MATRIX)
def test_verbs_are_for_the_team_only(who: str, report: Report, signed_in: SignIn) -> None:
    client = signed_in(cast(report)[who])
    stranger = person("Stranger")
    expected = 302 if who == "reader" else MATRIX[who]
    posts = {
        "note": {"text": "A note"},
        "move": {"to": "triage", "expected": "received"},
        "keep_out": {"who": stranger.public_id},
    }
    for name, data in posts.items():
        assert client.post(verb(report, name), data).status_code == expected, name
    report.refresh_from_db()
    is_reader = who == "reader"
    assert report.state == ("triage" if is_reader else "received")
    assert ReportNote.objects.count() == (3 if is_reader else 0)
    assert NamedPerson.objects.filter(member=stranger).exists() is is_reader


@pytest.mark.parametrize("who", MATRIX)
def test_list_shows_what_the_reader_may_know_of(who: str, report: Report, signed_in: SignIn) -> None:
    client = signed_in(cast(report)[who])
    response = client.get(LIST)
    assert SECRET not in response.content.decode()
    names = str(report) in response.content.decode()
    assert names is (who == "reader")
    assert response.status_code == {"superuser": 200, "named reader": 200}.get(who, MATRIX[who])


def test_reporter_of_the_team_does_not_handle_their_own_report(signed_in: SignIn) -> None:
    reader = team_member("Reports herself")
    report = ReportFactory(reporter=reader)
    assert signed_in(reader).get(detail(report)).status_code == 404


def test_superuser_sees_numbers_until_they_join_the_team(report: Report, signed_in: SignIn, reader: Member) -> None:
    boss = chief()
    out = ReportFactory(state="triage")
    NamedPerson.objects.create(report=out, member=reader)
    page = signed_in(boss).get(LIST)
    assert page.context["counts"] == [
        ("received", 1),
        ("being looked at", 1),
        ("action taken", 0),
        ("no action", 0),
        ("closed", 0),
    ]
    assert (page.context["readers"], page.context["unread"]) == (1, 1)
    boss.groups.add(*reader.user.groups.all())
    assert signed_in(boss).get(detail(report)).status_code == 200


def test_admin_index_shows_the_section_to_team_and_superuser_only(report: Report, signed_in: SignIn) -> None:
    seen = {who: LIST in signed_in(user).get("/admin/").content.decode() for who, user in cast(report).items()}
    assert [who for who, is_shown in seen.items() if is_shown] == ["named reader", "superuser", "reader"]


@pytest.mark.parametrize("path", ["add/", "{pk}/delete/", "{pk}/history/", "{pk}/change/?_popup=1"])
@pytest.mark.parametrize("who", ["reader", "superuser"])
def test_no_other_way_in(path: str, who: str, report: Report, signed_in: SignIn) -> None:
    client = signed_in(cast(report)[who])
    response = client.post(LIST + path.format(pk=report.pk), {"post": "yes", "state": "closed"})
    assert response.status_code in {403, 404, 405}
    assert Report.objects.get(pk=report.pk).state == "received"


def test_list_is_not_searched(report: Report, reader: Member, signed_in: SignIn) -> None:
    page = signed_in(reader).get(LIST, {"q": SECRET})
    assert 'name="q"' not in page.content.decode()
    assert "/autocomplete/" not in page.content.decode()


def test_site_search_does_not_find_reports(report: Report, reader: Member, signed_in: SignIn) -> None:
    ReportFactory(subject_label=SECRET)
    for who in (None, reader):
        response = signed_in(who).get("/search/", {"q": SECRET})
        assert str(report) not in response.content.decode()


def test_each_opening_goes_on_record_and_nothing_else_changes(
    report: Report, reader: Member, signed_in: SignIn
) -> None:
    client = signed_in(reader)
    before = Report.objects.values().get(pk=report.pk)
    client.get(detail(report))
    page = client.get(detail(report))
    assert [(view.viewer, view.viewer_name) for view in ReportView.objects.all()] == [(reader.user, "Rosa Reader")] * 2
    assert Report.objects.values().get(pk=report.pk) == before
    assert ReportNote.objects.count() == 0
    assert page.content.decode().count("<td>Rosa Reader</td>") == 2


def test_list_goes_not_on_record(report: Report, reader: Member, signed_in: SignIn) -> None:
    signed_in(reader).get(LIST)
    assert ReportView.objects.count() == 0


@pytest.mark.parametrize("name", ["note", "move", "keep_out"])
def test_verbs_take_post_only(name: str, report: Report, reader: Member, signed_in: SignIn) -> None:
    assert signed_in(reader).get(verb(report, name)).status_code == 405


def test_move_on_an_old_page_says_so_and_keeps_the_note(report: Report, reader: Member, signed_in: SignIn) -> None:
    client = signed_in(reader)
    client.post(verb(report, "move"), {"to": "triage", "expected": "received"})
    page = client.post(verb(report, "move"), {"to": "triage", "expected": "received", "text": "My thoughts"})
    text = page.content.decode()
    assert "Somebody else moved this report meanwhile: look again." in text
    assert "My thoughts</textarea>" in text


def test_note_too_long_is_told_and_kept(report: Report, reader: Member, signed_in: SignIn) -> None:
    page = signed_in(reader).post(verb(report, "note"), {"text": "y" * 5_001})
    assert "This is 1 character too long: 5000 fit in." in page.content.decode()
    assert "y" * 5_001 in page.content.decode()
    assert ReportNote.objects.count() == 0


def test_unknown_person_is_told(report: Report, reader: Member, signed_in: SignIn) -> None:
    page = signed_in(reader).post(verb(report, "keep_out"), {"who": "nobody-at-all"})
    assert "Nobody here is called that." in page.content.decode()


def test_reader_who_keeps_themselves_out_lands_on_the_list(report: Report, reader: Member, signed_in: SignIn) -> None:
    client = signed_in(reader)
    response = client.post(verb(report, "keep_out"), {"who": reader.public_id})
    assert response["Location"] == LIST
    assert client.get(detail(report)).status_code == 404


def test_admin_log_stays_empty(report: Report, reader: Member, signed_in: SignIn) -> None:
    client = signed_in(reader)
    client.get(detail(report))
    client.post(verb(report, "note"), {"text": SECRET})
    client.post(verb(report, "move"), {"to": "triage", "expected": "received", "text": SECRET})
    assert LogEntry.objects.count() == 0


def test_markup_in_a_report_is_shown_as_text(reader: Member, signed_in: SignIn) -> None:
    report = ReportFactory(what_happened="<script>alert(1)</script>", subject_label="<b>who</b>")
    text = signed_in(reader).get(detail(report)).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "<b>who</b>" not in text


@pytest.mark.parametrize("number", [1, 20])
def test_list_takes_the_same_queries_whatever_its_length(
    number: int, reader: Member, signed_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(reader)
    ReportFactory.create_batch(number, assignee=reader.user)
    client.get(LIST)
    with django_assert_num_queries(9):
        client.get(LIST)


@pytest.mark.parametrize("number", [1, 20])
def test_page_takes_the_same_queries_whatever_happened(
    number: int, report: Report, reader: Member, signed_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(reader)
    for n in range(number):
        ReportNote.objects.create(report=report, author=reader.user, author_name="Rosa", text=f"Note {n}")
        NamedPerson.objects.create(report=report, member=person())
        client.get(detail(report))
    with django_assert_num_queries(12):
        client.get(detail(report))
