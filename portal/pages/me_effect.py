"""Corrections of where the reader works: what would change is shown first, and saved when they say so."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from dashboard.services.effects import Effect, effect_of, jobs_of
from portal.members.models import Member

#: What a form posts beside its answers once its effect was shown.
SURE = "sure"


class _ShownFirst(Exception):
    """Takes back what was only tried."""


def do_or_ask(request: HttpRequest, member: Member, change: Callable[[], Any]) -> HttpResponse | None:
    """Do `change` and return None, or return a page that shows its effect, with nothing done, and asks.

    It is done at once when the reader has seen that page, or when nothing of what they did counts differently. Raises
    ValidationError as `change` does.
    """
    before = jobs_of(member)
    effect = Effect()
    try:
        with transaction.atomic():
            change()
            if request.POST.get(SURE):
                return None
            names = dict(member.affiliations.values_list("organisation", "organisation__name"))
            effect = effect_of(member=member, before=before.values(), after=jobs_of(member).values(), names=names)
            if effect:
                raise _ShownFirst
    except _ShownFirst:
        pass
    else:
        return None
    posted = [(key, value) for key, values in request.POST.lists() for value in values if key != "csrfmiddlewaretoken"]
    context = {"effect": effect, "posted": posted, "months": spans(effect.months), "sure": SURE}
    return render(request, "pages/me_effect.html", context)


def spans(months: tuple[date, ...]) -> list[tuple[date, date]]:
    """First and last of each run of months without a gap."""
    runs: list[tuple[date, date]] = []
    for month in months:
        if runs and (runs[-1][1] + timedelta(days=31)).replace(day=1) == month:
            runs[-1] = (runs[-1][0], month)
        else:
            runs.append((month, month))
    return runs
