"""The page of one application in the admin: verdicts, lines, checks and moves by POST, by those who may."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from zeal import zeal_ignore

from meetups.models import Application, ApplicationComment, CriterionCheck, CriterionVerdict, Group
from meetups.services.applications import Words, move
from meetups.services.drafts import save_answers
from portal.members.models import Member, User
from tests.meetups.factories import (
    GroupFactory,
    allow,
    application_in,
    approvable,
    check_of,
    ready_application,
    verdict_of,
    with_verdicts,
)
from tests.members.factories import UserFactory
from tests.places.factories import PlaceFactory, town

pytestmark = pytest.mark.django_db
LIST = "admin:meetups_application_changelist"


def url(application: Application, verb: str = "change", *args: str) -> str:
    return reverse(f"admin:meetups_application_{verb}", args=[application.pk, *args])


def listed(client: Client, query: str) -> list[Application]:
    return list(client.get(f"{reverse(LIST)}?{query}").context["cl"].queryset)


def test_reviewer_gives_a_verdict_and_comes_back_to_the_criterion(signed_in, reviewer: User) -> None:
    application = application_in("in_review")
    data = {"verdict": "waived", "reason": "The only room"}
    response = signed_in(reviewer).post(url(application, "verdict", "room"), data)
    assert response.headers["Location"] == url(application) + "#criterion-room"
    row = CriterionVerdict.objects.get()
    assert (row.criterion, row.verdict, row.reason, row.given_by) == ("room", "waived", "The only room", reviewer)
    html = signed_in(reviewer).get(url(application)).content.decode()
    assert "The only room" in html
    assert "1 of 6 criteria judged" in html


@pytest.mark.parametrize(
    ("data", "field", "words"),
    [
        ({"verdict": "waived", "reason": " "}, "reason", "Say why"),
        ({"reason": "I typed this"}, "verdict", "Choose one"),
        ({"verdict": "perhaps"}, "verdict", "perhaps"),
        ({"verdict": "met", "reason": "x" * 1001}, "reason", "1000"),
    ],
)
def test_bad_verdict_is_told_at_its_field_and_nothing_is_lost(
    data: dict, field: str, words: str, signed_in, reviewer: User
) -> None:
    application = application_in("in_review")
    response = signed_in(reviewer).post(url(application, "verdict", "room"), data)
    form = next(part.form for part in response.context["page"].criteria if part.key == "room")
    assert words in str(form.errors[field])
    assert data.get("reason", "") in response.content.decode()
    assert not CriterionVerdict.objects.exists()


def test_notes_and_letters_are_two_forms(signed_in, reviewer: User) -> None:
    application = application_in("in_review")
    client = signed_in(reviewer)
    client.post(url(application, "note"), {"text": "For us"})
    client.post(url(application, "letter"), {"text": "For you", "is_public": ""})
    assert list(ApplicationComment.objects.values_list("text", "is_public")) == [("For us", False), ("For you", True)]
    html = client.get(url(application)).content.decode()
    assert html.count("review-line--private") == 2  # the line and the form
    assert "Write something first" in client.post(url(application, "note"), {"text": " "}).content.decode()


def test_checks_are_asked_for_again(signed_in, reviewer: User) -> None:
    application = application_in("in_review")
    signed_in(reviewer).post(url(application, "check"))
    rows = CriterionCheck.objects.filter(state="waiting")
    assert rows.count() == 6
    assert {row.asked_by for row in rows} == {reviewer}


def test_nothing_is_checked_once_decided(signed_in, reviewer: User) -> None:
    signed_in(reviewer).post(url(application_in("declined"), "check"))
    assert not CriterionCheck.objects.exists()


VERBS = [
    ("verdict", ["room"], {"verdict": "met"}),
    ("note", [], {"text": "x"}),
    ("letter", [], {"text": "x"}),
    ("check", [], {}),
    ("move", ["in_review"], {}),
]


@pytest.mark.parametrize(("verb", "args", "data"), VERBS)
def test_verbs_are_for_reviewers(
    verb: str, args: list, data: dict, signed_in, stranger: Member, organiser: Member, submitted: Application
) -> None:
    reader = allow(UserFactory(is_staff=True), "view_application")
    target = url(submitted, verb, *args)
    assert [signed_in(who).post(target, data).status_code for who in (None, stranger, organiser)] == [302] * 3
    for who in (UserFactory(is_staff=True), reader):
        assert signed_in(who).post(target, data).status_code == 403
    submitted.refresh_from_db()
    assert submitted.state == "submitted"
    for model in (CriterionVerdict, ApplicationComment, CriterionCheck):
        assert not model.objects.exists()


@pytest.mark.parametrize(("verb", "args", "data"), VERBS)
def test_reviewer_named_in_an_application_has_no_desk_for_it(
    verb: str, args: list, data: dict, signed_in, submitted: Application
) -> None:
    own = allow(submitted.applicant.user, "review_application", "decide_application")
    own.is_staff = True
    own.save()
    submitted.comments.create(text="SECRET", is_from_team=True)
    response = signed_in(own).get(url(submitted), follow=True)
    assert response.redirect_chain[0][0] == submitted.get_absolute_url()
    assert "SECRET" not in response.content.decode()
    assert signed_in(own).post(url(submitted, verb, *args), data).status_code == 403


@pytest.mark.parametrize("verb", ["verdict", "note", "letter", "check"])
def test_nothing_happens_by_get(verb: str, signed_in, reviewer: User, submitted: Application) -> None:
    args = ["room"] if verb == "verdict" else []
    assert signed_in(reviewer).get(url(submitted, verb, *args)).status_code == 405


def test_drafts_have_no_page(signed_in, lead: User) -> None:
    draft = application_in("draft")
    assert signed_in(lead).get(url(draft)).status_code == 404
    assert signed_in(lead).post(url(draft, "move", "declined"), {}).status_code == 404


def test_verdict_on_an_unknown_criterion_is_not_found(signed_in, reviewer: User, submitted: Application) -> None:
    assert signed_in(reviewer).post(url(submitted, "verdict", "weather"), {"verdict": "met"}).status_code == 404


def test_reviewer_is_offered_no_decision_and_cannot_forge_one(signed_in, reviewer: User) -> None:
    application = approvable()
    client = signed_in(reviewer)
    html = client.get(url(application)).content.decode()
    for to in ("approved", "declined"):
        assert url(application, "move", to) not in html
        data = {"expected": "in_review", "reason": "other", "public_note": "x", "state": to, "actor": "1"}
        client.post(url(application, "move", to), data)
    application.refresh_from_db()
    assert application.state == "in_review"
    assert not Group.objects.exists()


def test_approval_page_says_what_is_missing_instead_of_a_button(signed_in, lead: User) -> None:
    application = with_verdicts(application_in("in_review"), room="")
    client = signed_in(lead)
    for address in (url(application), url(application, "move", "approved")):
        assert "No verdict on the present answers: A room that is not a bar" in client.get(address).content.decode()
    assert 'type="submit" class="default"' not in client.get(url(application, "move", "approved")).content.decode()
    client.post(url(application, "move", "approved"), {})
    assert not Group.objects.exists()
    client.post(url(application, "verdict", "room"), {"verdict": "met"})
    assert 'class="default"' in client.get(url(application, "move", "approved")).content.decode()
    client.post(url(application, "move", "approved"), {"expected": "in_review"})
    assert Group.objects.count() == 1


@pytest.mark.parametrize("to", ["draft", "submitted", "withdrawn", "lapsed", "nonsense"])
def test_moves_of_others_are_not_made_here(to: str, signed_in, lead: User) -> None:
    application = application_in("changes_requested")
    signed_in(lead).post(url(application, "move", to), {"expected": "changes_requested"})
    application.refresh_from_db()
    assert application.state == "changes_requested"


def test_page_shows_what_changed_and_that_a_verdict_fell_behind(signed_in, reviewer: User) -> None:
    application = ready_application(venue_name="Public Library")
    move(application=application, to="submitted", actor=application.applicant.user, now=timezone.now())
    verdict_of(application, "room", revision=1)
    words = Words(public_note="Which room?", criteria=["room"])
    move(application=application, to="changes_requested", actor=reviewer, now=timezone.now(), words=words)
    save_answers(application=application, values={"venue_name": "Culture House"}, now=timezone.now())
    move(application=application, to="submitted", actor=application.applicant.user, now=timezone.now())
    html = signed_in(reviewer).get(url(application)).content.decode()
    assert "<del>Public Library</del>" in html
    assert "<ins>Culture House</ins>" in html
    assert html.count("The answers changed since: judge it again.") == 1


def test_page_lists_what_is_near_with_its_number_on_the_map(signed_in, reviewer: User) -> None:
    koeln = town("Köln")
    application = application_in("submitted", place=koeln)
    GroupFactory(name="Sleeping Circle", state="dormant", place=PlaceFactory(latitude=50.7, longitude=7.1))
    other = application_in("submitted", place=PlaceFactory(latitude=51.2, longitude=6.8), group_name="Other ring")
    application_in("declined", place=PlaceFactory(latitude=51.1, longitude=6.8), group_name="Gone ring")
    GroupFactory(name="Far Circle", place=PlaceFactory(latitude=-30, longitude=150))
    page = signed_in(reviewer).get(url(application)).context["page"]
    assert [(row.number, row.name, row.is_group) for row in page.near] == [
        (1, "Sleeping Circle", True),
        (2, "Other ring", False),
    ]
    assert page.near[1].url == url(other)
    assert [(spot.number, spot.kind) for spot in page.map.spots] == [(1, "quiet"), (2, "application")]


def test_page_links_the_application_before(signed_in, reviewer: User) -> None:
    before = application_in("declined", group_name="First try")
    application = application_in("submitted", previous=before)
    html = signed_in(reviewer).get(url(application)).content.decode()
    assert f'href="{url(before)}"' in html
    assert "First try, declined" in html


@pytest.mark.parametrize("number", [1, 6])
def test_page_takes_the_same_queries_whatever_is_on_it(
    number: int, signed_in, lead: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    place = town("Köln")
    application = approvable(place=place, assignee=lead, revision=number)
    for n in range(number):
        check_of(application, "room")
        verdict_of(application, "room", given_by=UserFactory())
        application.comments.create(text="x", is_from_team=True, author=UserFactory())
        application.history.create(from_state="submitted", to_state="in_review", actor=UserFactory())
        application.venue_confirmations.create(token=f"t{n}", email="h@example.org", venue_name="Hall")
        if n:
            application.revisions.create(number=n, answers={}, sent_at=timezone.now(), sent_by=UserFactory())
        GroupFactory(place=PlaceFactory(latitude=place.latitude, longitude=place.longitude))
    client = signed_in(lead)
    client.get(url(application))
    with django_assert_num_queries(27):
        client.get(url(application))


def test_queue_is_filtered_by_lateness_person_country_and_state(signed_in, reviewer: User) -> None:
    today = timezone.localdate()
    late = application_in("in_review", answer_by_on=today - timedelta(days=1), assignee=reviewer, place=town("Köln"))
    asked = application_in("changes_requested", answer_by_on=today - timedelta(days=1), place=PlaceFactory())
    client = signed_in(reviewer)
    assert listed(client, "queue=overdue") == [late]
    assert listed(client, f"assignee={reviewer.pk}") == [late]
    assert listed(client, "assignee=nobody") == [asked]
    assert listed(client, "country=DE") == [late]
    assert listed(client, "state=changes_requested") == [asked]
    assert set(listed(client, "assignee=9" + "9" * 30)) == {late, asked}
    assert "1 day late" in client.get(reverse(LIST)).content.decode()


def test_checking_many_goes_row_by_row(signed_in, reviewer: User) -> None:
    one, done = application_in("submitted"), application_in("declined")
    data = {"action": "check_selected", "_selected_action": [one.pk, done.pk]}
    with zeal_ignore():  # one lock for each row is the point
        html = signed_in(reviewer).post(reverse(LIST), data, follow=True).content.decode()
    assert set(CriterionCheck.objects.values_list("application", flat=True)) == {one.pk}
    assert "1 will be checked." in html
    assert "nothing to check any more" in html


def test_bulk_actions_are_for_reviewers(signed_in, submitted: Application) -> None:
    reader = allow(UserFactory(is_staff=True), "view_application")
    for action in ("claim_selected", "check_selected", "delete_selected"):
        signed_in(reader).post(reverse(LIST), {"action": action, "_selected_action": [submitted.pk], "post": "yes"})
    submitted.refresh_from_db()
    assert submitted.state == "submitted"
    assert not CriterionCheck.objects.exists()


def test_statistics_are_for_the_team_and_linked_from_the_queue(
    signed_in, reviewer: User, stranger: Member, submitted: Application
) -> None:
    address = reverse("admin:meetups_application_statistics")
    assert f'href="{address}"' in signed_in(reviewer).get(reverse(LIST)).content.decode()
    html = signed_in(reviewer).get(address).content.decode()
    assert "1 application is open" in html
    assert signed_in(UserFactory(is_staff=True)).get(address).status_code == 403
    assert signed_in(stranger).get(address).status_code == 302
