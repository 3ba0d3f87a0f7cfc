"""Addresses in one form."""

import pytest

from meetups.links import host_of, link_key, origin


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://www.facebook.com/groups/abc/", "http://m.facebook.com/groups/abc?ref=share&mibextid=1"),
        ("https://fb.com/groups/abc", "https://de-de.facebook.com/groups/ABC#top"),
        ("https://t.me/abc", "https://telegram.me/abc/"),
        ("https://example.org", "https://www.example.org/"),
        ("https://example.org/a//b?x=1&y=2", "https://example.org/a/b/?y=2&x=1&utm_source=mail"),
        ("https://discord.com/invite/abc", "https://discord.gg/abc"),
    ],
)
def test_addresses_of_one_page_have_one_key(one: str, other: str) -> None:
    assert link_key(one) == link_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.org/a", "https://example.org/b"),
        ("https://example.org/?g=1", "https://example.org/?g=2"),
        ("https://a.example.org/", "https://b.example.org/"),
    ],
)
def test_addresses_of_two_pages_have_two_keys(one: str, other: str) -> None:
    assert link_key(one) != link_key(other)


def test_hosts_are_short_and_broken_addresses_have_none() -> None:
    assert host_of("https://www.example.org/x") == "example.org"
    assert origin("https://example.org:99999/") == ("https", "example.org", 0)
    assert origin("https://[bad/") == ("", "", 0)
