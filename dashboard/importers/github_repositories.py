"""What GitHub's repositories are here: channels, keyed by the number that a rename keeps."""

from collections.abc import Mapping
from typing import Any, Final

from dashboard.importers import cleaning, github_items
from dashboard.importers.records import ChannelRecord

#: Streams that a repository may have switched off, and the field that says so.
_SWITCHES: Final = {github_items.ISSUES: "has_issues", github_items.DISCUSSIONS: "has_discussions"}


def repository(item: Any, mirrors: frozenset[str]) -> ChannelRecord | None:
    """A repository as a channel; None for forks, private ones and what is no repository.

    `mirrors` are lower-case names, with or without the owner. Keyed by the numeric id, which a rename keeps.
    """
    if not isinstance(item, Mapping) or item.get("fork") is True or item.get("private") is True:
        return None
    number, full_name = cleaning.whole_number(item.get("id")), cleaning.text(item.get("full_name"), 200)
    if number is None or "/" not in full_name:
        return None
    is_mirror = bool(item.get("mirror_url")) or not mirrors.isdisjoint(
        {full_name.lower(), full_name.lower().rpartition("/")[2]}
    )
    streams = tuple(stream for stream in github_items.STREAMS if item.get(_SWITCHES.get(stream, "")) is not False)
    return ChannelRecord(
        key=str(number),
        name=full_name,
        kind="repository",
        url=cleaning.web_address(item.get("html_url")),
        is_archived=item.get("archived") is True,
        is_mirror=is_mirror,
        streams=() if is_mirror else streams,
    )
