"""Applications: bounds of answers, what the team may not read yet, and forms that are sent twice."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from meetups import application_page
from meetups.forms.applications import InterestForm, LaunchForm
from meetups.models import Application, Group
from meetups.services import applications, drafts, founding, readiness
from portal.jobs.transitions import MoveRefused
from portal.members.models import Member
from tests.meetups.factories import ApplicationFactory, GroupFactory, application_in, person, ready_application
from tests.members.factories import AffiliationFactory

pytestmark = pytest.mark.django_db


def launch(application: Application, day: object) -> dict:
    return dict(LaunchForm({"launch_on": str(day)}, application=application).errors)


def test_launch_lies_within_two_years() -> None:
    application, today = Application(time_zone="UTC"), timezone.localdate()
    assert launch(application, today + timedelta(days=731)) == {}
    assert "more than two years away" in str(launch(application, today + timedelta(days=732)))
    assert "more than two years away" in str(launch(application, "9999-12-31"))
    assert "This day is past" in str(launch(application, today - timedelta(days=1)))


@pytest.mark.parametrize(
    ("url", "good"),
    [
        ("https://forum.mautic.org/t/1", True),
        ("https://forum.mautic.org:443/t/1", True),
        ("https://forum.mautic.org:2121/t/1", False),
        ("https://forum.mautic.org:99999/t/1", False),
        ("http://forum.mautic.org/t/1", False),
        ("ftp://forum.mautic.org/t/1", False),
    ],
)
def test_thread_is_on_the_very_forum(url: str, good: bool) -> None:
    form = InterestForm({"forum_url": url}, application=Application())
    assert ("forum_url" not in form.errors) is good


def test_draft_is_read_by_its_organisers_alone(signed_in, reviewer, lead) -> None:
    never_sent = [ready_application(), ready_application(state="withdrawn"), ready_application(state="lapsed")]
    for application in never_sent:
        detail = f"/admin/meetups/application/{application.pk}/change/"
        for who in (reviewer, lead):
            client = signed_in(who)
            assert client.get(application.get_absolute_url()).status_code == 404
            assert application.group_name not in client.get(detail, follow=True).content.decode()
            assert application.group_name not in client.get("/admin/meetups/application/").content.decode()
            assert client.get(f"/admin/meetups/application/{application.pk}/move/declined/").status_code == 404
        assert signed_in(application.applicant).get(application.get_absolute_url()).status_code == 200


def test_withdrawn_after_it_was_sent_stays_with_the_team(signed_in, reviewer) -> None:
    application = application_in("withdrawn", submitted_at=timezone.now())
    assert signed_in(reviewer).get(application.get_absolute_url()).status_code == 200


def test_only_an_employer_the_person_confirmed_stands_in_an_application() -> None:
    ana = person()
    claim = AffiliationFactory(member=ana, organisation__name="Acme", confirmed_at=None)
    today = timezone.localdate()
    assert drafts.current_organisation(ana, today) == ""
    claim.confirmed_at = timezone.now()
    claim.save()
    assert drafts.current_organisation(ana, today) == "Acme"


def test_launch_that_is_past_is_neither_sent_nor_approved(lead) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    draft = ready_application(launch_on=yesterday, time_zone="UTC")
    assert [gap.field for gap in readiness.missing(draft, now=timezone.now())] == ["launch_on"]
    with pytest.raises(MoveRefused, match="first meetup is past"):
        applications.move(application=draft, to="submitted", actor=draft.applicant.user, now=timezone.now())
    waiting = application_in("in_review", launch_on=yesterday, time_zone="UTC")
    with pytest.raises(MoveRefused, match="launch date is past"):
        applications.move(application=waiting, to="approved", actor=lead, now=timezone.now())
    assert not Group.objects.exists()


def test_today_is_the_day_where_the_group_meets() -> None:
    late = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    there = ready_application(time_zone="Pacific/Auckland", launch_on=datetime(2026, 11, 25, tzinfo=UTC).date())
    assert there.today(late) == late.date() + timedelta(days=1)
    sent = applications.move(application=there, to="submitted", actor=there.applicant.user, now=late)
    assert sent.answer_by_on == datetime(2026, 12, 5, tzinfo=UTC).date()
    friday = datetime(2026, 12, 4, 23, 30, tzinfo=UTC)  # Saturday there: the first Friday is over
    there.launch_on = None
    assert application_page.coming_dates(there, now=friday, count=1)[0].original_on.month == 1


def test_save_in_the_moment_it_is_sent_says_so_and_keeps_what_was_typed(client: Client, monkeypatch) -> None:
    application = ready_application()
    client.force_login(application.applicant.user)
    real = drafts.save_answers

    def sent_meanwhile(**kwargs: object) -> Application:
        Application.objects.filter(pk=application.pk).update(state="submitted", submitted_at=timezone.now())
        return real(**kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(drafts, "save_answers", sent_meanwhile)
    html = client.post(
        f"/meetups/applications/{application.public_id}/room/", {"venue_name": "My own words"}
    ).content.decode()
    assert "This application was sent in" in html
    assert 'value="My own words"' in html
    application.refresh_from_db()
    assert application.venue_name == "Public Library"


def test_start_sent_twice_begins_one_draft(client: Client, stranger: Member) -> None:
    client.force_login(stranger.user)
    key = str(client.get("/meetups/apply/").context["form"]["key"].value())
    data = {"kind": "meetup", "agree": "on", "key": key}
    first, second = client.post("/meetups/apply/", data), client.post("/meetups/apply/", data)
    assert first["Location"] == second["Location"]
    assert str(Application.objects.get().public_id) == key


def test_start_form_carries_its_key(client: Client, stranger: Member) -> None:
    client.force_login(stranger.user)
    assert 'type="hidden" name="key"' in client.get("/meetups/apply/").content.decode()


def test_key_of_somebody_elses_draft_opens_nothing(stranger: Member) -> None:
    theirs = ApplicationFactory()
    mine = drafts.start_draft(
        member=stranger, user=stranger.user, kind="meetup", now=timezone.now(), key=theirs.public_id
    )
    assert (mine.applicant, mine.pk != theirs.pk) == (stranger, True)


@pytest.mark.parametrize("key", ["", "nonsense"])
def test_broken_key_counts_as_none(client: Client, stranger: Member, key: str) -> None:
    client.force_login(stranger.user)
    assert client.post("/meetups/apply/", {"kind": "meetup", "agree": "on", "key": key}).status_code == 302
    assert Application.objects.count() == 1


def test_begin_again_sent_twice_begins_one(client: Client) -> None:
    old = application_in("declined")
    client.force_login(old.applicant.user)
    key = str(client.get(old.get_absolute_url()).context["again_key"])
    assert 'name="key"' in client.get(old.get_absolute_url()).content.decode()
    for _ in range(2):
        client.post(f"/meetups/applications/{old.public_id}/again/", {"key": key})
    assert Application.objects.filter(previous=old).count() == 1


def test_approval_whose_address_is_taken_in_that_moment_takes_the_next(monkeypatch) -> None:
    GroupFactory(name="Circle", slug="circle")
    application = application_in("in_review", group_name="Circle")
    answers = iter(["circle", "circle-2"])
    monkeypatch.setattr(founding.groups, "free_slug", lambda name: next(answers))
    with transaction.atomic():
        assert founding.found_group(application, now=timezone.now()).slug == "circle-2"


def test_longest_name_founds_a_group_with_dates() -> None:
    application = application_in("in_review", group_name="㎏" * 120)
    group = founding.found_group(application, now=timezone.now())
    assert {len(slug) for slug in group.events.filter(title=group.name).values_list("slug", flat=True)} == {160}
