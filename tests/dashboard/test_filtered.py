"""What filters choose, counted again row by row, and each number against the list behind it."""

import json
from datetime import timedelta

import pytest
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from dashboard import kinds
from dashboard.models import Contribution, CreditedWork, MemberWindow, Source
from dashboard.scope import INDEPENDENT, Scope
from dashboard.services import activity
from dashboard.services.overview import overview
from dashboard.services.people import PeopleList
from dashboard.services.store import store
from dashboard.services.summaries import rebuild
from portal.members.models import Affiliation, Identity, Member
from tests.dashboard.factories import (
    NOW,
    TODAY,
    ChannelFactory,
    OrganisationFactory,
    SourceFactory,
    at,
    belongs,
    record,
)
from tests.places.factories import PlaceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("weights")]


@pytest.fixture
def mixed():
    """Two sources, moves between employers, a bot, a deletion, somebody hidden, countries, old and new people."""
    code, forum = SourceFactory(name="code"), SourceFactory(name="forum", service="discourse")
    for source, count in ((code, 2), (forum, 1)):
        for number in range(count):
            channel = ChannelFactory(source=source, name=f"{source.name}-{number}")
            store(source=source, channel=channel, records=_records(source.name, number), now=NOW)
    for other in Identity.objects.filter(service="discourse"):
        other.member = Identity.objects.get(service="github", uid=other.uid).member
        other.save()
    oak, elm = OrganisationFactory(name="Oak", slug="oak"), OrganisationFactory(name="Elm", slug="elm")
    moved = person("1")
    belongs(moved, oak, None, TODAY - timedelta(days=20))
    belongs(moved, elm, TODAY - timedelta(days=20))
    belongs(person("2"), oak)
    belongs(person("3"), oak, is_confirmed=False)
    Member.objects.filter(pk=person("4").pk).update(bot_state="bot")
    Member.objects.filter(pk=person("5").pk).update(visibility="hidden")
    germany = PlaceFactory(country_code="DE")
    Member.objects.filter(identities__uid__in=("1", "3", "5")).update(place=germany)
    gone = Contribution.objects.filter(identity__uid="2", kind=kinds.ISSUE).earliest("pk")
    Contribution.objects.filter(pk=gone.pk).update(deleted_at=timezone.now())
    rebuild(today=TODAY)


def person(uid):
    return Identity.objects.filter(uid=uid).first().member


def _records(source, number):
    rows = []
    for who in range(1, 8):
        days = (3, 25, 60) if who % 2 else (2, 80, 200)
        for day in days:
            key = f"{source}-{number}-{who}-{day}"
            rows.append(record(f"i-{key}", who=str(who), day=day, title=key, url=f"https://example.org/{key}"))
            merged = {"state": "merged", "credited_at": at(day)}
            rows.append(record(f"c-{key}", kinds.CHANGE, who=str(who), day=day, **merged))
    return rows


SCOPES = [
    Scope(),
    Scope(days=30),
    Scope(sources=("code",)),
    Scope(sources=("code", "forum"), kind=kinds.CHANGE),
    Scope(organisation="oak"),
    Scope(organisation="elm", days=30),
    Scope(organisation=INDEPENDENT),
    Scope(country="DE"),
    Scope(is_new=True),
    Scope(level="contributor", kind=kinds.ISSUE),
    Scope(country="DE", organisation="oak", sources=("code",), kind=kinds.CHANGE),
]


def counted(scope):
    """The contributions that a scope chooses, looked at one by one."""
    first = TODAY - timedelta(days=scope.days - 1)
    belonging = [(a.member_id, a.organisation.slug, a.days) for a in Affiliation.objects.confirmed().select_related()]
    windows = {w.member_id: w for w in MemberWindow.objects.filter(days=scope.days)}
    found = []
    for row in Contribution.objects.select_related("channel__source", "identity__member__place"):
        member, day = row.identity.member, row.occurred_at.date()
        employer = [slug for pk, slug, days in belonging if pk == member.pk and _holds(days, day)]
        wanted = [scope.organisation] if scope.organisation not in ("", INDEPENDENT) else []
        if (
            row.deleted_at is None
            and member.bot_state != "bot"
            and first <= day <= TODAY
            and (not scope.sources or row.channel.source.name in scope.sources)
            and (not scope.kind or row.kind == scope.kind)
            and (not scope.organisation or employer == wanted)
            and (not scope.country or (member.place and member.place.country_code == scope.country))
            and (not scope.is_new or windows[member.pk].is_new)
            and (not scope.level or windows[member.pk].get_level_display().lower() == scope.level)
        ):
            found.append((row, member.pk, employer))
    return found, windows


def _holds(days, day):
    return (days.lower is None or days.lower <= day) and (days.upper is None or day < days.upper)


def test_filtered_numbers_equal_a_count_of_the_rows(mixed):
    Member.objects.update(visibility="public")  # who does not tell where they work has no numbers there
    for scope in SCOPES:
        look_at(scope)


