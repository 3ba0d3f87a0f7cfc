"""Public holidays of a country and its areas, from the tables of the package of that name. Pure: no look-up outside."""

from datetime import date

import holidays


def holiday_on(day: date, *, country: str, area: str = "") -> str:
    """The name of the holiday in the country's own words or in English, "" when it is none or not known there.

    `area` is the gazetteer's code of the first-level area. Letters (US.CA, CH.ZH) are what the tables know too; digits
    are GeoNames' own numbers, so the days of the whole country count then.
    """
    if not country:
        return ""
    for part in (area if area.isalpha() else None, None):
        try:
            days = holidays.country_holidays(country.upper(), subdiv=part, years=day.year)
        except NotImplementedError:
            continue
        return str(days.get(day) or "")
    return ""
