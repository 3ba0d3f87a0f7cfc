"""Links to people in stored text: read anew each time, so that who opted out since is named no more."""

import re
from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse

from portal.members.models import Member

_MARK = "0"


def _prefix() -> str:
    return settings.SITE_URL + reverse("pages:member", args=[_MARK]).removesuffix(f"{_MARK}/")


def link_to(member: Member) -> str:
    """Markdown that names somebody; to be stored only for people who may be named."""
    label = member.display_name.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
    return f"[{label}]({address_of(member)})"


def with_names_of_today(text: str) -> str:
    """The text with each linked person called as they wish to be called today.

    Somebody who may not be named any more: their line of a list goes, elsewhere words stand for the name. Merged
    people lead to whom they were merged into.
    """
    link = re.compile(r"\[(?:\\.|[^\]\\])*\]\(" + re.escape(_prefix()) + r"(?P<who>[\w-]+)/\)")
    known = _members(found["who"] for found in link.finditer(text))

    def named(found: re.Match[str]) -> str:
        member = known.get(found["who"])
        return link_to(member) if member is not None and member.is_named else str(Member().display_name)

    lines = []
    for line in text.splitlines():
        people = [known.get(found["who"]) for found in link.finditer(line)]
        is_item = re.match(r"\s*(?:[-*+]|\d+\.)\s", line) is not None
        if is_item and any(member is None or not member.is_named for member in people):
            continue
        lines.append(link.sub(named, line))
    return "\n".join(lines)


def written(url: str) -> str:
    """An address as it stands inside the brackets of a link."""
    return url.replace("(", "%28").replace(")", "%29").replace(" ", "%20")


def without_links(text: str, urls: Iterable[str]) -> str:
    """The text without the lines that lead to one of these addresses."""
    marks = [f"]({written(url)})" for url in urls]
    return "\n".join(line for line in text.splitlines() if not any(mark in line for mark in marks))


def address_of(member: Member) -> str:
    """Where the links that name somebody lead to."""
    return f"{_prefix()}{member.public_id}/"


def _members(public_ids: Iterable[str]) -> dict[str, Member]:
    rows = Member.objects.filter(public_id__in=set(public_ids)).select_related("merged_into")
    return {row.public_id: row.merged_into or row for row in rows}
