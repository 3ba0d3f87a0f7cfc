"""Home, start here, members' profiles, the reader's own page, health."""

from django.urls import path

from portal.pages import health, views

app_name = "pages"
urlpatterns = [
    path("", views.home, name="home"),
    path("start/", views.start, name="start"),
    path("me/", views.me, name="me"),
    path("people/<slug:public_id>/", views.member, name="member"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
