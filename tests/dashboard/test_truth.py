"""Figures of the dashboard against plain SQL on raw contributions, written without the code that fills the summaries.

The invented community has merged accounts, moves between employers, bots, opt-outs, deleted rows and deleted authors.
"""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection

from dashboard.models import MemberLevel, MemberWindow, OrganisationWindow, WindowTotals
from dashboard.services.agreement import disagreements
from dashboard.services.benchmark_load import NotEmpty, load
from dashboard.services.level_rules import install_levels
from dashboard.services.summaries import rebuild
from dashboard.services.weighing import install_preset
from portal.members.models import Member
from portal.members.services.merges import merge_members
from tests.dashboard.factories import TODAY, SourceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("weights")]

#: Each thing that people did and that still stands, with who they are today; authors without a name left out.
DONE = """
CREATE TEMPORARY VIEW done AS
SELECT c.*, p.id AS person, date(c.occurred_at AT TIME ZONE 'UTC') AS on_day,
       date(coalesce(c.credited_at, c.occurred_at) AT TIME ZONE 'UTC') AS credit_on
FROM dashboard_contribution c, members_identity account, members_member p
WHERE account.id = c.identity_id AND p.id = account.member_id AND p.bot_state != 'bot' AND c.deleted_at IS NULL
  AND account.uid !~ '^deleted:'
"""


@pytest.fixture
def community():
    load(contributions=6000, people=300, seed=5, until=TODAY)
    people = {int(m.public_id.rpartition("-")[2]): m for m in Member.objects.exclude(bot_state="bot")}
    for kept, gone in ((2, 5), (4, 60), (12, 13)):
        merge_members(kept=people[kept], gone=people[gone], reason="one person")
    with connection.cursor() as cursor:
        cursor.execute(DONE)
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP VIEW done")


def ask(sql, **values):
    with connection.cursor() as cursor:
        cursor.execute(sql, {"today": TODAY, **values})
        return cursor.fetchall()


def span(days, age=0):
    last = TODAY - timedelta(days=age)
    return {"first": last - timedelta(days=days - 1), "last": last}


PEOPLE = """
WITH days AS (SELECT DISTINCT person, on_day FROM done),
gone AS (SELECT a.person, a.on_day FROM days a WHERE EXISTS (SELECT FROM days b WHERE b.person = a.person
         AND b.on_day < a.on_day) AND NOT EXISTS (SELECT FROM days b WHERE b.person = a.person
         AND b.on_day > a.on_day - 90 AND b.on_day < a.on_day)),
here AS (SELECT person, (SELECT min(on_day) FROM days d WHERE d.person = days.person) AS first
         FROM days WHERE on_day BETWEEN %(first)s AND %(last)s GROUP BY person)
SELECT count(*), count(*) FILTER (WHERE first >= %(first)s),
       count(*) FILTER (WHERE first < %(first)s AND person IN (
           SELECT person FROM gone WHERE on_day BETWEEN %(first)s AND %(last)s))
FROM here
"""
AGAIN = """
SELECT count(DISTINCT person) FROM done WHERE on_day BETWEEN %(first)s AND %(last)s
   AND person IN (SELECT person FROM done WHERE on_day BETWEEN %(was_first)s AND %(was_last)s)
"""
CONTRIBUTIONS = """
SELECT count(*) FROM dashboard_contribution WHERE deleted_at IS NULL
   AND date(occurred_at AT TIME ZONE 'UTC') BETWEEN %(first)s AND %(last)s AND identity_id NOT IN (
       SELECT i.id FROM members_identity i JOIN members_member m ON m.id = i.member_id WHERE m.bot_state = 'bot')
"""
FIRST_ANSWERS = """
SELECT q.id, q.kind, (SELECT extract(epoch FROM min(a.occurred_at) - q.occurred_at) FROM done a WHERE
       a.thread = q.thread AND a.source_id = q.source_id AND a.person != i.member_id AND a.occurred_at >= q.occurred_at)
FROM dashboard_contribution q JOIN members_identity i ON i.id = q.identity_id
JOIN members_member m ON m.id = i.member_id
WHERE q.kind IN ('issue', 'change', 'discussion', 'topic', 'question', 'submission') AND q.deleted_at IS NULL
  AND m.bot_state != 'bot' AND date(q.occurred_at AT TIME ZONE 'UTC') BETWEEN %(first)s AND %(last)s
"""


