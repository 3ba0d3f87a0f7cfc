"""The six criteria of a new group, judged from its answers. Plain values in, plain values out; today is passed in.

Source: the community handbook's six criteria for official meetup groups. Nothing here approves or blocks: a result says
how far an answer is, people decide.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from meetups import recurrence
from meetups.checking.companies import Worker, all_from_one
from meetups.rooms import drinking_word

NOTICE = timedelta(weeks=4)
ENOUGH_ORGANISERS = 2
RADIUS_KM = 50


class Status(StrEnum):
    """How far a criterion is; `WAITING` means that somebody else has the next word."""

    MET = "met"
    WAITING = "waiting"
    NOT_YET = "not_yet"


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A group, or an application under way, near the chosen place."""

    name: str
    km: int
    same_place: bool = False


@dataclass(frozen=True, slots=True)
class Answers:
    """What the applicants have said so far; empty values are answers not given yet.

    `venue_contact` is who confirms the room, `venue_word` what became of asking them: "asked", "confirmed" or
    "declined", on `venue_word_on`; empty while nobody was asked about the room as it is named now.
    """

    is_online: bool = False
    forum_url: str = ""
    interest_note: str = ""
    place: str = ""
    neighbours: Sequence[Neighbour] = ()
    radius_km: int = RADIUS_KM
    languages: Sequence[str] = ()
    time_zones_served: str = ""
    accepted: Sequence[str] = ()
    invited: Sequence[str] = ()
    companies: Sequence[str] = ()
    venue_kind: str = ""
    venue_name: str = ""
    venue_address: str = ""
    venue_contact: str = ""
    venue_word: str = ""
    venue_word_on: date | None = None
    platform: str = ""
    platform_account: str = ""
    launch_on: date | None = None
    ordinal: int | None = None
    weekday: int | None = None
    slot: str = ""
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """One criterion: its number and key, a title, how far it is and one line that says why."""

    number: int
    key: str
    title: str | Promise
    status: Status
    evidence: str

    @property
    def badge(self) -> tuple[str, str]:
        """(state of the badge, its word)."""
        return {
            Status.MET: ("good", _("Met")),
            Status.WAITING: ("wait", _("Waiting")),
            Status.NOT_YET: ("off", _("Not yet")),
        }[self.status]


Verdict = tuple[Status, str]


def _interest(a: Answers, today: date) -> Verdict:
    if a.forum_url:
        return Status.MET, _("Your thread is linked; we look for two people in it who would come.")
    if a.interest_note:
        return Status.WAITING, _("You named people; a thread on the forum is still missing.")
    return Status.NOT_YET, _("A thread on the forum where two people say they would come.")


def _place(a: Answers, today: date) -> Verdict:
    if not a.place:
        return Status.NOT_YET, _("Choose the town you meet in.")
    if not a.neighbours:
        return Status.MET, _("%(place)s. No other group near.") % {"place": a.place}
    nearest = min(a.neighbours, key=lambda other: (not other.same_place, other.km))
    values = {"place": a.place, "name": nearest.name, "km": nearest.km}
    if nearest.same_place:
        return Status.WAITING, _("%(place)s already has %(name)s. Say what yours adds, or join them.") % values
    if nearest.km < a.radius_km:
        return Status.WAITING, _("%(place)s. %(name)s is only %(km)s km away.") % values
    return Status.MET, _("%(place)s. Nearest group: %(name)s, %(km)s km.") % values


def _reach(a: Answers, today: date) -> Verdict:
    if a.languages and a.time_zones_served:
        return Status.MET, _("You speak %(languages)s, for %(zones)s.") % {
            "languages": ", ".join(a.languages),
            "zones": a.time_zones_served,
        }
    if a.languages:
        return Status.NOT_YET, _("Say which time zones you serve.")
    return Status.NOT_YET, _("Say which languages and time zones you serve.")


def _organisers(a: Answers, today: date) -> Verdict:
    if len(a.accepted) >= ENOUGH_ORGANISERS:
        # The rule of the machine's look; here it knows only what people typed.
        if len(a.companies) == len(a.accepted) and all_from_one([Worker(names=[name]) for name in a.companies]):
            return Status.MET, _("%(names)s. All from one company; two would be better.") % {
                "names": ", ".join(a.accepted)
            }
        return Status.MET, ", ".join(a.accepted)
    if a.invited:
        return Status.WAITING, _("%(names)s was invited and has not answered yet.") % {"names": ", ".join(a.invited)}
    missing = ENOUGH_ORGANISERS - len(a.accepted)
    return Status.NOT_YET, ngettext("Invite one more organiser.", "Invite %(count)s more organisers.", missing) % {
        "count": missing
    }


