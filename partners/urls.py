"""Addresses of partners."""

from django.urls import path

from partners import views

app_name = "partners"
urlpatterns = [
    path("", views.partner_list, name="partner_list"),
    path("ranking.csv", views.ranking_csv, name="ranking_csv"),
    path("how-ranking-works/", views.rules, name="rules"),
    path("<slug:slug>/", views.partner_detail, name="partner_detail"),
]
