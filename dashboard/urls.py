"""Addresses of the dashboard."""

from collections.abc import Callable

from django.http import HttpResponseBase
from django.urls import URLPattern, path

from dashboard.views import deeds, grants, imports, organisations, overview, people, places, questions, reports, why

app_name = "dashboard"


def files(name: str, view: Callable[..., HttpResponseBase]) -> list[URLPattern]:
    """A list as CSV and as JSON, beside its page."""
    return [path(f"{name}.{form}", view, {"form": form}, name=f"{name}_{form}") for form in ("csv", "json")]


urlpatterns = [
    path("", overview.overview, name="overview"),
    *files("activity", overview.activity_file),
    path("filters/", overview.filters, name="filters"),
    path("people/", people.people, name="people"),
    *files("people", people.people_file),
    path("people/<slug:public_id>/why/", why.why_person, name="why_person"),
    path("newcomers/", people.newcomers, name="newcomers"),
    *files("newcomers", people.newcomers_file),
    path("drifting/", people.drifting, name="drifting"),
    path("organisations/", organisations.organisations, name="organisations"),
    *files("organisations", organisations.organisations_file),
    path("organisations/<slug:slug>/why/", why.why_organisation, name="why_organisation"),
    path("places/", places.places, name="places"),
    *files("places", places.places_file),
    path("places/<int:pk>/", places.place, name="place"),
    path("questions/", questions.questions, name="questions"),
    *files("questions", questions.questions_file),
    path("contributions/", deeds.contributions, name="contributions"),
    *files("contributions", deeds.contributions_file),
    path("bots/", deeds.bots, name="bots"),
    *files("bots", deeds.bots_file),
    path("reports/", reports.report_list, name="reports"),
    path("reports/<str:key>/", reports.report_detail, name="report"),
    path("add/", grants.work_add, name="work_add"),
    path("add/<int:pk>/take-back/", grants.work_take_back, name="work_take_back"),
    path("imports/", imports.imports, name="imports"),
    path("how-credit-works/", overview.rules, name="rules"),
]
