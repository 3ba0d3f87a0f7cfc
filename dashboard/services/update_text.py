"""The first draft of a monthly update, in Markdown, from the figures of its report."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.utils import formats, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard.models import Contribution, Report
from dashboard.services.people_in_text import link_to, written
from dashboard.services.reading import change
from meetups.models import Event, Group
from portal.members.models import Member, Organisation

Lines = list[str]


def title(report: Report) -> str:
    with translation.override(settings.LANGUAGE_CODE):
        return _("%(month)s at %(community)s") % {
            "month": formats.date_format(report.start_on, "F Y"),
            "community": settings.COMMUNITY.name,
        }


def body(report: Report) -> str:
    """Sections without content are left out; only people who may be named are named."""
    with translation.override(settings.LANGUAGE_CODE):
        parts = [_opening(report)]
        for heading, section in _SECTIONS:
            if lines := section(report.figures):
                parts.append(f"## {heading()}\n\n" + "\n".join(lines))
        parts.append(_("Thank you, everybody."))
        return "\n\n".join(parts)


def _opening(report: Report) -> str:
    totals, before = report.figures["totals"], report.before
    words = ngettext(
        "**%(n)s** contribution by **%(people)s** people", "**%(n)s** contributions by **%(people)s** people",
        totals["contributions"],
    )  # fmt: skip
    sentence = words % {"n": f"{totals['contributions']:,}", "people": f"{totals['people']:,}"}
    new = _("**%(new)s** of them were here for the first time") % {"new": f"{totals['new']:,}"}
    moved = change(totals["contributions"], before["contributions"])
    if moved is None:
        return f"{sentence}. {new}."
    compared = (
        _("%(percent)s %% more than the month before") if moved >= 0 else _("%(percent)s %% less than the month before")
    )
    return f"{sentence}, {compared % {'percent': abs(moved)}}. {new}."


def _members(keys: list[int]) -> dict[int, Member]:
    """Who may be named, by key."""
    return {key: member for key, member in Member.objects.in_bulk(keys).items() if member.is_named}


def _newcomers(figures: dict[str, Any]) -> Lines:
    rows = figures["newcomers"]
    people, deeds = _members([row[0] for row in rows]), Contribution.objects.in_bulk([row[1] for row in rows])
    lines = []
    for key, first in rows:
        if key not in people:
            continue
        deed = deeds.get(first)
        what = f": {_link(deed.title, deed.url)}" if deed is not None and deed.title and deed.url else ""
        lines.append(f"- {link_to(people[key])}{what}")
    return lines


def _contributors(figures: dict[str, Any]) -> Lines:
    people = _members([row[0] for row in figures["contributors"]])
    words = _("%(credit)s credit")
    return [
        f"- {link_to(people[key])}: {words % {'credit': credit}}"
        for key, credit, _n in figures["contributors"]
        if key in people
    ]


def _supporters(figures: dict[str, Any]) -> Lines:
    people = _members([row[0] for row in figures["supporters"]])
    lines = []
    for key, answers, accepted in figures["supporters"]:
        if key not in people:
            continue
        said = ngettext("%(n)s answer", "%(n)s answers", answers) % {"n": answers}
        taken = ngettext(", %(n)s accepted", ", %(n)s accepted", accepted) % {"n": accepted} if accepted else ""
        lines.append(f"- {link_to(people[key])}: {said}{taken}")
    return lines


def _organisations(figures: dict[str, Any]) -> Lines:
    names = Organisation.objects.in_bulk([row[0] for row in figures["organisations"]])
    lines = []
    for rank, (key, credit, _n, before) in enumerate(figures["organisations"], start=1):
        if key not in names:
            continue
        points = _("%(credit)s credit") % {"credit": credit}
        moved = _(" (was %(before)s)") % {"before": before} if before not in {None, rank} else ""
        lines.append(f"{rank}. {_plain(names[key].name)}: {points}{moved}")
    return lines


def _meetups(figures: dict[str, Any]) -> Lines:
    totals = figures["totals"]
    founded = Group.objects.listed().filter(pk__in=figures["founded"]).order_by("founded_at")
    lines = ["- " + _("New group: %(group)s") % {"group": _link(group.name, _absolute(group))} for group in founded]
    if totals["events"]:
        held = ngettext("%(n)s event held", "%(n)s events held", totals["events"]) % {"n": totals["events"]}
        came = _(", %(n)s people came") % {"n": totals["attended"]} if totals["attended"] else ""
        lines.append(f"- {held}{came}")
    coming = Event.objects.public().filter(pk__in=figures["coming"], state=Event.State.PUBLISHED)
    for event in coming.order_by("starts_at"):
        words = {"event": _link(event.title, _absolute(event)), "day": formats.date_format(event.starts_local, "j F")}
        lines.append("- " + _("Next: %(event)s, %(day)s") % words)
    return lines


def _questions(figures: dict[str, Any]) -> Lines:
    asked = Contribution.objects.filter(pk__in=figures["questions"], deleted_at=None).order_by("-occurred_at")
    shown = [one for one in asked.select_related("identity__member") if one.identity.member.is_named]
    return [f"- {_link(one.title, one.url)}" for one in shown if one.title and one.url]


def _plain(text: str) -> str:
    """Markdown that shows the text as it is, on one line."""
    return "".join(f"\\{sign}" if sign in "\\`*_[]<>#~|" else sign for sign in " ".join(text.split()))


def _link(label: str, url: str) -> str:
    return f"[{_plain(label)}]({written(url)})"


def _absolute(row: Group | Event) -> str:
    return settings.SITE_URL + row.get_absolute_url()


_SECTIONS: tuple[tuple[Callable[[], str], Callable[[dict[str, Any]], Lines]], ...] = (
    (lambda: _("New here"), _newcomers),
    (lambda: _("Who carried it"), _contributors),
    (lambda: _("Who helped others"), _supporters),
    (lambda: _("Organisations"), _organisations),
    (lambda: _("Meetups"), _meetups),
    (lambda: _("Questions still without an answer"), _questions),
)
