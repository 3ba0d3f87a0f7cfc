"""Sending a report: with and without an account, what is kept, what is refused, and that nothing typed is lost."""

import logging
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from redis.exceptions import ConnectionError as CacheAway

from portal.conduct import spam
from portal.conduct.models import NamedPerson, Report, ReportView
from portal.mail.models import Message
from portal.members.models import Member
from tests.conduct.factories import SECRET, person, team_member
from tests.meetups.factories import EventFactory, GroupFactory

pytestmark = pytest.mark.django_db
URL, THANKS = "/conduct/report/", "/conduct/report/thanks/"


def test_report_is_taken_without_an_account(client, filled) -> None:
    page = client.get(URL)
    assert page.status_code == 200
    assert "is_anonymous" not in page.context["form"].fields
    response = client.post(URL, filled(when_where="Tuesday", subject_label="A guest", contact="ann@example.org"))
    assert (response.status_code, response["Location"]) == (302, THANKS)
    report = Report.objects.get()
    assert (report.what_happened, report.when_where) == (f"There was a {SECRET}.", "Tuesday")
    assert (report.subject_label, report.contact) == ("A guest", "ann@example.org")
    assert (report.reporter, report.state) == (None, "received")


def test_report_of_a_member_carries_their_name(signed_in, filled) -> None:
    ann = person("Ann")
    signed_in(ann).post(URL, filled())
    assert Report.objects.get().reporter == ann


