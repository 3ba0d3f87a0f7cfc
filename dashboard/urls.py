"""Addresses of the dashboard."""

from django.urls import path

from dashboard import import_views, updates_views, views

app_name = "dashboard"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("activity.csv", views.activity_csv, name="activity_csv"),
    path("people/", views.people, name="people"),
    path("people.csv", views.people_csv, name="people_csv"),
    path("organisations/", views.organisations, name="organisations"),
    path("organisations.csv", views.organisations_csv, name="organisations_csv"),
    path("places/", views.channels, name="channels"),
    path("reports/", updates_views.report_list, name="reports"),
    path("reports/<str:key>/", updates_views.report_detail, name="report"),
    path("imports/", import_views.imports, name="imports"),
    path("how-credit-works/", views.rules, name="rules"),
]
