"""Scopes: from an address and back."""

import pytest
from django.http import QueryDict

from dashboard.filters import read
from dashboard.scope import Scope
from tests.dashboard.factories import ChannelFactory, OrganisationFactory, SourceFactory


def test_scope_writes_the_address_it_was_read_from():
    scope = Scope(days=30, sources=("a", "b"), channel=7, kind="issue", organisation="oak", country="DE", level="core")
    assert scope.query == "?days=30&source=a&source=b&channel=7&kind=issue&organisation=oak&country=DE&level=core"
    assert scope.but(is_new=True).address(page="2").endswith("&new=1&page=2")
    assert Scope().query == ""
    assert not Scope(days=365).is_filtered


def test_scope_toggles_a_source():
    assert Scope().toggled("a").sources == ("a",)
    assert Scope(sources=("a", "b")).toggled("a").sources == ("b",)


@pytest.mark.django_db
def test_filters_are_read_and_told_as_chips():
    source, organisation = SourceFactory(name="code"), OrganisationFactory(name="Oak", slug="oak")
    channel = ChannelFactory(source=source, name="core")
    query = QueryDict(
        f"days=30&source=code&channel={channel.pk}&organisation={organisation.slug}&country=de&level=core&new=1&page=3"
    )
    asked = read(query)
    expected = {"days": 30, "sources": ("code",), "channel": channel.pk, "organisation": "oak", "country": "DE"}
    assert asked.scope == Scope(**expected, level="core", is_new=True)
    assert asked.problems == []
    assert [(chip["kind"], chip["label"]) for chip in asked.chips] == [
        ("Place", "core"),
        ("Organisation", "Oak"),
        ("Country", "Germany"),
        ("Level", "Core"),
        ("", "only new people"),
    ]
    assert "page" not in asked.chips[0]["remove_url"]
    assert "channel" not in asked.chips[0]["remove_url"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("source=nobody", "There is no source of that name; it is left out."),
        ("channel=99999", "Place: There is no such place any more; pick another."),
        ("channel=x", "Place: Enter a whole number."),
        (f"channel={10**30}", f"Place: Ensure this value is less than or equal to {2**63 - 1}."),
        ("organisation=nobody", "Organisation: There is no such organisation; pick another."),
        ("country=XX", "Country: There is no such country; pick another."),
        ("level=quiet", "Level: The dashboard knows no such choice; pick another."),
        ("kind=nonsense", "Kind: The dashboard knows no such choice; pick another."),
    ],
)
def test_filters_say_what_they_do_not_know_and_leave_it_out(query, problem):
    asked = read(QueryDict(f"{query}&new=1"))
    assert asked.problems == [problem]
    assert asked.scope == Scope(is_new=True)
