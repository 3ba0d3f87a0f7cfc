"""Addresses of meetups."""

app_name = "meetups"
urlpatterns: list = []
