"""The words and ways that the charts of the page need beside their numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard import words
from dashboard.levels import Rule
from dashboard.scope import INDEPENDENT
from dashboard.services.overview import Overview
from dashboard.views.looking import Look
from dashboard.views.thresholds import rule_notes
from portal.ui.calendar_charts import Heat, Months, heat_of, months_of


def heat_chart(values: Sequence[Sequence[int]]) -> Heat:
    """When people are here: day of the week and hour."""
    return heat_of(values)


def growth_chart(rows: Sequence[dict[str, Any]]) -> Months | None:
    """Active people of each month, those who were new apart; None while nobody was ever here."""
    while rows and not rows[0]["people"]:
        rows = rows[1:]
    if not rows:
        return None
    months = [date.fromisoformat(row["month"]) for row in rows]
    new = [row["new"] for row in rows]
    others = [row["people"] - row["new"] for row in rows]
    return months_of(months, [(_("Here before"), others), (_("New"), new)], _growth_summary(rows))


def _growth_summary(rows: Sequence[dict[str, Any]]) -> str:
    """One sentence; the month that is not over yet is compared with nothing."""
    whole = rows[:-1]
    if not whole:
        return ""
    best = max(whole, key=lambda row: row["people"])
    month = format_date(date.fromisoformat(best["month"]), "F Y")
    last = whole[-1]
    return _("%(n)s people in %(month)s, the last whole month; the most were %(most)s in %(best)s.") % {
        "n": f"{last['people']:,}",
        "month": format_date(date.fromisoformat(last["month"]), "F Y"),
        "most": f"{best['people']:,}",
        "best": month,
    }


def pyramid_rows(here: Look, page: Overview, rule: Rule) -> list[dict[str, Any]]:
    """The levels with what each asks for, highest first, each leading to its people."""
    notes = rule_notes(rule)
    return [
        {
            "label": words.level(row.key),
            "note": notes[row.key],
            "value": row.value,
            "delta": row.delta,
            "url": reverse("dashboard:people") + here.scope.but(level=row.key).address(people="active"),
        }
        for row in page.levels
    ]


def levels_summary(page: Overview) -> str:
    """ "31 people carry the core, three more than before the window." """
    core = next(row for row in page.levels if row.key == "core")
    carried = ngettext("%(n)s person carries the core", "%(n)s people carry the core", core.value)
    carried %= {"n": f"{core.value:,}"}
    if core.delta is None:
        return f"{carried}."
    if not core.delta:
        return _("%(carried)s, as many as before these days.") % {"carried": carried}
    words_of = _("%(carried)s, %(n)s more than before these days.") if core.delta > 0 else None
    words_of = words_of or _("%(carried)s, %(n)s fewer than before these days.")
    return words_of % {"carried": carried, "n": abs(core.delta)}


def fact_urls(here: Look) -> dict[str, str]:
    """The list behind each number of the strip."""
    return {
        "contributions": here.address("contributions"),
        "people": here.address("people", people="active"),
        "new": here.address("newcomers"),
        "returning": here.address("people", people="active", flag="returning"),
        "organisations": here.address("organisations", by="people"),
    }


def in_time(seconds: float | None) -> str:
    """ "40 min", "2 h 40", "3 days 4 h"; a dash for nothing."""
    if seconds is None:
        return "–"
    minutes = round(seconds / 60)
    hours, rest = divmod(minutes, 60)
    if hours >= 48:
        days, hours = divmod(hours, 24)
        return _("%(days)s days %(hours)s h") % {"days": days, "hours": hours}
    if hours:
        return _("%(hours)s h %(minutes)s") % {"hours": hours, "minutes": f"{rest:02}"}
    return _("%(minutes)s min") % {"minutes": minutes}


@dataclass(frozen=True, slots=True)
class HealthRow:
    """One measure of health: what, how much, a few words beside it, the list behind it."""

    label: str
    value: str
    note: str
    url: str = ""


def health_rows(here: Look, page: Overview) -> list[HealthRow]:
    """Answers, staying and what rests on few, of the whole window."""
    now, before = page.totals, page.before
    rows = [
        HealthRow(_("First answer by another person"), in_time(now["response_seconds"]), _compared(now, before)),
        HealthRow(
            _("Questions without an answer"),
            f"{now['unanswered']:,}",
            _("of %(all)s asked") % {"all": f"{now['questions']:,}"},
            here.address("questions"),
        ),
        HealthRow(
            _("People who stayed"),
            "–" if now["retention"] is None else _("%(n)s %%") % {"n": now["retention"]},
            _("%(n)s of the %(all)s people of the %(days)s days before")
            % {"n": f"{now['retained']:,}", "all": f"{before['people']:,}", "days": here.scope.days},
        ),
        HealthRow(
            _("Half of all work rests on"),
            ngettext("%(n)s person", "%(n)s people", now["absence_factor"]) % {"n": f"{now['absence_factor']:,}"},
            _("contributor absence factor; the higher, the safer"),
            here.address("people", people="active"),
        ),
        HealthRow(
            _("Half of organisations' work rests on"),
            ngettext("%(n)s organisation", "%(n)s organisations", now["elephant_factor"])
            % {"n": f"{now['elephant_factor']:,}"},
            _("elephant factor; as mixed as %(n)s equal ones") % {"n": now["diversity"]},
            here.address("organisations", by="active"),
        ),
    ]
    if page.volunteers_share is not None:
        rows.append(
            HealthRow(
                _("Volunteers' share"),
                _("%(n)s %%") % {"n": page.volunteers_share},
                _("of the credit, by people without a confirmed employer"),
                reverse("dashboard:people") + here.scope.but(organisation=INDEPENDENT).address(),
            )
        )
    return rows


def _compared(now: dict[str, Any], before: dict[str, Any]) -> str:
    seconds, was = now["response_seconds"], before.get("response_seconds")
    if seconds is None:
        return _("nothing was answered")
    if was is None:
        return _("median")
    minutes = round((seconds - was) / 60)
    if not minutes:
        return _("median; as fast as before")
    took = in_time(abs(minutes) * 60)
    if minutes < 0:
        return _("median; %(time)s faster") % {"time": took}
    return _("median; %(time)s slower") % {"time": took}
