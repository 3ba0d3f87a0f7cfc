"""The year of the demo, before it meets a database."""

import random
from collections import Counter, defaultdict
from datetime import date, timedelta

import pytest

from dashboard import kinds
from dashboard.importers.records import Record
from portal.pages.demo import activity, companies, people, pulse, talking
from portal.pages.demo.places_of_work import workplaces

TODAY = date(2026, 11, 24)


def make_world(seed: int) -> activity.World:
    rng = random.Random(seed)
    firms = [*companies.partners(), *companies.employers()]
    crowd = people.make_people(rng, firms, today=TODAY)
    calendar = pulse.Calendar(TODAY, frozenset({TODAY - timedelta(days=68)}))
    world = activity.World(rng, calendar, crowd, {}, workplaces("Anything"))
    activity.write(world, talking.THREADS)
    return world


@pytest.fixture(scope="module")
def world() -> activity.World:
    return make_world(1)


@pytest.fixture(scope="module")
def records(world: activity.World) -> list[Record]:
    return [record for pile in world.written.values() for record in pile]


def test_world_is_the_same_for_the_same_seed(world: activity.World) -> None:
    assert make_world(1).written == world.written


def test_world_is_another_for_another_seed(world: activity.World) -> None:
    assert make_world(2).written != world.written


def test_people_are_a_thousand_with_names_and_handles_of_their_own(world: activity.World) -> None:
    assert len(world.people) == 1000
    assert len({person.name for person in world.people}) == 1000
    assert len({person.handle for person in world.people}) == 1000


def test_people_come_from_six_continents_and_sixty_countries(world: activity.World) -> None:
    countries = {person.town.country_code for person in world.people}
    assert len(countries) >= 60
    assert {"DE", "NG", "IN", "BR", "US", "AU"} <= countries


def test_people_half_of_them_work_somewhere_and_some_changed(world: activity.World) -> None:
    employed = [person for person in world.people if person.stints]
    assert 450 <= len(employed) <= 600
    assert sum(len(person.stints) == 2 for person in employed) >= 30
    assert sum(person.stints[-1].until is not None for person in employed) >= 15


def test_records_have_ids_of_their_own_at_each_source(world: activity.World) -> None:
    for service in world.places:
        ids = [
            record.external_id for (where, _key), pile in world.written.items() if where == service for record in pile
        ]
        assert len(ids) == len(set(ids)), service


def test_records_lie_in_the_past(records: list[Record], world: activity.World) -> None:
    assert max(record.occurred_at for record in records) < world.calendar.end
    assert all(record.credited_at is None or record.credited_at < world.calendar.end for record in records)


def test_records_are_200_to_300_changes_and_accepted_answers_a_month(records: list[Record]) -> None:
    months: Counter[date] = Counter()
    for record in records:
        if record.kind == kinds.CHANGE or record.state == kinds.STATE_ACCEPTED:
            months[record.occurred_at.date().replace(day=1)] += 1
    whole = [months[day] for day in sorted(months)][-13:-1]
    assert len(whole) == 12
    assert all(200 <= number <= 300 for number in whole), whole


def test_records_come_from_every_outside_source(world: activity.World) -> None:
    services = {service for service, _key in world.written}
    assert services == {"github", "slack", "discourse", "reddit", "stackexchange"}


def test_records_bring_newcomers_every_week(records: list[Record]) -> None:
    first: dict[str, date] = {}
    for record in sorted(records, key=lambda record: record.occurred_at):
        if record.account:
            first.setdefault(record.account.username, record.occurred_at.date())
    weeks = Counter((TODAY - day).days // 7 for day in first.values())
    assert all(weeks[number] >= 3 for number in range(1, 50)), weeks


def test_records_rest_at_the_weekend(records: list[Record]) -> None:
    days = Counter(record.occurred_at.weekday() for record in records)
    assert max(days[5], days[6]) < 0.8 * min(days[number] for number in range(5))


def test_changes_end_in_every_way(records: list[Record]) -> None:
    states = {record.state for record in records if record.kind == kinds.CHANGE}
    assert states == {"merged", "merged_trivial", "merged_by_self", "closed", "open"}


def test_titles_of_roots_are_various(records: list[Record]) -> None:
    titles = [record.title for record in records if record.kind in {kinds.ISSUE, kinds.CHANGE, kinds.QUESTION}]
    assert all(titles)
    assert len(set(titles)) > 0.55 * len(titles)


def test_answers_follow_their_question(records: list[Record]) -> None:
    asked: dict[str, Record] = {}
    answers: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        if record.kind == kinds.QUESTION:
            asked[record.thread] = record
        elif record.kind == kinds.ANSWER:
            answers[record.thread].append(record)
    assert set(answers) <= set(asked)
    assert all(
        answer.occurred_at > asked[thread].occurred_at and answer.account != asked[thread].account
        for thread, given in answers.items()
        for answer in given
        if answer.state == kinds.STATE_ACCEPTED
    )
