"""Addresses of places."""

from django.urls import path

from portal.places import views

app_name = "places"
urlpatterns = [
    path("search", views.search, name="search"),
]
