"""What pages may call somebody, and whether they may say where the person works."""

from datetime import UTC, datetime

import pytest

from portal.members.models import Member

ERASED = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("visibility", "name", "handle", "erased_at", "shown", "is_named", "tells_employer"),
    [
        ("public", "Ada Marlow", "ada", None, "Ada Marlow", True, True),
        ("public", "", "ada", None, "ada", True, True),
        ("public", "", "", None, "a member", False, True),
        ("public", "Ada Marlow", "ada", ERASED, "a member", False, False),
        ("handle", "Ada Marlow", "ada", None, "ada", True, False),
        ("handle", "Ada Marlow", "", None, "a member", False, False),
        ("handle", "Ada Marlow", "ada", ERASED, "a member", False, False),
        ("hidden", "Ada Marlow", "ada", None, "a member", False, False),
    ],
)
def test_member_is_called_what_they_wish(
    visibility: str,
    name: str,
    handle: str,
    erased_at: datetime | None,
    shown: str,
    is_named: bool,
    tells_employer: bool,
):
    member = Member(visibility=visibility, name=name, handle=handle, erased_at=erased_at)
    assert (member.display_name, member.is_named, member.tells_employer) == (shown, is_named, tells_employer)
