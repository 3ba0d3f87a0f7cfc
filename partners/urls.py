"""Addresses of partners."""

from django.urls import path

from partners.views import directory, rules, standings

app_name = "partners"
urlpatterns = [
    path("", directory.partner_list, name="partner_list"),
    path("ranking.csv", standings.ranking_csv, name="ranking_csv"),
    path("ranking.json", standings.ranking_json, name="ranking_json"),
    path("months/<str:month>/<int:revision>/", rules.run_detail, name="run_detail"),
    path("how-ranking-works/", rules.rules, name="rules"),
    path("<slug:slug>/", directory.partner_detail, name="partner_detail"),
    path("<slug:slug>/explain/", standings.partner_explain, name="partner_explain"),
    path("<slug:slug>/standing.json", standings.standing_json, name="standing_json"),
    path("<slug:slug>/badge.svg", standings.partner_badge_svg, name="partner_badge_svg"),
]
