"""Invented data for the style guide: every component in every state, without a database."""

import math
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator

from portal.ui.charts import Note, Series, StackedDays

TODAY = date(2026, 11, 21)
SOURCES = (
    *(("github", "GitHub", 40), ("slack", "Slack", 30), ("discourse", "Forum", 21)),
    *(("meetups", "Meetups", 7), ("reddit", "Reddit", 5), ("stackexchange", "Stack Overflow", 4)),
)
PEOPLE = ("Jonas Petrick", "Maja Lund", "Theo Brandt", "Noor Haddad", "Wanjiru Kimani", "Claire Bouchard")


PROSE = """We meet on the **fourth Tuesday**.

- bring a question
- or [an answer](https://example.org)

> Beginners sit at the front.
"""
SWATCHES = (
    *(
        "paper",
        "sheet",
        "sunk",
        "ink",
        "ink2",
        "ink3",
        "line",
        "line2",
        "edge",
        "brand",
        "deep",
        "wash",
        "btn",
        "amber",
    ),
    *("honey", "honey-ink", "good", "good-wash", "bad", "bad-wash"),
    *(f"chart-{n}" for n in range(1, 7)),
    *("map-land", "map-border"),
)


class RoomForm(forms.Form):
    """One field of every kind, as an organiser meets them."""

    kind = forms.ChoiceField(
        label="What kind of room is it?",
        widget=forms.RadioSelect,
        choices=[
            ("office", "Office"),
            ("library", "Library"),
            ("community", "Community centre"),
            ("else", "Something else"),
        ],
    )
    name = forms.CharField(label="Name of the place")
    email = forms.EmailField(label="Their e-mail address", help_text="We send one message with a button. Nothing else.")
    country = forms.ChoiceField(label="Country", choices=[("", "Choose one"), ("bw", "Botswana"), ("pt", "Portugal")])
    access = forms.MultipleChoiceField(
        label="Getting in",
        help_text="Shown on every event. Leave open what you do not know yet.",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("step", "Step-free from the street"), ("toilet", "Accessible toilet"), ("loop", "Hearing loop")],
    )
    about = forms.CharField(label="What will you do there?", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    agree = forms.BooleanField(label="The house has said yes", help_text="You can also send it before they answer.")


def _chart(days: int) -> StackedDays:
    dates = [TODAY - timedelta(days=days - 1 - i) for i in range(days)]
    series = []
    for number, (name, label, usual) in enumerate(SOURCES):
        values = []
        for i, day in enumerate(dates):
            week = 0.35 if day.weekday() > 4 else 1.0
            values.append(
                round(usual * week * (1 + 0.3 * math.sin(i / 6 + number) + 0.15 * math.sin(i * 2.3 + number * 5)))
            )
        series.append(Series(name, label, values))
    return StackedDays(
        days=dates,
        series=series,
        summary="105 contributions on a usual day, 40 at weekends. GitHub brings 38 of every 100, Slack 28.",
        csv_url="#csv",
        title="Activity, day by day",
        notes=(Note(TODAY - timedelta(days=30), "Camp in Lyon, 20 to 22 October"),) if days > 45 else (),
    )


def _numbers() -> dict[str, Any]:
    return {
        "chart": _chart(90),
        "chart_short": _chart(30),
        "weeks": [3, 5, 4, 6, 7, 6, 8, 7, 9, 8, 11, 12, 12],
        "weeks_gaps": [0, 0, 1, 0, 4, 6, 9, 8, 7, 9, 8, 8, 9],
        "ranks": [9, 7, 6, 4, 3, 1],
        "ranks_new": [None, None, None, None, None, 8],
        "parts": [
            {"label": label, "value": value, "series": n}
            for n, (label, value) in enumerate(
                [
                    ("Changes merged", 60),
                    ("Reviews", 33),
                    ("Answers", 12),
                    ("Events", 28),
                    ("Sponsoring", 10),
                    ("Other", 5),
                ],
                start=1,
            )
        ],
        "parts_small": [
            {"label": "Changes merged", "value": 20, "series": 1},
            {"label": "Answers", "value": 11, "series": 3},
        ],
        "levels": [
            {"label": "Core", "note": "20 credit, 6 of 13 weeks", "value": 31, "delta": 3},
            {"label": "Contributor", "note": "1 credited contribution", "value": 214, "delta": 22},
            {"label": "Participant", "note": "3 days, or 10 contributions", "value": 402, "delta": -9},
            {"label": "Visitor", "note": "anything at all", "value": 557, "delta": 113},
        ],
        "points": [
            *(
                {"lat": lat, "lon": lon}
                for lat, lon in ((52.5, 13.4), (41.1, -8.6), (-1.3, 36.8), (45.5, -73.6), (-8, -34.9))
            ),
            *({"lat": lat, "lon": lon} for lat, lon in ((35.7, 139.7), (19.1, 72.9), (-33.9, 151.2), (37.8, -122.4))),
            {"lat": 48.2, "lon": 16.4, "state": "quiet"},
            {"lat": -24.7, "lon": 25.9, "state": "now"},
        ],
    }


def context() -> dict[str, Any]:
    """Everything the style guide's template shows."""
    bound = RoomForm(
        {"kind": "library", "name": "Botho Community Library", "email": "mpho.seretse@botho", "access": ["step"]}
    )
    bound.is_valid()
    page = Paginator(range(37), 12).page(2)
    people = [{"name": name, "seed": f"m{n}"} for n, name in enumerate(PEOPLE)]
    return {
        "form": RoomForm(prefix="empty"),
        "bad_form": bound,
        "page": page,
        "people": people,
        "moment": datetime(2026, 11, 24, 17, 30, tzinfo=UTC),
        "moment_end": datetime(2026, 11, 24, 20, 0, tzinfo=UTC),
        "later": datetime(2026, 12, 3, 14, 30, tzinfo=UTC),
        "chip_items": [
            {"kind": "Near", "label": "Prague", "remove_url": "?a"},
            {"kind": "Region", "label": "Europe", "remove_url": "?b"},
            {"label": "In person", "remove_url": "?c"},
        ],
        "switch": [
            {"label": "List", "url": "?view=list", "current": True, "icon": "list"},
            {"label": "Map", "url": "?view=map", "icon": "map"},
            {"label": "Month", "url": "?view=month", "icon": "calendar"},
        ],
        "days_switch": [
            {"label": "30 days", "url": "?days=30"},
            {"label": "90 days", "url": "?days=90", "current": True},
            {"label": "365 days", "url": "?days=365"},
        ],
        "seeds": [f"demo-{n}" for n in (25, 36, 3, 56, 35, 84, 129, 11)],
        "prose": PROSE,
        "swatches": SWATCHES,
        **_numbers(),
    }
