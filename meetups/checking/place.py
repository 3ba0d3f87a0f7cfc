"""Criterion 2: a town of its own, not covered by another group; for an online group, languages and time zones."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from meetups.checking.findings import Finding, Notes
from portal.places.names import fold, spelled_out

#: So many people in the towns within the radius are enough for two groups; with fewer the land is thin.
THIN_PEOPLE = 250_000
WIDER = 2
#: A town of the same name in the same area may be the same town in other words, up to so many radii away.
SAME_NAME_RADII = 3
SHOWN = 8

#: Abbreviations people write for zones; the list need not be complete, a zone that is not found is a warning only.
_ABBREVIATIONS = (
    "CET|CEST|EET|EEST|WET|WEST|BST|IST|MSK|EST|EDT|CST|CDT|MST|MDT|PST|PDT|AKST|HST|BRT|ART|CAT|EAT|WAT|SAST|GST|PKT"
    "|ICT|WIB|PHT|HKT|SGT|JST|KST|AEST|AEDT|ACST|AWST|NZST|NZDT"
)
_ZONE_WORD = re.compile(
    r"\b(?:UTC|GMT)(?:\s?[+\-−±]\s?\d{1,2}(?::?\d{2})?)?|\b[A-Z][A-Za-z_]+/[A-Za-z_]+(?:/[A-Za-z_]+)?"
    rf"|\b(?:{_ABBREVIATIONS})\b"
)


@dataclass(frozen=True, slots=True)
class Town:
    """A place of the gazetteer: its own name, the folded names it is found under, and where it is."""

    key: int
    name: str
    names: Collection[str] = ()
    country: str = ""
    area: str = ""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A group, an application under way or a community elsewhere, with its town and the way there in kilometres."""

    name: str
    km: float
    town: Town
    kind: str = "group"
    state: str = ""
    label: str = ""
    url: str = ""

    @property
    def is_living(self) -> bool:
        return self.kind == "application" or (self.kind == "group" and self.state in {"onboarding", "active", "quiet"})

    @property
    def is_asleep(self) -> bool:
        return self.kind == "group" and self.state == "dormant"


@dataclass(frozen=True, slots=True)
class Facts:
    """A town with what is around it. `people_near` lives in the towns within `radius_km`."""

    town: Town | None = None
    region_label: str = ""
    region_is_country: bool = False
    neighbours: Sequence[Neighbour] = ()
    radius_km: int = 50
    people_near: int = 0


@dataclass(frozen=True, slots=True)
class OnlineFacts:
    """Language code -> its name, or "" for a code no language has; `zone_exists` is about the group's own zone."""

    languages: dict[str, str]
    zones_served: str = ""
    zone: str = ""
    zone_exists: bool = False
    others: Sequence[str] = ()


def radius_for(radius_km: int, people_near: int) -> int:
    """The radius a group covers: the usual one, twice as wide where few people live within it."""
    return radius_km if people_near >= THIN_PEOPLE else radius_km * WIDER


def share_a_name(one: Collection[str], other: Collection[str]) -> bool:
    """Whether two towns have a name in common, in any language, with or without accents (Köln, Koeln, Cologne)."""
    return not _spellings(one).isdisjoint(_spellings(other))


def _spellings(names: Collection[str]) -> set[str]:
    return {folded for name in names for folded in (fold(name), fold(spelled_out(name)))} - {""}


def names_town(text: str, town: Town) -> bool:
    """Whether a text names the town in one of its names, as whole words."""
    words = f" {fold(text)} "
    return any(f" {name} " in words for name in _spellings([town.name, *town.names]) if len(name) > 2)


def check(facts: Facts) -> Finding:
    """The finding for a group that meets in a town."""
    notes = Notes()
    town = facts.town
    if town is None:
        notes.fail(_("No town is chosen."))
        return notes.finding({})
    if facts.region_is_country and not names_town(facts.region_label, town):
        notes.fail(
            _("“%(label)s” is a whole country. A group meets in a town or region.") % {"label": facts.region_label}
        )
    radius = radius_for(facts.radius_km, facts.people_near)
    close = [one for one in facts.neighbours if _matters(one, town, radius)]
    for neighbour in close:
        _judge(neighbour, town, notes)
    _say_distance(facts, close, radius, notes)
    evidence: dict[str, Any] = {
        "town": town.name,
        "radius_km": radius,
        "people_near": facts.people_near,
        "neighbours": [_row(one) for one in facts.neighbours[:SHOWN]],
    }
    return notes.finding(evidence)


