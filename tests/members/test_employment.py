"""Where somebody belongs on a day."""

from datetime import date

from portal.members.employment import Job, organisation_at


def test_a_range_counts_from_its_first_day_to_the_day_before_its_end():
    jobs = [Job(1, (date(2024, 1, 1), date(2024, 7, 1))), Job(2, (date(2024, 7, 1), None))]
    days = [date(2023, 12, 31), date(2024, 1, 1), date(2024, 6, 30), date(2024, 7, 1), date(2030, 1, 1)]
    assert [organisation_at(jobs, day) for day in days] == [None, 1, 1, 2, 2]


def test_only_what_the_person_confirmed_counts_and_the_better_known_answers():
    always = (None, None)
    profile, domain, team = Job(1, always, "profile"), Job(2, always, "domain"), Job(3, always, "team")
    assert organisation_at([profile, domain, team], date(2024, 1, 1)) == 3
    assert organisation_at([domain, profile], date(2024, 1, 1)) == 2
    assert organisation_at([Job(4, always, "person", is_confirmed=False)], date(2024, 1, 1)) is None
    assert organisation_at([Job(9, always), Job(5, always)], date(2024, 1, 1)) == 5
