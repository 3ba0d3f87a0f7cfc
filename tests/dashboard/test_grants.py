"""Work added by hand: two people, one piece of evidence, and credit that comes and goes exactly."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dashboard import grants as rules
from dashboard.models import Contribution, Grant, ImportRun, MemberWindow, Source
from dashboard.services import erasure as activity
from dashboard.services import grants, runs, sources, staleness, summaries
from dashboard.services.grants import Proposal, Refused
from dashboard.services.why import why_member
from portal.jobs.transitions import MoveRefused
from portal.members.models import Member, User
from portal.members.services import member_of, merge_members
from portal.pages import privacy
from portal.pages.desk import read_desk
from tests.meetups.factories import person
from tests.members.factories import MemberFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("weights")]
NOW = timezone.now().replace(microsecond=0)
DAY = NOW.date() - timedelta(days=3)


def judge() -> User:
    user = UserFactory(is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="decide_grant", content_type__app_label="dashboard"))
    return User.objects.get(pk=user.pk)


def proposed(by: Member | None = None, **values) -> Grant:
    answers = {"work": "tutorial", "title": "A tutorial", "url": "https://example.org/1", "done_on": DAY, **values}
    return grants.propose(proposal=Proposal(**answers), by=by or person(), now=NOW)


def credit_of(member: Member) -> int:
    summaries.rebuild(today=timezone.now().date())
    return sum(MemberWindow.objects.filter(days=90, member=member).values_list("credit", flat=True))


def answers(**values) -> dict[str, str]:
    return {
        "work": "article",
        "title": "An article",
        "url": "https://example.org/a",
        "done_on": DAY.isoformat(),
        "person": "",
        **values,
    }


@pytest.fixture
def browser(client: Client) -> tuple[Client, Member]:
    member = person()
    client.force_login(member.user)
    return client, member


@pytest.mark.parametrize("work", rules.COUNTS_AS)
def test_every_kind_of_work_is_one_that_the_weights_know(work: str, weights) -> None:
    kind, state = rules.COUNTS_AS[work]
    assert work in Grant.Work.values
    assert weights.weights.get(kind=kind, state=state).credit > 0


def test_confirmed_work_counts_its_weight_from_the_day_of_the_confirmation() -> None:
    who, by = person(), person()
    grant = proposed(by, member=who)
    assert credit_of(who) == 0
    grants.confirm(grant=grant, by=judge(), now=NOW)
    assert credit_of(who) == 3
    row = Contribution.objects.get()
    assert (row.identity.member, row.kind, row.title, row.url) == (who, "tutorial", "A tutorial", grant.url)
    assert (row.credited_at, row.occurred_at.date(), row.channel.name) == (NOW, DAY, "Added by hand")
    why = why_member(member=who, days=90, last=timezone.now().date())
    assert [(str(line.label), line.n, line.credit) for line in why.lines] == [("Tutorials", 1, 3)]
    said = StringIO()
    call_command("rebuild_summaries", "--check", stdout=said)


def test_what_was_taken_back_counts_no_more_and_the_summaries_hear_of_it() -> None:
    who, team = person(), judge()
    grant = proposed(who)
    grants.confirm(grant=grant, by=team, now=NOW)
    assert credit_of(who) == 3
    grants.withdraw(grant=grant, by=team, reason="Copied", now=NOW)
    assert staleness.is_stale(timezone.now())
    assert credit_of(who) == 0
    row = Contribution.objects.get()
    assert (row.deleted_at, row.title) == (NOW, "")
    call_command("rebuild_summaries", "--check", stdout=StringIO())
    with pytest.raises(MoveRefused, match="taken back"):
        grants.confirm(grant=grant, by=team, now=NOW)


def test_an_import_of_the_portal_finds_the_same_and_puts_right_what_differs() -> None:
    who, team = person(), judge()
    first, second = proposed(who), proposed(who, url="https://example.org/2", work="talk_conference")
    grants.confirm(grant=first, by=team, now=NOW)
    grants.confirm(grant=second, by=team, now=NOW)
    before = list(Contribution.objects.order_by("pk").values())
    assert [(row["kind"], row["state"]) for row in before] == [("tutorial", ""), ("spoke", "conference")]
    read = runs.run_import(ImportRun.objects.create(source=Source.objects.get()), now=timezone.now(), budget=None)
    assert (read.state, read.n_new, read.n_updated, read.n_skipped) == ("done", 0, 0, 2)
    assert list(Contribution.objects.order_by("pk").values()) == before
    Contribution.objects.filter(kind="spoke").delete()
    Grant.objects.filter(pk=first.pk).update(state="withdrawn", withdrawn_at=NOW)
    runs.run_import(ImportRun.objects.create(source=Source.objects.get()), now=timezone.now(), budget=None)
    assert [row.kind for row in Contribution.objects.filter(deleted_at=None)] == ["spoke"]
    assert sources.ensure_portal_source() == Source.objects.get()


def test_the_database_wants_a_second_person() -> None:
    who, by, other = person(), person(), person()
    grant = proposed(by, member=who)
    for decider in (who, by):
        with pytest.raises(IntegrityError, match="grant_second_person"), transaction.atomic():
            Grant.objects.filter(pk=grant.pk).update(state="confirmed", decided_by=decider, decided_at=NOW)
    with pytest.raises(IntegrityError, match="grant_decided"), transaction.atomic():
        Grant.objects.filter(pk=grant.pk).update(state="confirmed")
    with pytest.raises(IntegrityError, match="grant_refusal_reason"), transaction.atomic():
        Grant.objects.filter(pk=grant.pk).update(state="refused", decided_by=other, decided_at=NOW)
    assert Grant.objects.filter(pk=grant.pk).update(state="confirmed", decided_by=other, decided_at=NOW) == 1


def test_nobody_confirms_their_own_work_or_proposal_also_after_a_merge() -> None:
    team = judge()
    mine, known_as = member_of(team), MemberFactory()
    own, said = proposed(mine), proposed(mine, member=person(), url="https://example.org/2")
    of_another_me = proposed(person(), member=known_as, url="https://example.org/3")
    other = judge()
    Member.objects.filter(pk=known_as.pk).update(merged_into=mine)
    for grant in (own, said, of_another_me):
        with pytest.raises(MoveRefused, match="second person"):
            grants.confirm(grant=grant, by=team, now=NOW)
        grants.confirm(grant=grant, by=other, now=NOW)
    assert Contribution.objects.count() == 3


def test_a_merge_of_who_did_it_and_who_confirmed_it_ends_the_credit() -> None:
    team, who = judge(), MemberFactory()
    grants.confirm(grant=proposed(person(), member=who), by=team, now=NOW)
    assert credit_of(who) == 3
    merge_members(kept=member_of(team), gone=who, reason="one person")
    runs.run_import(ImportRun.objects.create(source=Source.objects.get()), now=timezone.now(), budget=None)
    assert credit_of(member_of(team)) == 0


def test_a_stranger_decides_nothing_and_takes_back_nothing() -> None:
    grant = proposed()
    stranger = UserFactory(is_staff=True)
    not_staff = judge()
    User.objects.filter(pk=not_staff.pk).update(is_staff=False)
    for user in (stranger, User.objects.get(pk=not_staff.pk)):
        with pytest.raises(PermissionDenied):
            grants.confirm(grant=grant, by=user, now=NOW)
        with pytest.raises(PermissionDenied):
            grants.refuse(grant=grant, by=user, reason="No", now=NOW)
        with pytest.raises(PermissionDenied):
            grants.withdraw(grant=grant, by=user, reason="No", now=NOW)
    with pytest.raises(PermissionDenied):
        grants.take_back(grant=grant, by=person(), now=NOW)
    grant.refresh_from_db()
    assert (grant.state, grant.decided_by) == ("proposed", None)


def test_the_same_evidence_is_refused_until_it_was_refused() -> None:
    grant = proposed()
    with pytest.raises(Refused, match="This link was proposed already") as refusal:
        proposed(url="http://www.example.org/1/?utm_source=x#top")
    assert refusal.value.field == "url"
    grants.refuse(grant=grant, by=judge(), reason="No", now=NOW)
    assert proposed(url="https://example.org/1").pk


def test_a_month_in_a_role_counts_once_and_when_it_is_over() -> None:
    who = person()
    last = NOW.date().replace(day=1) - timedelta(days=1)
    grant = proposed(who, work="role_lead", done_on=last)
    assert grant.done_on == last.replace(day=1)
    with pytest.raises(Refused, match="was proposed already"):
        proposed(person(), member=who, work="role_member", done_on=last.replace(day=2), url="https://example.org/2")
    assert proposed(person(), work="role_member", done_on=last).url == grant.url
    assert rules.day_problem("role_lead", date(2026, 11, 3), date(2026, 11, 30)) == rules.MONTH_OPEN
    assert rules.day_problem("role_lead", date(2026, 11, 3), date(2026, 12, 1)) == ""
    assert rules.day_problem("video", date(2026, 11, 3), date(2026, 11, 2)) == rules.AHEAD
    assert rules.day_problem("video", date(2025, 11, 1), date(2026, 11, 2)) == rules.TOO_OLD


def test_proposals_are_limited_for_each_person() -> None:
    by = person()
    for number in range(grants.MOST_WAITING):
        proposed(by, url=f"https://example.org/{number}")
    with pytest.raises(Refused, match="Five proposals"):
        proposed(by, url="https://example.org/more")
    assert proposed(person(), url="https://example.org/more").pk
    Grant.objects.filter(proposed_by=by).update(state="withdrawn", withdrawn_at=NOW)
    for number in range(grants.MOST_A_DAY - grants.MOST_WAITING):
        proposed(by, url=f"https://example.org/{number}")
    Grant.objects.filter(proposed_by=by).update(state="withdrawn", withdrawn_at=NOW)
    with pytest.raises(Refused, match="one day"):
        proposed(by, url="https://example.org/last")


def test_the_form_takes_ones_own_work_and_anothers(browser) -> None:
    client, member = browser
    other, hidden = MemberFactory(handle="ada"), MemberFactory(handle="eve", visibility="hidden")
    page = client.post(reverse("dashboard:work_add"), answers())
    assert page.url == reverse("pages:me")
    client.post(reverse("dashboard:work_add"), answers(url="https://example.org/b", person="@ada"))
    address = f"https://portal.example.org{other.get_absolute_url()}"
    client.post(reverse("dashboard:work_add"), answers(url="https://example.org/c", person=address))
    made = Grant.objects.order_by("pk").values_list("member", "proposed_by", "state")
    assert list(made) == [(one.pk, member.pk, "proposed") for one in (member, other, other)]
    for unknown in ("eve", hidden.get_absolute_url(), "nobody"):
        page = client.post(reverse("dashboard:work_add"), answers(url="https://example.org/d", person=unknown))
        assert "Nobody here is called that" in page.content.decode()
        assert page.context["form"]["title"].value() == "An article"
    assert Grant.objects.count() == 3


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("url", "http://example.org/a", "begin with https://"),
        ("url", "https://example.org/taken", "This link was proposed already"),
        ("url", "javascript:alert(1)", "This is no web address"),
        ("done_on", "2199-01-01", "still to come"),
        ("work", "change", "is not one of the available choices"),
        ("title", "", "Write what it is called"),
    ],
)
def test_a_wrong_answer_gets_a_sentence_at_its_field(browser, field: str, value: str, sentence: str) -> None:
    client, _member = browser
    proposed(url="https://example.org/taken")
    page = client.post(reverse("dashboard:work_add"), answers(**{field: value}))
    assert sentence in str(page.context["form"].errors[field])
    assert Grant.objects.count() == 1


def test_pages_of_visitors_and_strangers_stay_closed(client: Client) -> None:
    grant = proposed()
    take_back = reverse("dashboard:work_take_back", args=[grant.pk])
    assert "login" in client.post(reverse("dashboard:work_add"), answers()).url
    assert "login" in client.post(take_back).url
    client.force_login(person().user)
    assert client.post(take_back).status_code == 404
    client.force_login(grant.proposed_by.user)
    assert client.get(take_back).status_code == 405
    grant.refresh_from_db()
    assert grant.state == "proposed"
    client.post(take_back)
    grant.refresh_from_db()
    assert (grant.state, grant.withdrawn_by) == ("withdrawn", grant.proposed_by)


def test_ones_own_page_tells_what_became_of_it(browser) -> None:
    client, member = browser
    refused = proposed(person(), member=member, title="The refused one")
    grants.refuse(grant=refused, by=judge(), reason="<b>Not yours</b>", now=NOW)
    confirmed = proposed(member, title="The confirmed one", url="https://example.org/2")
    grants.confirm(grant=confirmed, by=judge(), now=NOW)
    proposed(member, title="The waiting one", url="https://example.org/3")
    proposed(person(), title="A stranger's", url="https://example.org/4")
    page = client.get(reverse("pages:me")).content.decode()
    for words in ("The refused one", "&lt;b&gt;Not yours&lt;/b&gt;", "The confirmed one", "The waiting one"):
        assert words in page
    assert "A stranger&#x27;s" not in page
    assert page.count("Take it back") == 2


def test_who_did_it_takes_it_back_when_it_counts_and_who_proposed_it_does_not(client: Client) -> None:
    by, who = person(), person()
    grant = proposed(by, member=who)
    grants.confirm(grant=grant, by=judge(), now=NOW)
    take_back = reverse("dashboard:work_take_back", args=[grant.pk])
    client.force_login(by.user)
    client.post(take_back)
    assert Contribution.objects.filter(deleted_at=None).count() == 1
    client.force_login(who.user)
    client.post(take_back)
    assert Contribution.objects.filter(deleted_at=None).count() == 0


def test_the_queue_is_decided_by_post_and_by_those_who_may(client: Client) -> None:
    grant = proposed()
    steps = {
        name: reverse(f"admin:dashboard_grant_{name}", args=[grant.pk]) for name in ("confirm", "refuse", "withdraw")
    }
    client.force_login(UserFactory(is_staff=True))
    assert {client.post(step).status_code for step in steps.values()} == {403}
    assert client.get(reverse("admin:dashboard_grant_changelist")).status_code == 403
    client.force_login(judge())
    assert grant.title in client.get(reverse("admin:dashboard_grant_changelist")).content.decode()
    client.get(steps["confirm"])
    client.post(steps["refuse"], {"reason": ""})
    grant.refresh_from_db()
    assert grant.state == "proposed"
    detail = client.post(steps["confirm"], follow=True).content.decode()
    assert "it counts from today on" in detail
    assert steps["withdraw"] in detail
    client.post(steps["withdraw"], {"reason": "It was copied"})
    grant.refresh_from_db()
    assert (grant.state, grant.reason) == ("withdrawn", "It was copied")


def test_queue_asks_the_same_number_of_questions_for_many(client: Client, django_assert_max_num_queries) -> None:
    client.force_login(judge())
    counts = []
    for number in range(3):
        proposed(url=f"https://example.org/{number}")
        with django_assert_max_num_queries(20) as asked:
            client.get(reverse("admin:dashboard_grant_changelist"))
        counts.append(len(asked))
    assert counts[1] == counts[2]  # the first also reads the session


def test_erased_people_leave_their_count_and_no_word_of_what_it_was() -> None:
    who = person()
    grants.confirm(grant=proposed(who, title="Secret title"), by=judge(), now=NOW)
    proposed(who, url="https://example.org/2")
    told = activity.export_for(who)["added_by_hand"]
    assert [(row["title"], row["state"]) for row in told] == [("Secret title", "confirmed"), ("A tutorial", "proposed")]
    privacy.erase(member=who, now=NOW)
    assert list(Grant.objects.values_list("state", "title", "url")) == [("confirmed", "", "")]
    runs.run_import(ImportRun.objects.create(source=Source.objects.get()), now=timezone.now(), budget=None)
    assert list(Contribution.objects.values_list("title", "deleted_at")) == [("", None)]


def test_the_desk_counts_what_the_reader_may_decide() -> None:
    team = judge()
    proposed()
    proposed(member_of(team), url="https://example.org/2")
    assert [line.number for line in read_desk(team, now=NOW)] == [1]
    assert read_desk(UserFactory(is_staff=True), now=NOW) == []
