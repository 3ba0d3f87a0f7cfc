"""Home, start here, what is known of people, members' profiles, the reader's own page, health."""

from django.urls import path

from portal.pages import health, me, views

app_name = "pages"
urlpatterns = [
    path("", views.home, name="home"),
    path("start/", views.start, name="start"),
    path("about-data/", views.about_data, name="about_data"),
    path("robots.txt", views.robots, name="robots"),
    path("me/", me.me, name="me"),
    path("me/affiliations/", me.affiliation_add, name="affiliation_add"),
    path("me/affiliations/<int:pk>/answer/", me.affiliation_answer, name="affiliation_answer"),
    path("me/affiliations/<int:pk>/end/", me.affiliation_end, name="affiliation_end"),
    path("people/<slug:public_id>/", views.member, name="member"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
