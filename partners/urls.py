"""Addresses of partners."""

from django.urls import path

from partners.views import directory

app_name = "partners"
urlpatterns = [
    path("", directory.partner_list, name="partner_list"),
    path("ranking.csv", directory.ranking_csv, name="ranking_csv"),
    path("how-ranking-works/", directory.rules, name="rules"),
    path("<slug:slug>/", directory.partner_detail, name="partner_detail"),
]
