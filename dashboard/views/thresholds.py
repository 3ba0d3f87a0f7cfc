"""Thresholds of levels in words, beside what was found: each line says whether it is met."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard import words
from dashboard.levels import CREDIT, Hint, Level, OrganisationLevel, Rule
from dashboard.services.why import WhyLevel, WhyOrganisationLevel


@dataclass(frozen=True, slots=True)
class Threshold:
    """A level, what it asks for, what was found, and whether it is reached."""

    label: words.Words
    asks: str
    found: str
    is_met: bool
    is_held: bool


def points_text(rule: Rule, n: int) -> str:
    """ "20 credit", or works where the rule counts those."""
    if rule.measure == CREDIT:
        return _("%(n)s credit") % {"n": f"{n:,}"}
    return ngettext("%(n)s accepted work", "%(n)s accepted works", n) % {"n": f"{n:,}"}


def rule_notes(rule: Rule) -> dict[str, str]:
    """The thresholds in force, in a few words each."""
    core = points_text(rule, rule.core_points)
    if rule.core_weeks:
        core += ", " + _("%(weeks)s of %(all)s weeks") % {"weeks": rule.core_weeks, "all": -(-rule.days // 7)}
    often = _("%(n)s contributions") % {"n": rule.participant_contributions}
    if rule.participant_days:
        often = _("%(days)s days, or %(rest)s") % {"days": rule.participant_days, "rest": often}
    return {
        "core": core,
        "contributor": points_text(rule, rule.contributor_points),
        "participant": often,
        "visitor": _("anything at all"),
    }


def organisation_rule_notes(rule: Rule) -> dict[str, str]:
    """The same for organisations."""
    core = _("%(people)s people with credit, credit in each of %(months)s months of 30 days") % {
        "people": rule.organisation_people,
        "months": rule.organisation_months,
    }
    return {"core": core, "contributing": _("any credit"), "participating": _("anybody active")}


def thresholds(why: WhyLevel) -> list[Threshold]:
    """A person's levels, highest first."""
    facts, notes = why.facts, rule_notes(why.rule)
    points = points_text(why.rule, facts.points)
    weeks = ngettext("%(n)s week", "%(n)s weeks", facts.weeks) % {"n": facts.weeks}
    days = ngettext("%(n)s day", "%(n)s days", facts.active_days) % {"n": facts.active_days}
    counted = ngettext("%(n)s contribution", "%(n)s contributions", facts.counted) % {"n": f"{facts.counted:,}"}
    found = {
        "core": f"{points}, {weeks}",
        "contributor": points,
        "participant": f"{days}, {counted}",
        "visitor": counted,
    }
    return [
        Threshold(words.level(level.key), notes[level.key], found[level.key], why.level >= level, why.level == level)
        for level in sorted(Level, reverse=True)
        if level != Level.QUIET
    ]


def organisation_thresholds(why: WhyOrganisationLevel) -> list[Threshold]:
    """An organisation's levels, highest first."""
    facts, notes = why.facts, organisation_rule_notes(why.rule)
    with_credit = _("%(people)s people with credit, credit in %(months)s months") % {
        "people": facts.contributors,
        "months": facts.months,
    }
    found = {
        "core": with_credit,
        "contributing": _("%(n)s credit") % {"n": f"{facts.credit:,}"},
        "participating": ngettext("%(n)s person", "%(n)s people", facts.people) % {"n": facts.people},
    }
    return [
        Threshold(
            words.organisation_level(level.key),
            notes[level.key],
            found[level.key],
            why.level >= level,
            why.level == level,
        )
        for level in sorted(OrganisationLevel, reverse=True)
        if level != OrganisationLevel.QUIET
    ]


def hint_text(why: WhyLevel) -> str:
    """ "2 more credit to Core", or nothing for who is at the top."""
    hint: Hint | None = why.hint
    if hint is None:
        return ""
    parts = []
    if hint.points:
        credit = ngettext("%(n)s more credit", "%(n)s more credit", hint.points)
        works = ngettext("%(n)s more accepted work", "%(n)s more accepted works", hint.points)
        parts.append((credit if why.rule.measure == CREDIT else works) % {"n": hint.points})
    if hint.weeks:
        parts.append(ngettext("%(n)s more active week", "%(n)s more active weeks", hint.weeks) % {"n": hint.weeks})
    either = []
    if hint.days:
        either.append(ngettext("%(n)s more day", "%(n)s more days", hint.days) % {"n": hint.days})
    if hint.contributions:
        more = ngettext("%(n)s more contribution", "%(n)s more contributions", hint.contributions)
        either.append(more % {"n": hint.contributions})
    if either:
        parts.append(_(" or ").join(either))
    return _("%(what)s to %(level)s") % {"what": _(" and ").join(parts), "level": words.level(hint.level.key)}
