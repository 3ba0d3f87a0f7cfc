"""Hours of the week and months side by side, each with its sentence and its table."""

from typing import Any

from django import template

from portal.ui.calendar_charts import Heat, Months

register = template.Library()


@register.inclusion_tag("components/week_heat.html")
def week_heat(chart: Heat) -> dict[str, Any]:
    """Counts by day of the week and hour."""
    return {"chart": chart}


@register.inclusion_tag("components/month_bars.html")
def month_bars(chart: Months, title: str) -> dict[str, Any]:
    """Counts of months, stacked."""
    return {"chart": chart, "title": title}
