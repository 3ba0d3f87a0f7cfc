"""Why a person or an organisation has this score and this level: lines that add up."""

from dataclasses import replace
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from dashboard.services import why
from dashboard.services.organisations import shares_told
from dashboard.services.reading import organisation_url, person_name
from dashboard.views.looking import look
from dashboard.views.thresholds import hint_text, organisation_thresholds, thresholds
from portal.members.admin_access import is_team
from portal.members.models import Member, Organisation

WORKS = 25


@login_not_required
@require_safe
def why_person(request: HttpRequest, public_id: str) -> HttpResponse:
    """Of somebody who may be named, and for everybody of themselves."""
    member = get_object_or_404(Member.objects.select_related("merged_into"), public_id=public_id)
    if member.merged_into is not None:
        return redirect("dashboard:why_person", member.merged_into.public_id)
    is_own = request.user.is_authenticated and member.user_id == request.user.pk
    if member.is_bot or not (member.is_named or is_own):
        raise Http404
    here = look(request)
    context: dict[str, Any] = {"member": member, "person": person_name(member), "is_own": is_own}
    if here.until_on is not None:
        level = why.why_level(member=member, last=here.until_on)
        days = here.scope.days
        score = level.why if days == level.rule.days else why.why_member(member=member, days=days, last=here.until_on)
        is_told = level.level > 0 or is_own or is_team(request, "dashboard.view_alert")
        context |= {
            "level": level,
            "is_level_told": is_told,
            "why": score,
            "lines": _lines(score),
            "hint": hint_text(level),
            "thresholds": thresholds(level),
            "weeks": [week.n for week in reversed(score.weeks)],
            **_works(request, here, score, member=member),
        }
    return render(request, "dashboard/why_person.html", here.context("people", **context))


@login_not_required
@require_safe
def why_organisation(request: HttpRequest, slug: str) -> HttpResponse:
    """What an organisation's people did while they belonged to it; names only of those who tell where they work."""
    organisation = get_object_or_404(Organisation.objects.select_related("partner"), slug=slug)
    here = look(request)
    context: dict[str, Any] = {"organisation": organisation, "partner_url": organisation_url(organisation)}
    if here.until_on is not None:
        level = why.why_organisation_level(organisation=organisation, last=here.until_on)
        days, last = here.scope.days, here.until_on
        score = level.why
        if days != level.rule.days:
            score = why.why_organisation(organisation=organisation, days=days, last=last)
        context |= {
            "level": level,
            "is_level_told": level.level > 0 or is_team(request, "dashboard.view_alert"),
            "why": score,
            "lines": _lines(score),
            "thresholds": organisation_thresholds(level),
            "shares": shares_told(level.shares),
            **_works(request, here, score, organisation=organisation),
        }
    return render(request, "dashboard/why_organisation.html", here.context("organisations", **context))


def _lines(score: why.Why) -> list[why.WhyLine]:
    """Lines that read the same (an issue is an issue, open or closed) as one; the sums stay."""
    found: dict[tuple[str, int, int, str], why.WhyLine] = {}
    for line in score.lines:
        key = (str(line.label), line.recognition_each, line.credit_each, line.note)
        found[key] = replace(found[key], n=found[key].n + line.n) if key in found else line
    return list(found.values())


def _works(request: HttpRequest, here: Any, score: why.Why, **whose: Any) -> dict[str, Any]:
    """One page of the contributions behind the lines."""
    text = request.GET.get("from", "")
    first = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
    rows = why.why_works(days=here.scope.days, last=here.until_on, limit=WORKS + 1, offset=first, **whose)
    return {
        "works": rows[:WORKS],
        "is_first": not first,
        "first_url": here.scope.address(),
        "next_url": here.scope.address(**{"from": str(first + WORKS)}) if len(rows) > WORKS else "",
    }
