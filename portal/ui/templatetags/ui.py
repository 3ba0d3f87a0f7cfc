"""The components as template tags: each takes named arguments and draws one file of templates/components/."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django import template
from django.conf import settings
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.paginator import Page
from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from portal.ui import charts, covers, drawn, icons, in_words, maps, navigation, people
from portal.ui.forms import control_kind
from portal.ui.markdown import render_markdown

register = template.Library()
AVATAR_SIZES = (24, 28, 32, 40, 48, 64, 96)


@register.inclusion_tag("components/icon.html")
def icon(name: str, label: str = "", extra: str = "") -> dict[str, Any]:
    """An icon by name; with a label it is read out, without it is decoration."""
    return {"path": icons.ICONS[name], "label": label, "extra": extra, "mirror": name in icons.MIRRORED}


@register.inclusion_tag("components/wordmark.html")
def wordmark() -> dict[str, Any]:
    first, _space, rest = settings.COMMUNITY.name.partition(" ")
    return {"first": first, "rest": rest, "initial": first[:1].upper()}


@register.simple_tag(takes_context=True)
def site_sections(context: template.Context) -> list[navigation.NavLink]:
    """The words of the header, with the current one marked."""
    request = context.get("request")
    return navigation.links(navigation.SECTIONS, request.path if request else "")


@register.simple_tag(takes_context=True)
def account_sections(context: template.Context) -> list[navigation.NavLink]:
    """The pages of the account, for the side of each of them."""
    return navigation.links(navigation.ACCOUNT, context["request"].path)


@register.simple_tag
def footer_columns() -> list[tuple[navigation.Words, list[navigation.NavLink]]]:
    columns = [(title, navigation.links(entries)) for title, entries in navigation.FOOTER]
    return [(title, found) for title, found in columns if found]


@register.inclusion_tag("components/cover.html")
def cover(seed: object, kind: str = "group", extra: str = "") -> dict[str, Any]:
    """Generated art for a group or organisation; decoration, so its alternative text is empty."""
    return {"seed": str(seed), "kind": kind, "extra": extra, "v": covers.VERSION}


@register.inclusion_tag("components/quilt.html")
def quilt(patches: Iterable[Any], kind: str = "group") -> dict[str, Any]:
    """Eight covers sewn together. A patch is a seed, or a mapping with seed, label and url."""
    rows = [patch if isinstance(patch, Mapping) else {"seed": patch} for patch in patches]
    return {"patches": rows[:8], "kind": kind}


@register.inclusion_tag("components/avatar.html")
def avatar(name: str, seed: object = "", size: int = 40, image_url: str = "") -> dict[str, Any]:
    """Initials on a soft ground; decoration beside the name, which stands in text."""
    nearest = min(AVATAR_SIZES, key=lambda known: abs(known - int(size)))
    return {
        "initials": people.initials(str(name or "")),
        "pair": people.pair(seed or name),
        "size": nearest,
        "image_url": image_url,
    }


@register.inclusion_tag("components/avatar_stack.html")
def avatar_stack(persons: Iterable[Any], more: int = 0, size: int = 28) -> dict[str, Any]:
    """Overlapping avatars, then "+19". A person is a mapping or object with name and seed (or handle, or id)."""
    return {"persons": [people.name_and_seed(person) for person in persons], "more": int(more or 0), "size": size}


@register.inclusion_tag("components/badge.html")
def badge(state: str, text: str) -> dict[str, Any]:
    """A status by shape and word: good (disc), wait (diamond), late (square), new (ring), off (grey disc)."""
    return {"state": state if state in {"good", "wait", "late", "new", "off"} else "off", "text": text}


@register.inclusion_tag("components/date_tile.html")
def date_tile(
    day: date | datetime, zone: Any = None, is_next: bool = False, cancelled: bool = False, big: bool = False
) -> dict[str, Any]:
    """A leaf of the calendar. A moment in time needs its zone, or the day may be the wrong one."""
    return {"day": in_words.day_of(day, zone), "is_next": is_next, "cancelled": cancelled, "big": big}


@register.inclusion_tag("components/local_time.html")
def local_time(moment: datetime, zone: Any = None, form: str = "full", until: datetime | None = None) -> dict[str, Any]:
    """A moment in its own zone: weekday, date, year, time and zone name (form "time": the time alone)."""
    local = timezone.localtime(moment, in_words.zone_of(zone))
    pattern = {"full": "D j M Y, H:i", "long": "l j F Y, H:i", "time": "H:i", "date": "D j M Y"}[form]
    text = format_date(local, pattern)
    if until is not None and form != "date":
        text = _("%(start)s to %(end)s") % {
            "start": text,
            "end": format_date(timezone.localtime(until, in_words.zone_of(zone)), "H:i"),
        }
    return {
        "iso": local.isoformat(timespec="minutes"),
        "text": text,
        "zone": "" if form == "date" else in_words.zone_name(local),
        "form": form,
    }


@register.simple_tag
def field(bound: BoundField) -> SafeString:
    """One form field: label, hint, control, error."""
    return bound.as_hidden() if bound.is_hidden else bound.as_field_group()


@register.filter
def layout_of(bound: BoundField) -> str:
    """How the field's control is laid out: box, check, checks or choices."""
    return control_kind(bound.field.widget)


