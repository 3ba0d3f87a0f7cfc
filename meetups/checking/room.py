"""Criterion 4: a confirmed office or community space, not a bar or pub; for an online group, platform and host."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from meetups.checking.findings import Finding, Notes
from meetups.rooms import drinking_word
from portal.places.names import fold

#: A monthly meetup with a speaker and a few guests does not fit into less.
FEW_SEATS = 6


class Answer(StrEnum):
    """What the host said."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Asked:
    """The host was asked about a room by this name and address; newest first in `Facts`. `when` is for the evidence."""

    venue_name: str
    venue_address: str
    answer: Answer
    contact: str = ""
    when: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """The answers about the room. `kind_label` is the kind in words, `names_town` whether the address has the town."""

    kind: str = ""
    kind_label: str = ""
    name: str = ""
    address: str = ""
    capacity: int | None = None
    access: Sequence[str] = ()
    contact: str = ""
    town: str = ""
    names_town: bool = False
    # Another town that the address names, and how far it is from the group's; no address has a position of its own.
    other_town: str = ""
    other_km: int = 0
    radius_km: int = 0
    asked: Sequence[Asked] = ()


def is_about(asked: Asked, *, name: str, address: str) -> bool:
    """Whether the host was asked about the room as it is named now; spelling and punctuation do not matter."""
    return (fold(asked.venue_name), fold(asked.venue_address)) == (fold(name), fold(address))


def check(facts: Facts) -> Finding:
    """The finding for a room."""
    notes = Notes()
    if not facts.name.strip():
        notes.fail(_("No room is named."))
    if not facts.kind:
        notes.fail(_("It is not said what kind of room it is: an office, a library, a community centre?"))
    if word := drinking_word(facts.name):
        notes.warn(
            _("“%(word)s” in the name: a group meets in an office or a community space, not in a bar or pub.")
            % {"word": word}
        )
    if not facts.address.strip():
        notes.warn(_("The address is missing."))
    if facts.other_town and not facts.names_town and facts.other_km > facts.radius_km:
        notes.warn(
            _("The address names %(other)s, %(km)d km from %(town)s.")
            % {"other": facts.other_town, "km": facts.other_km, "town": facts.town}
        )
    if facts.capacity is None:
        notes.say(_("It is not said for how many there is room."))
    elif facts.capacity < FEW_SEATS:
        notes.warn(_("There is room for %(count)s only.") % {"count": facts.capacity})
    if facts.name.strip():
        _judge_answer(facts, notes)
    return notes.finding(_evidence(facts, word))


def _judge_answer(facts: Facts, notes: Notes) -> None:
    """The newest answer about this very room counts; a question that waits does not take an answer away."""
    here = [asked for asked in facts.asked if is_about(asked, name=facts.name, address=facts.address)]
    answered = next((asked for asked in here if asked.answer != Answer.WAITING), None)
    values = {"room": facts.name, "who": (answered or (here[0] if here else Asked("", "", Answer.WAITING))).contact}
    if answered is not None and answered.answer == Answer.CONFIRMED:
        notes.say(_("%(room)s was confirmed by its host.") % values)
    elif answered is not None:
        notes.fail(_("The host of %(room)s said no.") % values)
    elif here:
        notes.warn(_("The host of %(room)s was asked and has not answered yet.") % values)
    elif facts.asked:
        notes.warn(
            _("The host was asked about another room (%(other)s); about %(room)s nobody was asked.")
            % {"other": facts.asked[0].venue_name, "room": facts.name}
        )
    else:
        notes.warn(_("The host of %(room)s was not asked to confirm it.") % values)


def _evidence(facts: Facts, word: str) -> dict[str, Any]:
    evidence: dict[str, Any] = {
        "room": facts.name,
        "kind": facts.kind_label or facts.kind,
        "address": facts.address,
        "capacity": facts.capacity,
        "access": list(facts.access),
        "host": facts.contact,
    }
    if word:
        evidence["word"] = word
    if facts.town and facts.address:
        evidence["address_names_town"] = facts.names_town
    if facts.other_town and not facts.names_town:
        evidence |= {"other_town": facts.other_town, "address_km": facts.other_km}
    if facts.asked:
        evidence["asked"] = [
            {"room": one.venue_name, "answer": one.answer.value, "on": one.when, "note": one.note}
            for one in facts.asked
        ]
    return evidence


@dataclass(frozen=True, slots=True)
class OnlineFacts:
    """What an online group says instead of a room."""

    platform: str = ""
    account: str = ""


def check_online(facts: OnlineFacts) -> Finding:
    """The finding for a platform and who hosts there."""
    notes = Notes()
    platform, account = facts.platform.strip(), facts.account.strip()
    if not platform:
        notes.fail(_("No platform is named."))
    if not account:
        notes.fail(_("It is not said whose account hosts the call."))
    if platform and account:
        notes.say(_("%(platform)s, hosted by %(account)s.") % {"platform": platform, "account": account})
    return notes.finding({"platform": platform, "account": account})
