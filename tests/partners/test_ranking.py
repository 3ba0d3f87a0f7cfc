"""The ranking rule, alone: plain values in, standings that add up out."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partners.ranking import PARTS, Credit, Entrant, Rule, movement, part_of, rank

KINDS = ["change", "review", "answer", "organised", "spoke", "translation", "sponsored"]
entrants_ = st.lists(st.integers(1, 6), min_size=1, max_size=6, unique=True).map(
    lambda ids: [Entrant(pk, f"Partner {pk % 3}", "gold" if pk % 2 else "bronze", credit_90=pk % 2) for pk in ids]
)
credits_ = st.lists(
    st.builds(
        Credit,
        organisation=st.integers(1, 7),
        member=st.none() | st.integers(1, 4),
        kind=st.sampled_from(KINDS),
        state=st.sampled_from(["", "merged"]),
        n=st.integers(0, 5),
        each=st.integers(0, 5),
    ),
    max_size=20,
)
rules_ = st.sampled_from([Rule(), Rule("membership-then-activity", tier_first=True)])


@given(entrants_, credits_, rules_, st.randoms())
def test_order_of_the_input_changes_nothing(entrants, credits, rule, random):
    shuffled, others = list(credits), list(entrants)
    random.shuffle(shuffled)
    random.shuffle(others)
    assert rank(others, shuffled, rule) == rank(entrants, credits, rule)


@given(entrants_, credits_, rules_)
def test_every_standing_adds_up(entrants, credits, rule):
    standings = rank(entrants, credits, rule)
    assert {s.organisation for s in standings} == {e.organisation for e in entrants}
    for standing in standings:
        own = [c for c in credits if c.organisation == standing.organisation]
        assert standing.score == sum(c.n * c.each for c in own)
        assert standing.score == sum(line.n * line.each for line in standing.lines)
        assert standing.score == sum(points for _member, points in standing.shares)
        assert standing.score == sum(standing.parts.values())
        assert standing.contributors == len({c.member for c in own if c.points and c.member is not None})
        assert list(standing.parts) == list(PARTS)


@given(entrants_, credits_)
def test_more_credit_never_ranks_lower(entrants, credits):
    standings = rank(entrants, credits)
    for above, below in pairwise(standings):
        assert above.score >= below.score
        assert above.rank <= below.rank
    assert standings[0].rank == 1


@given(entrants_, credits_, st.integers(1, 5), st.integers(1, 5))
def test_added_work_never_lowers_a_partner(entrants, credits, n, each):
    lucky = entrants[0].organisation
    before = {s.organisation: s for s in rank(entrants, credits)}
    after = {s.organisation: s for s in rank(entrants, [*credits, Credit(lucky, 1, "change", "merged", n, each)])}
    assert after[lucky].score == before[lucky].score + n * each
    assert after[lucky].rank <= before[lucky].rank


@given(entrants_, credits_)
def test_splitting_a_batch_changes_nothing(entrants, credits):
    split = [replace(credit, n=1) for credit in credits for _ in range(credit.n)]
    assert rank(entrants, split) == rank(entrants, credits)


def work(organisation, member, n=1, each=5):
    return Credit(organisation, member, "change", "merged", n, each)


def ranks(standings):
    return [(s.rank, s.organisation) for s in standings]


def test_ties_go_to_more_people_then_to_90_days_then_share_a_rank_by_name():
    entrants = [
        Entrant(1, "beta", credit_90=10),
        Entrant(2, "Alpha", credit_90=10),
        Entrant(3, "more people", credit_90=1),
        Entrant(4, "more in 90 days", credit_90=11),
        Entrant(5, "last", credit_90=99),
    ]
    credits = [work(1, 1, 2), work(2, 2, 2), work(3, 3), work(3, 4), work(4, 5, 2)]
    assert ranks(rank(entrants, credits)) == [(1, 3), (2, 4), (3, 2), (3, 1), (5, 5)]


def test_membership_first_when_the_rule_says_so():
    entrants = [Entrant(1, "a", "bronze"), Entrant(2, "b", "diamond")]
    assert ranks(rank(entrants, [work(1, 1)])) == [(1, 1), (2, 2)]
    assert ranks(rank(entrants, [work(1, 1)], Rule(tier_first=True))) == [(1, 2), (2, 1)]


def test_entrants_may_come_from_a_generator():
    assert ranks(rank((e for e in [Entrant(1, "a")]), [], Rule(tier_first=True))) == [(1, 1)]


def test_largest_share_is_of_a_person():
    sponsor = Credit(1, None, "sponsored", "", 1, 10)
    (standing,) = rank([Entrant(1, "a")], [work(1, 1), work(1, 2, 1, 5), sponsor])
    assert (standing.score, standing.largest_share, standing.shares[-1]) == (20, 25, (None, 10))


@pytest.mark.parametrize(("now", "before", "moved"), [(1, 3, 2), (3, 1, -2), (2, 2, 0), (2, None, None)])
def test_movement_is_places_won(now, before, moved):
    assert movement(now, before) == moved


def test_unknown_kind_is_other_work():
    assert part_of("something new") == "other"
