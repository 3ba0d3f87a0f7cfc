"""Addresses of reports."""

from django.urls import path

from portal.conduct import views

app_name = "conduct"
urlpatterns = [
    path("report/", views.report, name="report"),
    path("report/thanks/", views.thanks, name="thanks"),
]
