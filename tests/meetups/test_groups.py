"""Search text, addresses, joining and leaving."""

import pytest
from django.db import IntegrityError

from meetups.models import Group, GroupMembership
from meetups.services import groups
from portal.jobs.transitions import MoveRefused
from tests.meetups.factories import GroupFactory, person
from tests.places.factories import town

pytestmark = pytest.mark.django_db


def test_search_text_holds_name_places_in_every_spelling_and_country() -> None:
    text = groups.search_text(name="Öffne Kreise", place=town("Köln"), region_label="Rheinland")
    assert text.split("|") == ["offne kreise", "rheinland", "koln", "cologne", "koeln", "colonia", "germany"]


def test_refresh_follows_a_new_name() -> None:
    group = GroupFactory(place=town("Köln"))
    Group.objects.filter(pk=group.pk).update(name="Renamed")
    group.refresh_from_db()
    groups.refresh_search(group)
    group.refresh_from_db()
    assert group.search.startswith("renamed|koln|")


def test_slug_of_a_name_without_latin_letters_is_still_an_address() -> None:
    assert groups.free_slug("東京") == "group"
    GroupFactory(slug="group")
    assert groups.free_slug("東京") == "group-2"


def test_joining_and_leaving_twice_changes_nothing_more() -> None:
    group, member = GroupFactory(), person()
    assert groups.join_group(group=group, member=member) is True
    assert groups.join_group(group=group, member=member) is False
    assert GroupMembership.objects.count() == 1
    assert groups.leave_group(group=group, member=member) is True
    assert groups.leave_group(group=group, member=member) is False


@pytest.mark.parametrize("values", [{"state": "archived"}, {"kind": "external", "external_url": "https://example.org"}])
def test_closed_groups_take_no_members(values: dict[str, str]) -> None:
    with pytest.raises(MoveRefused):
        groups.join_group(group=GroupFactory(**values), member=person())


def test_meetup_without_a_place_is_refused_by_the_database() -> None:
    with pytest.raises(IntegrityError):
        GroupFactory(place=None, search="")
