"""Pages that visitors share: the same while nothing changed, new after every commit, never somebody's own."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from dashboard.models import Contribution, PageChange, Source
from dashboard.services.summaries import rebuild
from dashboard.services.versions import page_version
from portal.members.models import Affiliation, Identity, Member, Organisation
from tests.dashboard.factories import NOW, TODAY, ChannelFactory, OrganisationFactory, belongs, member_of, record, save
from tests.members.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("weights")]


@pytest.fixture
def built():
    cache.clear()
    save(ChannelFactory(), record("a", who="1"), record("b", who="2"))
    belongs(member_of("1"), OrganisationFactory(name="Oak"))
    Member.objects.update(visibility="public", name="Ada")
    rebuild(today=TODAY)


def people(client, **headers):
    return client.get(reverse("dashboard:people") + "?people=active", headers=headers)


def test_a_visitor_who_has_the_page_is_told_that_nothing_changed(client, built):
    first = people(client)
    assert first.headers["Cache-Control"] == "no-cache"
    again = people(client, if_none_match=first.headers["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    assert people(client, if_none_match='"other"').status_code == 200
    assert client.get(reverse("dashboard:people"), headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_a_shared_page_is_drawn_once(client, built, django_assert_num_queries):
    first = people(client)
    with django_assert_num_queries(1):
        assert people(client).content == first.content


CHANGES = {
    "name": lambda: Member.objects.filter(pk=member_of("1").pk).update(name="Grace"),
    "visibility": lambda: Member.objects.filter(pk=member_of("1").pk).update(visibility="hidden"),
    "organisation": lambda: Organisation.objects.update(name="Elm"),
    "source": lambda: Source.objects.update(last_error="broken", last_good_at=NOW),
    "import": lambda: save(Contribution.objects.first().channel, record("c", who="3")),
    "deleted": lambda: Contribution.objects.filter(external_id="a").update(deleted_at=NOW),
    "merge": lambda: Identity.objects.filter(uid="2").update(member=member_of("1")),
    "affiliation": lambda: Affiliation.objects.all().delete(),
    "summaries": lambda: rebuild(today=TODAY),
}


@pytest.mark.parametrize("what", CHANGES)
def test_every_change_that_a_page_shows_makes_a_new_version(built, what):
    before = page_version()
    CHANGES[what]()
    assert page_version() != before


def test_a_member_who_hides_is_gone_from_the_shared_page_at_once(client, built):
    assert people(client).content.decode().count("Ada") > 0
    Member.objects.update(visibility="hidden")
    assert "Ada" not in people(client).content.decode()


def test_a_rebuild_takes_the_changes_it_has_seen_away(built):
    Member.objects.update(name="Grace")
    assert PageChange.objects.exists()
    rebuild(today=TODAY)
    assert not PageChange.objects.exists()


def test_somebody_signed_in_gets_no_shared_page_and_leaves_none(client, built):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    own = client.get(reverse("dashboard:overview"))
    assert "ETag" not in own.headers
    assert "who is drifting away" in own.content.decode()
    client.logout()
    client.cookies.clear()
    assert "who is drifting away" not in client.get(reverse("dashboard:overview")).content.decode()
