"""Criterion 3: two organisers from within the community, preferably not from the same company.

How somebody stands with the Code of Conduct is not looked at here: there is no such record yet, only reports, and those
are for their own team alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meetups.checking.companies import Worker, all_from_one
from meetups.checking.findings import Finding, Notes
from meetups.mailboxes import bare_address
from portal.places.names import fold

ENOUGH = 2
MOST_GROUPS = 2


@dataclass(frozen=True, slots=True)
class Person:
    """An organiser who accepted, and what the portal knows of them. `verified` are addresses proved to be theirs."""

    member: int
    name: str
    seat_email: str
    verified: Sequence[str] = ()
    days_here: int = 0
    services: Sequence[str] = ()
    events: int = 0
    groups_joined: int = 0
    groups_run: int = 0
    works: Worker = field(default_factory=Worker)


@dataclass(frozen=True, slots=True)
class Facts:
    """Those who accepted, and how many were invited and have not answered."""

    accepted: Sequence[Person] = ()
    waiting: int = 0


def check(facts: Facts) -> Finding:
    """The finding for the organisers of an application."""
    notes = Notes()
    people = list({person.member: person for person in facts.accepted}.values())
    verified = [person for person in people if person.verified]
    for person in people:
        if not person.verified:
            notes.warn(_("%(name)s has not confirmed an e-mail address.") % {"name": person.name})
    if same := _one_mailbox(people):
        notes.fail(_("%(names)s have the same mailbox: it may be one person twice.") % {"names": same})
    _count(verified, facts.waiting, notes)
    _judge_company(people, notes)
    _judge_load(people, notes)
    if namesakes := _namesakes(people):
        notes.warn(_("Two organisers are called %(name)s: it may be one person twice.") % {"name": namesakes})
    evidence: dict[str, Any] = {
        "accepted": len(people),
        "invited": facts.waiting,
        "organisers": [_row(person) for person in people],
    }
    return notes.finding(evidence)


def _count(verified: Sequence[Person], waiting: int, notes: Notes) -> None:
    if len(verified) >= ENOUGH:
        names = ", ".join(person.name for person in verified)
        notes.say(_("%(names)s accepted, each with an account of their own.") % {"names": names})
        return
    sentence = ngettext(
        "%(count)s organiser with a confirmed account has accepted; two are needed.",
        "%(count)s organisers with confirmed accounts have accepted; two are needed.",
        len(verified),
    )
    notes.fail(sentence % {"count": len(verified)})
    if waiting:
        sentence = ngettext("%(count)s invitation waits.", "%(count)s invitations wait.", waiting)
        notes.say(sentence % {"count": waiting})


def _mailboxes(person: Person) -> set[str]:
    return {bare_address(email) for email in (person.seat_email, *person.verified) if "@" in email}


def _one_mailbox(people: Sequence[Person]) -> str:
    """Names of two who share a mailbox, or ""."""
    for number, person in enumerate(people):
        for other in people[number + 1 :]:
            if _mailboxes(person) & _mailboxes(other):
                return f"{person.name}, {other.name}"
    return ""


def _namesakes(people: Sequence[Person]) -> str:
    seen: set[str] = set()
    for person in people:
        if (name := fold(person.name)) and name in seen:
            return person.name
        seen.add(name)
    return ""


def _judge_company(people: Sequence[Person], notes: Notes) -> None:
    """A preference of the handbook, never a bar."""
    if company := all_from_one([person.works for person in people]):
        notes.warn(_("All work for one company (%(company)s); two would be better.") % {"company": company})


def _judge_load(people: Sequence[Person], notes: Notes) -> None:
    for person in people:
        if person.groups_run > MOST_GROUPS:
            notes.warn(_("%(name)s runs %(count)s groups already.") % {"name": person.name, "count": person.groups_run})


def _row(person: Person) -> dict[str, Any]:
    return {
        "name": person.name,
        "has_confirmed_account": bool(person.verified),
        "days_here": person.days_here,
        "accounts_elsewhere": list(person.services),
        "events": person.events,
        "groups_joined": person.groups_joined,
        "groups_run": person.groups_run,
    }
