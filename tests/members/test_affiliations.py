"""Who works where, and how people are named."""

from datetime import date

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db.backends.postgresql.psycopg_any import DateRange

from portal.members.models import Affiliation, Organisation
from portal.members.services import (
    add_affiliation,
    confirm_affiliation,
    end_affiliation,
    organisation_called,
    reject_affiliation,
    set_bot_state,
    set_visibility,
)
from tests.members.factories import AffiliationFactory, MemberFactory, OrganisationFactory
from tests.members.rows import changes

pytestmark = pytest.mark.django_db


def test_affiliation_of_the_person_counts_at_once():
    member = MemberFactory()
    row = add_affiliation(
        member=member, organisation=OrganisationFactory(), from_on=date(2024, 1, 1), last_on=date(2024, 6, 30)
    )
    assert (row.days, row.source) == (DateRange(date(2024, 1, 1), date(2024, 7, 1)), "person")
    assert list(member.affiliations.confirmed()) == [row]
    assert changes(member) == [(member.pk, "affiliation")]


def test_affiliation_that_overlaps_is_refused_with_the_other_ones_days():
    old = AffiliationFactory(from_on=date(2024, 1, 1), organisation__name="Casa Norte")
    with pytest.raises(ValidationError) as caught:
        add_affiliation(member=old.member, organisation=OrganisationFactory(), from_on=date(2025, 1, 1))
    assert caught.value.message_dict == {
        "from_on": ["These days overlap with Casa Norte, 1 Jan 2024 to now. End that one first, or change the days."]
    }
    assert Affiliation.objects.count() == 1
    assert changes() == []


def test_days_that_touch_do_not_overlap():
    old = AffiliationFactory(from_on=date(2024, 1, 1), until_on=date(2024, 7, 1))
    add_affiliation(member=old.member, organisation=OrganisationFactory(), from_on=date(2024, 7, 1))
    assert old.member.affiliations.count() == 2


def test_last_day_before_the_first_is_refused():
    with pytest.raises(ValidationError) as caught:
        add_affiliation(
            member=MemberFactory(),
            organisation=OrganisationFactory(),
            from_on=date(2024, 1, 2),
            last_on=date(2024, 1, 1),
        )
    assert list(caught.value.message_dict) == ["last_on"]


def test_claim_of_others_counts_only_once_confirmed():
    row = AffiliationFactory(confirmed_at=None, source="team")
    assert list(Affiliation.objects.confirmed()) == []
    assert confirm_affiliation(affiliation=row)
    assert not confirm_affiliation(affiliation=row)
    assert not reject_affiliation(affiliation=row)
    assert list(Affiliation.objects.confirmed()) == [row]
    assert changes() == [(row.member_id, "affiliation")]


def test_rejected_claim_is_remembered_and_frees_the_days():
    row = AffiliationFactory(confirmed_at=None, source="domain")
    assert reject_affiliation(affiliation=row)
    assert list(Affiliation.objects.shown()) == []
    add_affiliation(member=row.member, organisation=OrganisationFactory(), from_on=date(2020, 1, 1))
    assert Affiliation.objects.count() == 2


def test_affiliation_ends_on_its_last_day():
    row = AffiliationFactory(from_on=date(2024, 1, 1))
    end_affiliation(affiliation=row, last_on=date(2024, 3, 31))
    row.refresh_from_db()
    assert row.days == DateRange(date(2024, 1, 1), date(2024, 4, 1))
    for day in (date(2023, 12, 31), date(2024, 4, 1)):
        with pytest.raises(ValidationError):
            end_affiliation(affiliation=row, last_on=day)


@pytest.mark.parametrize("day", [date.min, date(1949, 12, 31), date(2036, 11, 25), date.max])
@pytest.mark.parametrize("field", ["from_on", "last_on"])
@time_machine.travel("2026-11-24T12:00Z", tick=False)
def test_days_nobody_can_mean_are_refused_at_their_field(field: str, day: date):
    member, organisation = MemberFactory(), OrganisationFactory()
    with pytest.raises(ValidationError) as caught:
        add_affiliation(member=member, organisation=organisation, **{"from_on": None, "last_on": None, field: day})
    assert caught.value.message_dict == {field: ["Choose a day between 1 Jan 1950 and 24 Nov 2036."]}
    assert Affiliation.objects.count() == 0


@time_machine.travel("2026-11-24T12:00Z", tick=False)
def test_first_and_latest_day_are_taken():
    row = add_affiliation(
        member=MemberFactory(), organisation=OrganisationFactory(), from_on=date(1950, 1, 1), last_on=date(2036, 11, 24)
    )
    assert row.days == DateRange(date(1950, 1, 1), date(2036, 11, 25))


@pytest.mark.parametrize("day", [date.min, date.max])
def test_affiliation_does_not_end_on_a_day_nobody_can_mean(day: date):
    row = AffiliationFactory(from_on=None)
    with pytest.raises(ValidationError, match="Choose a day between"):
        end_affiliation(affiliation=row, last_on=day)
    row.refresh_from_db()
    assert row.days == DateRange(None, None)


def test_organisation_is_found_however_it_is_written():
    known = OrganisationFactory(name="Casa Norte", slug="casa-norte")
    assert organisation_called("  casa  NORTE ") == known
    other = organisation_called("Casa Norte!")
    assert (other.name, other.slug) == ("Casa Norte!", "casa-norte-2")
    assert organisation_called("東京").slug == "organisation"
    assert Organisation.objects.count() == 3


def test_visibility_and_bot_state_tell_others_once():
    member = MemberFactory()
    assert set_visibility(member=member, visibility="hidden")
    assert not set_visibility(member=member, visibility="hidden")
    assert set_bot_state(member=member, bot_state="bot")
    assert not set_bot_state(member=member, bot_state="bot")
    assert changes() == [(member.pk, "bot"), (member.pk, "visibility")]