def rows_with(*needles: str) -> list[str]:
    """Tables in which one of the texts stands anywhere."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            name = connection.ops.quote_name(table)
            for needle in needles:
                cursor.execute(f"SELECT 1 FROM {name} t WHERE t::text LIKE %s LIMIT 1", [f"%{needle}%"])  # noqa: S608
                if cursor.fetchone():
                    found.append(table)
    return found


def test_report_without_a_name_leads_to_no_account(signed_in, filled, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    team_member()
    ann = person("Ann", email="ann.secretive@example.org")
    client = signed_in(ann)
    before = {row.pk: (row.session_data, row.expire_date) for row in Session.objects.all()}
    client.post(URL, filled(is_anonymous="on"), REMOTE_ADDR="203.0.113.77")
    report = Report.objects.get()
    assert report.reporter is None
    assert NamedPerson.objects.count() == 0
    assert rows_with("203.0.113.77") == []
    assert sorted(rows_with("ann.secretive")) == ["account_emailaddress", "members_user"]
    assert {row.pk: (row.session_data, row.expire_date) for row in Session.objects.all()} == before
    assert "ann.secretive" not in caplog.text
    assert "203.0.113.77" not in caplog.text
    assert SECRET not in caplog.text


def test_report_of_a_signed_out_reader_keeps_no_address(client, filled) -> None:
    client.post(URL, filled(), REMOTE_ADDR="203.0.113.77")
    assert Report.objects.count() == 1
    assert rows_with("203.0.113.77") == []


def test_report_stands_in_its_own_table_only(signed_in, filled) -> None:
    team_member()
    signed_in(person("Ann")).post(URL, filled(when_where=SECRET, contact=SECRET, subject_label=SECRET))
    assert set(rows_with(SECRET)) == {"conduct_report"}
    assert Message.objects.count() == 1
    assert LogEntry.objects.count() == 0


@pytest.mark.parametrize(
    ("about", "shown"),
    [
        ("/meetups/leipzig/", "/meetups/leipzig/"),
        ("http://localhost:8000/partners/?page=2#top", "/partners/"),
        ("https://evil.example/", ""),
        ("//evil.example/", ""),
        ("http://localhost:8000//evil.example/", ""),
        ("http://localhost:8000.evil.example/", ""),
        ("/\\evil.example", ""),
        ("javascript:alert(1)", ""),
        ("/" + "x" * 400, ""),
        ("", ""),
    ],
)
def test_about_fills_the_subject_for_local_paths_only(client, about: str, shown: str) -> None:
    assert client.get(URL, {"about": about}).context["form"]["subject_url"].value() == shown


def test_subject_is_read_from_the_path(client, filled) -> None:
    ann = person("Ann")
    client.post(URL, filled(subject_url=ann.get_absolute_url()))
    report = Report.objects.get()
    assert (report.subject_type, report.subject_key) == ("member", ann.public_id)
    assert [one.member for one in report.named.all()] == [ann]


def test_subject_elsewhere_is_refused_with_a_sentence(client, filled) -> None:
    page = client.post(URL, filled(subject_url="https://evil.example/"))
    assert "This is no page of this site" in page.content.decode()
    assert Report.objects.count() == 0


def test_get_of_the_pages_changes_nothing(client) -> None:
    for path in (URL, URL + "?about=/meetups/", THANKS):
        assert client.get(path).status_code == 200
    assert (Report.objects.count(), ReportView.objects.count(), Message.objects.count()) == (0, 0, 0)


def test_pages_are_not_stored(client) -> None:
    assert "no-store" in client.get(URL)["Cache-Control"]


def test_thanks_say_what_happens_next(client) -> None:
    text = client.get(THANKS).content.decode()
    assert "Within 24 hours" in text
    assert "seven days to answer" in text


def test_thanks_take_no_post(client) -> None:
    assert client.post(THANKS).status_code == 405


def test_nul_bytes_are_told_and_taken_out(client, filled) -> None:
    page = client.post(URL, filled(what_happened="be\x00fore", when_where="here"))
    assert page.context["form"].errors["what_happened"] == [
        "There are characters in here that cannot be kept. Type this part again."
    ]
    assert "before" in page.content.decode()
    assert 'value="here"' in page.content.decode()
    assert Report.objects.count() == 0


def test_too_long_text_is_told_and_kept(client, filled) -> None:
    text = "x" * 5_003
    page = client.post(URL, filled(what_happened=text, contact="ann@example.org"))
    assert page.context["form"].errors["what_happened"] == ["This is 3 characters too long: 5000 fit in."]
    assert text in page.content.decode()
    assert "ann@example.org" in page.content.decode()
    assert Report.objects.count() == 0


def test_line_ends_count_once(client, filled) -> None:
    client.post(URL, filled(what_happened="x" * 4_998 + "\r\ny"))
    assert Report.objects.get().what_happened == "x" * 4_998 + "\ny"


@pytest.mark.parametrize("field", ["when_where", "subject_label", "subject_url", "contact"])
def test_long_lines_are_told(field: str, client, filled) -> None:
    page = client.post(URL, filled(**{field: "/" + "x" * 300}))
    assert page.context["form"].errors[field] == ["This is 1 character too long: 300 fit in."]


def test_empty_report_is_told(client, filled) -> None:
    page = client.post(URL, filled(what_happened=" \n"))
    assert page.context["form"].errors["what_happened"] == ["Write what happened; one sentence is enough."]


def test_trap_stops_a_program_and_keeps_the_text(client, filled) -> None:
    page = client.post(URL, filled(website="https://spam.example"))
    form = page.context["form"]
    assert len(form.non_field_errors()) == 1
    assert form["website"].value() == ""
    assert form["what_happened"].value() == f"There was a {SECRET}."
    assert Report.objects.count() == 0


@pytest.mark.parametrize(("seconds", "kept"), [(0, 0), (2, 0), (4, 1)])
def test_form_is_open_for_three_seconds_at_least(seconds: int, kept: int, client, filled) -> None:
    stamp = spam.opened_stamp(timezone.now() - timedelta(seconds=seconds))
    page = client.post(URL, filled(opened=stamp))
    assert Report.objects.count() == kept
    if not kept:
        assert page.context["form"]["opened"].value() == stamp


@pytest.mark.parametrize("stamp", ["", "forged", "MTc2:forged:stamp"])
def test_forged_stamp_is_renewed_and_nothing_kept(stamp: str, client, filled) -> None:
    page = client.post(URL, filled(opened=stamp))
    assert Report.objects.count() == 0
    assert spam.seconds_open(page.context["form"]["opened"].value(), now=timezone.now()) is not None


def test_stamp_of_yesterday_is_renewed(client, filled) -> None:
    old = spam.opened_stamp(timezone.now() - timedelta(hours=25))
    page = client.post(URL, filled(opened=old))
    assert Report.objects.count() == 0
    assert page.context["form"]["opened"].value() != old


def test_sixth_report_in_an_hour_is_held_back_and_kept_on_the_page(client, filled) -> None:
    for _ in range(5):
        assert client.post(URL, filled()).status_code == 302
    page = client.post(URL, filled(what_happened="The sixth one."))
    assert page.status_code == 429
    assert "The sixth one." in page.content.decode()
    assert client.post(URL, filled(), REMOTE_ADDR="203.0.113.9").status_code == 302
    assert Report.objects.count() == 6


def test_mistakes_do_not_count_against_the_limit(client, filled) -> None:
    for _ in range(8):
        client.post(URL, filled(what_happened=""))
    assert client.post(URL, filled()).status_code == 302


def test_reports_are_taken_while_the_cache_is_away(client, filled, caplog) -> None:
    with patch("portal.conduct.spam.cache.add", side_effect=CacheAway("no cache")):
        for _ in range(6):
            assert client.post(URL, filled()).status_code == 302
    assert Report.objects.count() == 6
    assert "127.0.0.1" not in caplog.text


def test_post_without_a_token_is_refused(filled) -> None:
    from django.test import Client

    assert Client(enforce_csrf_checks=True).post(URL, filled()).status_code == 403
    assert Report.objects.count() == 0


def test_reporter_ticks_who_of_the_team_is_kept_out(client, filled) -> None:
    rosa, bea = team_member("Rosa"), team_member("Bea")
    hidden = team_member("Hidden")
    Member.objects.filter(pk=hidden.pk).update(visibility=Member.Visibility.HIDDEN)
    person("Stranger")
    shown = client.get(URL).context["form"].fields["keep_out"].queryset
    assert list(shown) == [bea, rosa]
    client.post(URL, filled(keep_out=[rosa.pk]))
    assert [one.member for one in Report.objects.get().named.all()] == [rosa]


def test_reporter_cannot_name_people_outside_the_team(client, filled) -> None:
    team_member("Rosa")
    page = client.post(URL, filled(keep_out=[person("Stranger").pk]))
    assert list(page.context["form"].errors) == ["keep_out"]


@pytest.mark.parametrize(("words", "is_kept_out"), [("it was rosa reader!", True), ("Rosa Readerson", False)])
def test_team_members_named_in_the_subject_are_kept_out(words: str, is_kept_out: bool, client, filled, reader) -> None:
    client.post(URL, filled(subject_label=words))
    assert Report.objects.get().named.filter(member=reader).exists() is is_kept_out


def test_every_page_leads_to_the_form(client) -> None:
    for name in ("pages:home", "meetups:group_list", "account_login", "conduct:report"):
        assert f'href="{URL}"' in client.get(reverse(name)).content.decode(), name


def test_group_event_and_profile_lead_to_the_form_with_their_address(client) -> None:
    event = EventFactory(group=GroupFactory())
    for one in (event, event.group, person("Ann")):
        link = f'href="{URL}?about={one.get_absolute_url()}"'
        assert link in client.get(one.get_absolute_url()).content.decode()