def _matters(neighbour: Neighbour, town: Town, radius: int) -> bool:
    if neighbour.town.key == town.key or neighbour.km <= radius:
        return True
    is_same_area = (neighbour.town.country, neighbour.town.area) == (town.country, town.area)
    return is_same_area and neighbour.km <= radius * SAME_NAME_RADII and _is_namesake(neighbour, town)


def _is_namesake(neighbour: Neighbour, town: Town) -> bool:
    """The neighbour's town has a name of ours, or the group calls itself after our town."""
    ours, theirs = [town.name, *town.names], [neighbour.town.name, *neighbour.town.names]
    return share_a_name(ours, theirs) or names_town(f"{neighbour.name} {neighbour.label}", town)


def _judge(neighbour: Neighbour, town: Town, notes: Notes) -> None:
    values = {"name": neighbour.name, "town": town.name, "km": round(neighbour.km), "there": neighbour.town.name}
    is_here = neighbour.town.key == town.key
    if neighbour.is_asleep:
        notes.warn(
            _("%(name)s sleeps in %(there)s, %(km)s km away: waking it up may be easier than founding a new group.")
            % values
        )
    elif is_here and neighbour.is_living and neighbour.kind == "application":
        notes.fail(_("Another application for %(town)s is open: %(name)s.") % values)
    elif is_here and neighbour.is_living:
        notes.fail(_("%(town)s has a group already: %(name)s.") % values)
    elif neighbour.kind == "elsewhere":
        notes.say(_("A community elsewhere is listed near: %(name)s, %(km)s km away.") % values)
    elif not neighbour.is_living:
        notes.warn(_("%(name)s, %(km)s km away, was suspended: ask the team why before another group begins.") % values)
    else:
        _judge_living(neighbour, town, notes, values)


def _judge_living(neighbour: Neighbour, town: Town, notes: Notes, values: dict[str, Any]) -> None:
    if neighbour.kind == "application":
        notes.warn(_("An open application is %(km)s km away, in %(there)s: %(name)s.") % values)
    elif _is_namesake(neighbour, town):
        notes.warn(_("%(name)s is %(km)s km away and may be the same town in other words.") % values)
    elif neighbour.town.country != town.country:
        notes.warn(_("%(name)s is only %(km)s km away, across the border in %(there)s.") % values)
    else:
        notes.warn(_("%(name)s is only %(km)s km away, in %(there)s.") % values)


def _say_distance(facts: Facts, close: Sequence[Neighbour], radius: int, notes: Notes) -> None:
    living = [one for one in facts.neighbours if one.is_living]
    if any(one.is_living for one in close):
        return
    if not living:
        notes.say(_("No other group is near."))
        return
    nearest = min(living, key=lambda one: one.km)
    notes.say(
        _("The nearest group is %(name)s, %(km)s km away; a group here covers %(radius)s km.")
        % {"name": nearest.name, "km": round(nearest.km), "radius": radius}
    )


def _row(neighbour: Neighbour) -> dict[str, Any]:
    return {
        "name": neighbour.name,
        "km": round(neighbour.km),
        "town": neighbour.town.name,
        "kind": neighbour.kind,
        "state": neighbour.state,
        "url": neighbour.url,
    }


def zones_named(text: str) -> list[str]:
    """Time zones a text names: UTC+1, Europe/Berlin, CET."""
    return list(dict.fromkeys(match.strip() for match in _ZONE_WORD.findall(text)))


def check_online(facts: OnlineFacts) -> Finding:
    """The finding for an online group."""
    notes = Notes()
    known = [name for name in facts.languages.values() if name]
    strange = [code for code, name in facts.languages.items() if not name]
    if not known:
        notes.fail(_("No language is chosen that we know."))
    if strange:
        notes.warn(_("No language has the code %(codes)s.") % {"codes": ", ".join(strange)})
    if not facts.zone_exists:
        notes.fail(_("“%(zone)s” is not a time zone such as Europe/Berlin.") % {"zone": facts.zone})
    zones = zones_named(facts.zones_served)
    if not facts.zones_served.strip():
        notes.fail(_("No time zones are named that the group serves."))
    elif not zones:
        notes.warn(_("The time zones served are said in words only: “%(text)s”.") % {"text": facts.zones_served})
    if known and facts.zones_served.strip():
        notes.say(
            _("The group speaks %(languages)s, for %(zones)s.")
            % {"languages": ", ".join(known), "zones": facts.zones_served}
        )
    if facts.others:
        notes.say(_("Online groups that share a language: %(names)s.") % {"names": ", ".join(facts.others)})
    evidence = {"languages": known, "zones_served": facts.zones_served, "zone": facts.zone, "zones_found": zones}
    return notes.finding({**evidence, "same_language": list(facts.others)})
