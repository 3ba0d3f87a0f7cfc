"""Which moves an application of a partner and a sponsorship may make, and who makes them. Plain words in and out."""

from collections.abc import Iterable

from portal.jobs.transitions import Table

CONTACT = "contact"  # of the partner
ORGANISER = "organiser"  # of the group or event
APPLICANT = "applicant"
REVIEWER = "reviewer"
LEAD = "lead"
SYSTEM = "system"


def _table(rows: Iterable[tuple[str, str, set[str]]]) -> Table:
    return Table({(start, to): frozenset(actors) for start, to, actors in rows})


#: Two-sided: whoever began, the other side says yes.
SPONSORSHIP = _table(
    [
        ("offered", "agreed", {ORGANISER}),
        ("offered", "declined", {ORGANISER, SYSTEM}),
        ("offered", "withdrawn", {CONTACT}),
        ("asked", "agreed", {CONTACT}),
        ("asked", "declined", {CONTACT, SYSTEM}),
        ("asked", "withdrawn", {ORGANISER}),
        ("agreed", "given", {ORGANISER}),
        ("agreed", "withdrawn", {CONTACT, ORGANISER}),
    ]
)

#: Approved, declined and withdrawn are final.
APPLICATION = _table(
    [
        ("submitted", "in_review", {REVIEWER}),
        ("submitted", "changes_requested", {REVIEWER}),
        ("in_review", "changes_requested", {REVIEWER}),
        ("changes_requested", "submitted", {APPLICANT}),
        ("in_review", "approved", {LEAD}),
        ("submitted", "declined", {LEAD}),
        ("in_review", "declined", {LEAD}),
        ("changes_requested", "declined", {LEAD}),
        ("submitted", "withdrawn", {APPLICANT}),
        ("in_review", "withdrawn", {APPLICANT}),
        ("changes_requested", "withdrawn", {APPLICANT}),
    ]
)