@register.inclusion_tag("components/error_summary.html")
def error_summary(form: BaseForm) -> dict[str, Any]:
    """What is wrong with a form, each line linked to its field."""
    lines = [{"target": "", "label": "", "text": text} for text in form.non_field_errors()]
    for bound in form.visible_fields():
        lines.extend(
            {"target": bound.id_for_label or bound.auto_id, "label": bound.label, "text": e} for e in bound.errors
        )
    for bound in form.hidden_fields():
        lines.extend({"target": "", "label": bound.label, "text": error} for error in bound.errors)
    return {"lines": lines}


@register.inclusion_tag("components/chips.html")
def chips(items: Iterable[Mapping[str, str]], clear_url: str = "", label: str = "") -> dict[str, Any]:
    """Filters in force, each with a way to take it off: dicts with label, remove_url and perhaps kind."""
    return {"items": list(items), "clear_url": clear_url, "label": label}


@register.inclusion_tag("components/segmented.html")
def segmented(items: Iterable[Mapping[str, Any]], label: str, small: bool = False) -> dict[str, Any]:
    """A switch of a few links: dicts with label, url, current and perhaps icon."""
    return {"items": list(items), "label": label, "small": small}


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: template.Context, page: Page, param: str = "page") -> dict[str, Any]:
    """Where one is in a long list and the ways on; keeps the filters of the address."""

    def address(number: int) -> str:
        query = context["request"].GET.copy()
        query[param] = str(number)
        return f"?{query.urlencode()}"

    return {
        "page": page,
        "previous": address(page.previous_page_number()) if page.has_previous() else "",
        "next": address(page.next_page_number()) if page.has_next() else "",
    }


@register.inclusion_tag("components/crumbs.html")
def crumbs(*pairs: str) -> dict[str, Any]:
    """Breadcrumbs: label, address, label, address, ..., and the page's own label last."""
    steps = [{"label": pairs[i], "url": pairs[i + 1] if i + 1 < len(pairs) else ""} for i in range(0, len(pairs), 2)]
    return {"steps": steps}


@register.simple_block_tag(end_name="endempty")
def empty(content: str, title: str, text: str = "") -> SafeString:
    """An empty state: a plain heading, why, and the ways on inside the block."""
    return mark_safe(render_to_string("components/empty.html", {"title": title, "text": text, "ways": content}))  # noqa: S308


@register.simple_block_tag(end_name="endfilled")
def filled(content: str, element: str, css: str = "") -> SafeString | str:
    """An element round what a block gives, or nothing where it gives nothing: how layouts leave out an unused part."""
    inside = content.strip()
    if not inside:
        return ""
    attribute = format_html(' class="{}"', css) if css else ""
    return format_html("<{}{}>{}</{}>", element, attribute, mark_safe(inside), element)  # noqa: S308 - rendered by Django


@register.simple_block_tag(end_name="endnote")
def note(content: str, state: str = "info") -> SafeString:
    """A short message in the page: info, good, wait or bad."""
    names = {"info": "info", "good": "check", "wait": "clock", "bad": "warning"}
    context = {"content": content, "state": state, "icon_name": names.get(state, "info")}
    return mark_safe(render_to_string("components/note.html", context))  # noqa: S308


