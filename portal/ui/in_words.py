"""Zones and changes in the words a reader sees: CET or UTC+5:45, up by 12 %, no change."""

from datetime import date, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils import timezone


def zone_of(zone: str | tzinfo | None) -> tzinfo:
    """The zone of a name or object; without one, the reader's."""
    if isinstance(zone, str) and zone:
        return ZoneInfo(zone)
    return zone if isinstance(zone, tzinfo) else timezone.get_current_timezone()


def day_of(moment: date | datetime, zone: str | tzinfo | None) -> date:
    """The day on the calendar of its zone, as a plain date: templates turn aware moments into the reader's zone."""
    if isinstance(moment, datetime) and timezone.is_aware(moment):
        moment = timezone.localtime(moment, zone_of(zone))
    return moment.date() if isinstance(moment, datetime) else moment


def zone_name(moment: datetime) -> str:
    """CET where the zone has letters, UTC+3 where it has only digits."""
    name = moment.tzname() or "UTC"
    if name[:1] not in "+-":
        return name
    hours, minutes = name[1:3].lstrip("0") or "0", name[3:5]
    sign = "−" if name[0] == "-" else "+"
    return f"UTC{sign}{hours}{':' + minutes if minutes.strip('0') else ''}"


def delta(value: Any, unit: str, good_when: str) -> dict[str, Any] | None:
    """A change as direction, judgement and text; None where there is nothing to compare with."""
    if value is None or value == "":
        return None
    text = str(value).strip().replace("−", "-")
    direction = "down" if text.startswith("-") else "up" if text.strip("+-0. %") else "same"
    judgement = ""
    if direction != "same" and good_when in {"up", "down"}:
        judgement = "good" if direction == good_when else "bad"
    shown = text.lstrip("+-")
    number = intcomma(shown) if shown.isdigit() else shown
    return {"direction": direction, "judgement": judgement, "text": number, "unit": unit}
