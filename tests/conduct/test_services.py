"""Taking in, moving and noting; who gets a mail; what the database itself refuses."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from django.contrib.auth.models import AnonymousUser, Permission
from django.core import mail as sent
from django.db import IntegrityError, connection, transaction

from portal.conduct import services
from portal.conduct.models import NamedPerson, Report, ReportNote, ReportView
from portal.conduct.team import is_reader, team
from portal.conduct.transitions import REPORT, TEAM
from portal.jobs.transitions import MoveRefused
from portal.mail.models import Message
from portal.mail.services import send
from portal.members.models import Member, User
from portal.members.services import merge_members
from tests.conduct.factories import SECRET, ReportFactory, chief, person, team_member
from tests.members.factories import MemberFactory, UserFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
STATES = list(Report.State.values)
MOVES = {
    ("received", "triage"),
    ("triage", "action"),
    ("triage", "none"),
    ("action", "closed"),
    ("none", "closed"),
    ("action", "triage"),
    ("none", "triage"),
    ("closed", "triage"),
}


def receive(**values: object) -> Report:
    return services.receive_report(what_happened=f"There was a {SECRET}.", now=NOW, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize("source", STATES)
@pytest.mark.parametrize("target", STATES)
def test_moves_are_those_of_the_table(source: str, target: str, reader: Member) -> None:
    report = ReportFactory(state=source)
    if (source, target) in MOVES:
        note = services.move_report(report=report, to=target, actor=reader.user, now=NOW, note="Why")
        assert (note.from_state, note.to_state, note.text, note.author_name) == (source, target, "Why", "Rosa Reader")
    else:
        with pytest.raises(MoveRefused) as refused:
            services.move_report(report=report, to=target, actor=reader.user, now=NOW)
        assert refused.value.reason == "state"
    report.refresh_from_db()
    assert report.state == (target if (source, target) in MOVES else source)
    assert set(REPORT.moves) == MOVES
    assert set(REPORT.moves.values()) == {frozenset({TEAM})}


def test_who_takes_a_report_is_its_assignee(report: Report, reader: Member) -> None:
    services.move_report(report=report, to="triage", actor=reader.user, now=NOW)
    report.refresh_from_db()
    assert (report.assignee, report.changed_at) == (reader.user, NOW)


def test_move_from_another_state_than_seen_is_refused(report: Report, reader: Member) -> None:
    Report.objects.filter(pk=report.pk).update(state="triage")
    with pytest.raises(MoveRefused, match="Somebody else moved"):
        services.move_report(report=report, to="action", actor=reader.user, now=NOW, expected="received")


@pytest.mark.parametrize("who", ["named", "stranger", "superuser"])
def test_services_refuse_whom_the_report_does_not_exist_for(who: str, report: Report) -> None:
    named = team_member("Named")
    NamedPerson.objects.create(report=report, member=named)
    user = {"named": named.user, "stranger": person().user, "superuser": chief()}[who]
    for call in (
        lambda: services.move_report(report=report, to="triage", actor=user, now=NOW),
        lambda: services.add_note(report=report, actor=user, text="x", now=NOW),
        lambda: services.keep_out(report=report, member=person(), actor=user, now=NOW),
    ):
        with pytest.raises(MoveRefused) as refused:
            call()
        assert refused.value.reason == "actor"
    assert (ReportNote.objects.count(), report.named.count()) == (0, 1)


def test_keeping_out_takes_the_report_from_its_assignee(report: Report, reader: Member) -> None:
    bea = team_member("Bea")
    services.move_report(report=report, to="triage", actor=bea.user, now=NOW)
    assert services.keep_out(report=report, member=bea, actor=reader.user, now=NOW) is True
    assert services.keep_out(report=report, member=bea, actor=reader.user, now=NOW) is False
    report.refresh_from_db()
    assert report.assignee is None
    assert [note.text for note in report.notes.all()] == ["", "Kept out: Bea."]


def test_team_is_made_of_those_who_were_given_the_permission() -> None:
    alone = UserFactory(is_staff=True)
    alone.user_permissions.add(Permission.objects.get(content_type__app_label="conduct", codename="view_report"))
    rosa, gone, plain = team_member(), team_member(is_active=False), team_member(is_staff=False)
    assert set(team()) == {alone, rosa.user}
    out = (chief(), gone.user, plain.user, person().user, AnonymousUser())
    assert [is_reader(user) for user in out] == [False] * 5


def test_no_other_permission_can_be_given() -> None:
    given = Permission.objects.filter(content_type__app_label="conduct").values_list("codename", flat=True)
    assert list(given) == ["view_report"]


def test_new_report_is_mailed_to_those_who_may_read_it_without_content(reader: Member) -> None:
    named, reporter = team_member("Named"), team_member("Reporter")
    person("Stranger")
    chief()
    report = receive(keep_out=[named], reporter=reporter, subject_label=SECRET, when_where=SECRET, contact=SECRET)
    message = Message.objects.get()
    assert (message.kind, message.address) == ("report_received", reader.user.email)
    assert message.context == {"url": f"http://localhost:8000/admin/conduct/report/{report.pk}/change/"}
    assert send(message, now=NOW) is True
    body = sent.outbox[0].subject + sent.outbox[0].body
    assert message.context["url"] in body
    assert SECRET not in body


def test_report_that_nobody_may_read_is_told_to_the_site(reader: Member, settings) -> None:
    receive(keep_out=[reader])
    message = Message.objects.get()
    assert (message.kind, message.address) == ("report_without_reader", settings.COMMUNITY.contact_email)
    assert send(message, now=NOW) is True
    assert "http://localhost:8000/admin/conduct/report/\n" in sent.outbox[0].body
    assert SECRET not in sent.outbox[0].body


def test_profile_of_a_merged_person_keeps_out_who_they_became(reader: Member) -> None:
    gone = MemberFactory()
    url = gone.get_absolute_url()
    merge_members(kept=reader, gone=gone, reason="same person")
    report = receive(subject_url=url)
    assert Report.objects.visible_to(reader.user).filter(pk=report.pk).exists() is False


def test_named_person_stays_out_when_they_are_merged_into_a_reader(report: Report, reader: Member) -> None:
    gone = MemberFactory()
    NamedPerson.objects.create(report=report, member=gone)
    assert Report.objects.visible_to(reader.user).count() == 1
    merge_members(kept=reader, gone=gone, reason="same person")
    assert Report.objects.visible_to(reader.user).count() == 0


def test_text_says_nothing_of_the_report(report: Report) -> None:
    assert str(report) == f"Report {str(report.public_id)[:8]}"


def test_notes_and_views_are_only_ever_added_to(report: Report, reader: Member) -> None:
    note = services.add_note(report=report, actor=reader.user, text="First", now=NOW)
    view = services.open_report(report=report, viewer=reader.user, now=NOW)
    for change in (
        lambda: ReportNote.objects.filter(pk=note.pk).update(text="Other"),
        lambda: ReportNote.objects.filter(pk=note.pk).delete(),
        lambda: ReportView.objects.filter(pk=view.pk).update(viewer_name="Other"),
        lambda: ReportView.objects.filter(pk=view.pk).update(viewer=person().user),
        lambda: ReportView.objects.filter(pk=view.pk).delete(),
    ):
        with pytest.raises(IntegrityError, match="only ever added"), transaction.atomic():
            change()
    assert ReportNote.objects.get().text == "First"


def test_record_outlives_the_account(report: Report, reader: Member) -> None:
    services.add_note(report=report, actor=reader.user, text="First", now=NOW)
    services.open_report(report=report, viewer=reader.user, now=NOW)
    reader.user.delete()
    assert (ReportNote.objects.get().author, ReportNote.objects.get().author_name) == (None, "Rosa Reader")
    assert (ReportView.objects.get().viewer, ReportView.objects.get().viewer_name) == (None, "Rosa Reader")


@pytest.mark.parametrize(("field", "value"), [("state", "elsewhere"), ("what_happened", "")])
def test_database_refuses_reports_that_make_no_sense(field: str, value: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ReportFactory(**{field: value})


@pytest.mark.django_db(transaction=True)
def test_report_is_taken_by_one_of_two_who_press_at_once(report: Report) -> None:
    both = [team_member("Rosa").user, team_member("Bea").user]
    start = Barrier(2)

    def take(user: User) -> str:
        try:
            start.wait(10)
            services.move_report(report=report, to="triage", actor=user, now=NOW, expected="received")
            return "taken"
        except MoveRefused as refused:
            return refused.reason
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(take, both)) == ["state", "taken"]
    assert ReportNote.objects.count() == 1