def look_at(scope):
    rows, windows = counted(scope)
    people = {member for _row, member, _employer in rows}
    employers = {slug for _row, _member, employer in rows for slug in employer}
    page = overview(scope, people_by="active", organisations_by="people", part="kind")
    assert rows, scope.query
    assert {name: fact.number for name, fact in page.facts.items()} == {
        "contributions": len(rows),
        "people": len(people),
        "new": sum(windows[pk].is_new for pk in people),
        "returning": sum(windows[pk].is_returning for pk in people),
        "organisations": len(employers),
    }
    assert page.chart.total == sum(map(sum, page.heat)) == sum(place.n for place in page.places) == len(rows)
    assert {row.slug: row.n for row in page.organisations} == {
        slug: sum(slug in employer for _row, _member, employer in rows) for slug in employers
    }
    listed = PeopleList(scope, TODAY, "active")
    assert (len(listed), sum(row.n for row in listed)) == (len(people), len(rows))
    assert activity.contributions(scope, TODAY) == len(rows)
    assert sum(row.value for row in page.levels) == len(people)


def test_filtered_credit_is_that_of_the_credited_rows(mixed):
    Member.objects.update(visibility="public")  # who does not tell where they work has no numbers there
    scope = Scope(sources=("forum",), organisation="oak")
    credited = CreditedWork.objects.filter(
        organisation__slug="oak", contribution__source__name="forum", credited_on__gt=TODAY - timedelta(days=90)
    )
    expected = {}
    for member, credit in credited.values_list("member", "credit"):
        expected[member] = expected.get(member, 0) + credit
    assert expected
    found = PeopleList(scope, TODAY, "credit")
    assert sorted(row.credit for row in found) == sorted(expected.values())
    total = MemberWindow.objects.filter(days=90).values_list("member", "credit")
    assert dict(total) == {row: sum(c for m, c in _all_credit() if m == row) for row, _c in total}


def _all_credit():
    start = TODAY - timedelta(days=89)
    return list(CreditedWork.objects.filter(credited_on__gte=start).values_list(F("member"), F("credit")))


def test_each_number_opens_a_list_of_as_many(client, mixed):
    for query in ("", "?source=code", "?organisation=oak", "?country=DE", "?new=1&days=30"):
        open_all(client, query)


def open_all(client, query):
    page = client.get(reverse("dashboard:overview") + query)
    facts, urls = page.context["overview"].facts, page.context["fact_urls"]
    for name, url in urls.items():
        answer = client.get(url)
        assert answer.status_code == 200
        shown = answer.context["count"] if name == "contributions" else answer.context["page"].paginator.count
        assert shown == facts[name].number, (name, url)
        if "json_url" in answer.context:
            file = json.loads(client.get(answer.context["json_url"]).getvalue())
            assert len(file) == facts[name].number, (name, url)


def test_lists_that_tell_an_employer_or_a_country_name_only_who_tells_it(client, mixed):
    Member.objects.filter(pk=person("1").pk).update(visibility="public", name="Told Person")
    for query in ("?organisation=oak&people=active", "?country=DE&people=active"):
        for name in ("people", "people_csv", "newcomers", "newcomers_json", "contributions", "contributions_csv"):
            answer = client.get(reverse(f"dashboard:{name}") + query)
            text = (answer.getvalue() if answer.streaming else answer.content).decode()
            assert "login-" not in text, (name, query)
            assert "code-0-2-" not in text, (name, query)
        assert "Told Person" in client.get(reverse("dashboard:people") + query).content.decode()
    assert "login-3" in client.get(reverse("dashboard:people") + "?people=active").content.decode()


def test_rows_of_who_does_not_tell_it_cannot_be_found_again_in_another_list(client, mixed):
    """By handle and no more: what stands in both lists would say where they work."""
    Member.objects.filter(pk=person("1").pk).update(visibility="public", name="Told Person")
    for query in ("?organisation=oak&people=active", "?country=DE&people=active"):
        people = json.loads(client.get(reverse("dashboard:people_json") + query).getvalue())
        others = [row for row in people if row["name"] == "a member"]
        assert others
        assert people[-len(others) :] == others
        assert {(row["contributions"], row["recognition"], row["active_days"], row["level"]) for row in others} == {
            (None, None, None, "")
        }
        deeds = json.loads(client.get(reverse("dashboard:contributions_json") + query).getvalue())
        masked = [row for row in deeds if row["name"] == "a member"]
        assert masked
        assert {(row["at"][10:], row["place"], row["did"]) for row in masked} == {
            ("T00:00:00+00:00", "", "contributed something")
        }
        for name in ("people", "newcomers", "contributions", "questions"):
            assert client.get(reverse(f"dashboard:{name}") + query).status_code == 200
        new = json.loads(client.get(reverse("dashboard:newcomers_json") + query).getvalue())
        assert {row["on"] for row in new if row["name"] == "a member"} <= {""}


def test_hidden_people_are_in_every_list_and_in_none_by_name(client, mixed):
    hidden = person("5")
    Source.objects.update(is_enabled=True)
    for name in ("people", "newcomers", "contributions"):
        for form in ("csv", "json"):
            text = client.get(reverse(f"dashboard:{name}_{form}") + "?people=active").getvalue().decode()
            assert "login-5" not in text
            assert "-5-3" not in text
            assert hidden.public_id not in text
            assert "a member" in text