@pytest.mark.parametrize("days", [30, 90, 365])
def test_totals_are_those_of_plain_sql(community, days):
    rebuild(today=TODAY)
    row = WindowTotals.objects.get(days=days)
    for stored, age in ((row.totals, 0), (row.before, days)):
        people, new, returning = ask(PEOPLE, **span(days, age))[0]
        assert (stored["people"], stored["new"], stored["returning"]) == (people, new, returning)
        assert stored["contributions"] == ask(CONTRIBUTIONS, **span(days, age))[0][0]
        answers = ask(FIRST_ANSWERS, **span(days, age))
        seconds = sorted(float(took) for _id, _kind, took in answers if took is not None)
        middle = (seconds[(len(seconds) - 1) // 2] + seconds[len(seconds) // 2]) / 2
        assert stored["response_seconds"] == pytest.approx(middle)
        unanswered = sum(kind == "question" and took is None for _id, kind, took in answers)
        assert stored["unanswered"] == unanswered > 0
    was = span(days, days)
    again = ask(AGAIN, **span(days), was_first=was["first"], was_last=was["last"])[0][0]
    assert row.totals["retained"] == again > 0


ACTIVITY = """
SELECT person, count(*), count(DISTINCT on_day),
       count(*) FILTER (WHERE kind NOT IN ('message', 'reply'))
       + count(DISTINCT (channel_id, on_day)) FILTER (WHERE kind IN ('message', 'reply'))
FROM done WHERE on_day BETWEEN %(first)s AND %(last)s GROUP BY person
"""
BELONGED = """
SELECT a.organisation_id, count(*), count(DISTINCT done.person), count(DISTINCT done.on_day)
FROM done JOIN members_affiliation a ON a.member_id = done.person AND a.confirmed_at IS NOT NULL
WHERE on_day BETWEEN %(first)s AND %(last)s AND on_day >= coalesce(lower(a.days), '-infinity')
  AND on_day < coalesce(upper(a.days), 'infinity') GROUP BY 1
"""


def test_people_and_organisations_are_those_of_plain_sql(community):
    rebuild(today=TODAY)
    stored = MemberWindow.objects.filter(days=90, n__gt=0).values_list("member_id", "n", "active_days", "counted")
    assert sorted(stored) == sorted(ask(ACTIVITY, **span(90)))
    stored = OrganisationWindow.objects.filter(days=90, n__gt=0).values_list(
        "organisation_id", "n", "people", "active_days"
    )
    assert sorted(stored) == sorted(ask(BELONGED, **span(90)))
    assert disagreements(today=TODAY) == []


SAVANNAH = """
SELECT person, count(*), count(*) FILTER (WHERE kind = 'change' OR state = 'accepted')
FROM done WHERE on_day BETWEEN %(first)s AND %(last)s GROUP BY person
"""


def test_savannah_is_what_the_dashboard_before_would_say(community):
    install_preset(preset="savannah", from_on=TODAY - timedelta(days=800))
    install_levels(preset="savannah", from_on=TODAY)
    rebuild(today=TODAY)
    found = ask(SAVANNAH, **span(365))
    credit = dict(MemberLevel.objects.filter(points__gt=0).values_list("member_id", "points"))
    assert credit == {person: works for person, _n, works in found if works}
    judged = Counter(
        "core" if works >= 10 else "contributor" if works else "participant" if n >= 10 else "visitor"
        for _person, n, works in found
    )
    levels = WindowTotals.objects.get(days=90).totals["levels"]
    assert {level: n for level, n in levels.items() if level != "quiet"} == dict(judged)
    assert len(judged) == 4


def test_invented_community_is_refused_beside_real_data(weights):
    SourceFactory()
    with pytest.raises(NotEmpty, match="--beside-real-data"):
        load(contributions=10, people=10, seed=1, until=TODAY)
    load(contributions=10, people=10, seed=1, until=TODAY, is_beside=True)
    with pytest.raises(NotEmpty, match="loaded already"):
        load(contributions=10, people=10, seed=1, until=TODAY, is_beside=True)