def _room(a: Answers, today: date) -> Verdict:
    if word := drinking_word(a.venue_name):
        return Status.NOT_YET, _("“%(word)s” in the name: bars and pubs do not welcome everybody.") % {"word": word}
    if not (a.venue_kind and a.venue_name):
        return Status.NOT_YET, _("An office or a community space, not a bar.")
    if not a.venue_address:
        return Status.NOT_YET, _("%(name)s: where is it?") % {"name": a.venue_name}
    if not a.venue_contact:
        return Status.WAITING, _("%(name)s: who can confirm the room?") % {"name": a.venue_name}
    return _host(a)


def _host(a: Answers) -> Verdict:
    """A room is confirmed by who may say yes for the house, not by naming them."""
    day = date_format(a.venue_word_on) if a.venue_word_on else ""
    values = {"name": a.venue_name, "contact": a.venue_contact, "day": day}
    if a.venue_word == "confirmed":
        return Status.MET, _("%(name)s, confirmed by %(contact)s on %(day)s.") % values
    if a.venue_word == "declined":
        return Status.NOT_YET, _("%(name)s: %(contact)s said no on %(day)s. Choose another room.") % values
    if a.venue_word == "asked":
        return Status.WAITING, _("%(name)s: %(contact)s was asked on %(day)s and has not answered yet.") % values
    return Status.WAITING, _("%(name)s: ask %(contact)s to confirm it by mail.") % values


def _platform(a: Answers, today: date) -> Verdict:
    if a.platform and a.platform_account:
        return Status.MET, _("%(platform)s, hosted by %(account)s.") % {
            "platform": a.platform,
            "account": a.platform_account,
        }
    if a.platform:
        return Status.NOT_YET, _("%(platform)s: whose account hosts the call?") % {"platform": a.platform}
    return Status.NOT_YET, _("Name the platform and whose account hosts the call.")


def _launch(a: Answers, today: date) -> Verdict:
    earliest = today + NOTICE
    if a.launch_on is None:
        return Status.NOT_YET, _("At least four weeks ahead: %(day)s or later.") % {"day": date_format(earliest)}
    values = {"day": date_format(a.launch_on), "earliest": date_format(earliest)}
    if a.launch_on < today:
        return Status.NOT_YET, _("%(day)s is past. Choose a new date.") % values
    if a.launch_on < earliest:
        return Status.WAITING, _("%(day)s is less than four weeks ahead. %(earliest)s or later is easier.") % values
    if a.ordinal is not None and a.weekday is not None and not recurrence.fits(a.launch_on, a.ordinal, a.weekday):
        return Status.MET, _("%(day)s. It is not one of your monthly dates; that is fine if you mean it.") % values
    return Status.MET, str(values["day"])


def _rhythm(a: Answers, today: date) -> Verdict:
    if a.slot:
        return Status.MET, _("%(slot)s, %(zone)s") % {"slot": a.slot, "zone": a.zone} if a.zone else a.slot
    return Status.NOT_YET, _("For example the first Friday, 18:00.")


#: key -> (title for a town, title online, judge for a town, judge online); the order is the handbook's.
CRITERIA: dict[str, tuple[Promise, Promise, Callable[[Answers, date], Verdict], Callable[[Answers, date], Verdict]]] = {
    "interest": (
        gettext_lazy("Two people are interested"),
        gettext_lazy("Two people are interested"),
        _interest,
        _interest,
    ),
    "place": (gettext_lazy("A town of its own"), gettext_lazy("Languages and time zones"), _place, _reach),
    "organisers": (gettext_lazy("Two organisers"), gettext_lazy("Two organisers"), _organisers, _organisers),
    "room": (gettext_lazy("A room that is not a bar"), gettext_lazy("A platform and a host"), _room, _platform),
    "launch": (gettext_lazy("A launch date"), gettext_lazy("A launch date"), _launch, _launch),
    "rhythm": (gettext_lazy("A monthly rhythm"), gettext_lazy("A monthly rhythm"), _rhythm, _rhythm),
}
KEYS = tuple(CRITERIA)


def judge(answers: Answers, *, today: date) -> list[Result]:
    """The six results in order; `today` is the date in the zone of the group."""
    results = []
    for number, (key, (title, online_title, in_town, online)) in enumerate(CRITERIA.items(), start=1):
        status, evidence = (online if answers.is_online else in_town)(answers, today)
        results.append(Result(number, key, online_title if answers.is_online else title, status, evidence))
    return results