@register.simple_block_tag(end_name="endfact_strip")
def fact_strip(content: str, title: str = "", text: str = "") -> SafeString:
    """A row of facts; title and text say once what the deltas compare with."""
    return mark_safe(  # noqa: S308
        render_to_string("components/fact_strip.html", {"title": title, "text": text, "facts": content})
    )


@register.inclusion_tag("components/fact.html")
def fact(
    number: Any,
    sentence: str,
    delta: Any = None,
    unit: str = "",
    good_when: str = "up",
    spark: Sequence[int] | None = None,
    url: str = "",
) -> dict[str, Any]:
    """A number, its sentence, how it moved (`unit` "%"; good_when: up, down or ""), and the list behind it."""
    shown = intcomma(number) if isinstance(number, int | float) else number
    return {
        "number": shown,
        "sentence": sentence,
        "delta": in_words.delta(delta, unit, good_when),
        "spark": spark,
        "url": url,
    }


@register.inclusion_tag("components/delta.html")
def delta(value: Any, unit: str = "", good_when: str = "up") -> dict[str, Any]:
    """How a number moved: arrow and number, or "no change"."""
    return {"delta": in_words.delta(value, unit, good_when)}


@register.inclusion_tag("components/spark.html")
def spark(values: Sequence[int], label: str = "") -> dict[str, Any]:
    """Small bars, usually 13 weeks; the label says what they show."""
    counts = [int(value or 0) for value in values]
    return {"bars": drawn.bars(charts.spark_bars(counts)), "width": max(5, len(counts) * 7 - 2), "label": label}


@register.inclusion_tag("components/stacked_days.html")
def stacked_days(chart: charts.StackedDays) -> dict[str, Any]:
    """Counts per day and source: the sentence, the drawing, the legend, the table."""
    drawings = [("wide", chart.wide), ("narrow", chart.narrow)]
    return {"chart": chart, "drawings": drawings}


@register.inclusion_tag("components/rank_line.html")
def rank_line(values: Sequence[int | None], label: str) -> dict[str, Any]:
    """Ranks over time as a line, up is better; None where there was no rank."""
    points = charts.rank_points(list(values))
    return {"points": points, "label": label, "last": points[-1] if points else None}


@register.inclusion_tag("components/parts_bar.html")
def parts_bar(parts: Sequence[Mapping[str, Any]], scale: float | None = None, label: str = "") -> dict[str, Any]:
    """One bar in parts (label, value, series 1 to 6); `scale` is the sum that fills the whole width."""
    placed = charts.stacked_parts([float(part["value"]) for part in parts], scale)
    rows = [
        {"x": x, "width": width, "series": part["series"], "label": part["label"], "value": part["value"]}
        for part, (x, width) in zip(parts, placed, strict=True)
        if part["value"]
    ]
    words = ", ".join(f"{row['label']} {row['value']}" for row in rows)
    return {"parts": rows, "label": f"{label}: {words}" if label and words else label or words}


@register.inclusion_tag("components/bar.html")
def bar(value: float, scale: float, label: str = "") -> dict[str, Any]:
    """One number as a bar on a track; `scale` fills it."""
    part = min(1.0, max(0.0, float(value) / float(scale))) if scale else 0.0
    return {"width": round(part * 1000, 1), "label": label}


@register.inclusion_tag("components/pyramid.html")
def pyramid(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Levels as centred bars, highest first: dicts with label, note, value and perhaps delta."""
    most = max((row["value"] for row in rows), default=0) or 1
    placed = []
    for number, row in enumerate(rows, start=1):
        width = max(4.0, row["value"] / most * 1000) if row["value"] else 0
        placed.append({**row, "level": min(number, 4), "x": round((1000 - width) / 2, 1), "width": round(width, 1)})
    return {"rows": placed}


@register.inclusion_tag("components/world_dots.html")
def world_dots(points: Iterable[Any], label: str) -> dict[str, Any]:
    """The small world map with a dot for each point (lat, lon, perhaps state "quiet" or "now")."""
    return {"circles": maps.circles(points), "label": label, "width": maps.WIDTH, "height": maps.HEIGHT}


@register.simple_tag
def markdown(text: str) -> SafeString:
    """Text from people, as safe HTML."""
    return render_markdown(text)
