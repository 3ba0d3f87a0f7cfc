"""Why a score and a level are what they are: the lines add up to what the summaries hold, and opted-out people stay
unnamed."""

from datetime import timedelta

import pytest

from dashboard.levels import Hint, Level, OrganisationLevel
from dashboard.models import MemberLevel, MemberWindow, OrganisationStanding, OrganisationWindow
from dashboard.services.summaries import rebuild
from dashboard.services.why import why_level, why_member, why_organisation, why_organisation_level, why_works
from portal.members.models import Member
from tests.dashboard.factories import TODAY, ChannelFactory, OrganisationFactory, at, belongs, member_of, record, save

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("weights")]


@pytest.fixture
def company():
    """Ana and Ben of one company, since 80 days; Ben is named nowhere. Ana did things before, too."""
    channel = ChannelFactory()
    merged = {"kind": "change", "state": "merged"}
    save(
        channel,
        *(record(f"c:{n}", who="ana", day=8 * n + 1, credited_at=at(8 * n), **merged) for n in range(4)),
        *(record(f"m:{n}", "message", who="ana", day=2) for n in range(3)),
        record("r:1", "review", who="ana", thread="t", day=3),
        record("r:2", "review", who="ana", thread="t", day=2),
        record("c:old", who="ana", day=85, credited_at=at(84), **merged),
        record("c:late", who="ana", day=95, credited_at=at(70), **merged),
        record("c:ben", who="ben", day=3, credited_at=at(2), title="Ben's", url="https://ben.example.org", **merged),
        record("i:cat", who="cat", day=3),
    )
    Member.objects.filter(pk=member_of("ben").pk).update(visibility="hidden")
    organisation = OrganisationFactory()
    for who in ("ana", "ben"):
        belongs(member_of(who), organisation, TODAY - timedelta(days=80))
    rebuild(today=TODAY)
    return organisation


def lines(why):
    return [(line.kind, line.n, line.recognition, line.credit, line.note) for line in why.lines]


def test_why_of_a_member_adds_up_to_the_window(company):
    ana = member_of("ana")
    for days in (30, 90, 365):
        why, window = why_member(member=ana, days=days, last=TODAY), MemberWindow.objects.get(days=days, member=ana)
        assert (why.n, why.recognition, why.credit) == (window.n, window.recognition, window.credit)
        assert (why.counted, why.active_days) == (window.counted, window.active_days)
    assert lines(why_member(member=ana, days=90, last=TODAY)) == [
        ("change", 5, 25, 25, ""),
        ("change", 1, 0, 5, "counts for activity and for credit on different days, one of them outside these"),
        ("review", 1, 3, 3, ""),
        ("message", 1, 1, 0, ""),
        ("message", 2, 0, 0, "only one per person, channel and day counts"),
        ("review", 1, 0, 0, "only the first per person and thread counts"),
    ]


def test_why_of_a_level_shows_facts_thresholds_and_what_is_missing(company):
    told, stored = why_level(member=member_of("ana"), last=TODAY), MemberLevel.objects.get(member=member_of("ana"))
    assert (told.facts, told.level) == (stored.facts, stored.level)
    assert (told.level, told.hint) == (Level.CONTRIBUTOR, Hint(Level.CORE, weeks=1))
    assert (told.facts.points, told.rule.core_points, told.facts.weeks, told.rule.core_weeks) == (33, 20, 5, 6)
    assert sum(week.n for week in told.why.weeks) == told.why.n


def test_why_of_an_organisation_adds_up_and_keeps_hidden_people_unnamed(company):
    told = why_organisation_level(organisation=company, last=TODAY)
    window, standing = OrganisationWindow.objects.get(days=90), OrganisationStanding.objects.get()
    why = why_organisation(organisation=company, days=90, last=TODAY)
    assert (why.n, why.recognition, why.credit) == (window.n, window.recognition, window.credit)
    assert (told.facts, told.level) == (standing.facts, OrganisationLevel.CONTRIBUTING)
    shares = [(share.member and share.member.handle, share.people, share.n, share.credit) for share in told.shares]
    assert shares == [("login-ana", 1, 9, 28), (None, 1, 1, 5)]
    works = why_works(organisation=company, days=90, last=TODAY, limit=99)
    assert (sum(work.recognition for work in works), sum(work.credit for work in works)) == (
        why.recognition,
        why.credit,
    )
    [unnamed] = [work for work in works if work.member is None]
    assert (unnamed.title, unnamed.url, unnamed.credit) == ("", "", 5)


def test_why_lists_the_contributions_of_a_member_in_pieces(company, django_assert_num_queries):
    everything = why_works(member=member_of("ana"), days=90, last=TODAY, limit=99)
    assert [work.at for work in everything] == sorted((work.at for work in everything), reverse=True)
    with django_assert_num_queries(5):
        some = why_works(member=member_of("ana"), days=90, last=TODAY, limit=4, offset=3)
    assert some == everything[3:7]
