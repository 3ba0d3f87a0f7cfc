"""How far a place has come on the six criteria before anybody applied: plain numbers in, results out.

What people said here is a beginning, not evidence: the forum thread, the room and the dates are still asked for later.
"""

from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meetups import criteria
from meetups.criteria import ENOUGH_ORGANISERS, Neighbour, Result, Status

#: Source: the first criterion of the community handbook.
ENOUGH_INTERESTED = 2


@dataclass(frozen=True, slots=True)
class Pool:
    """What is known of a place: how many people said what, and the group nearest to it.

    `guests` are those who said anything but that they would organise: a group needs people besides its organisers.
    """

    place: str
    guests: int = 0
    organisers: int = 0
    hosts: int = 0
    nearest: Neighbour | None = None


def judge(pool: Pool, *, today: date) -> list[Result]:
    """The six results in the order of the handbook; `today` is the date at the place."""
    neighbours = (pool.nearest,) if pool.nearest else ()
    results = criteria.judge(criteria.Answers(place=pool.place, neighbours=neighbours), today=today)
    pooled = {
        "interest": _counted(pool.guests, ENOUGH_INTERESTED, _interested(pool.guests)),
        "organisers": _counted(pool.organisers, ENOUGH_ORGANISERS, _organisers(pool.organisers)),
        "room": _room(pool.hosts),
    }
    return [
        replace(result, status=pooled[result.key][0], evidence=pooled[result.key][1])
        if result.key in pooled
        else result
        for result in results
    ]


def _counted(number: int, enough: int, words: str) -> tuple[Status, str]:
    if number >= enough:
        return Status.MET, words
    return (Status.WAITING if number else Status.NOT_YET), words


def _interested(number: int) -> str:
    values = {"n": number, "enough": ENOUGH_INTERESTED}
    if number > ENOUGH_INTERESTED:
        return _("%(n)d interested, %(enough)d are enough.") % values
    return _("%(n)d of %(enough)d interested, besides those who would organise.") % values


def _organisers(number: int) -> str:
    values = {"n": number, "enough": ENOUGH_ORGANISERS}
    if number > ENOUGH_ORGANISERS:
        return _("%(n)d would organise, %(enough)d are enough.") % values
    return _("%(n)d of %(enough)d organisers.") % values


def _room(hosts: int) -> tuple[Status, str]:
    if not hosts:
        return Status.NOT_YET, _("An office or a community space, not a bar. Nobody offered one yet.")
    words = ngettext("A venue is offered, to be confirmed.", "%(n)d venues are offered, to be confirmed.", hosts)
    return Status.WAITING, words % {"n": hosts}
