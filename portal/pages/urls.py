"""Home, start here, what is known of people, members' profiles, the reader's own page, health."""

from django.urls import path

from portal.pages import health, me, me_data, me_jobs, views

app_name = "pages"
urlpatterns = [
    path("", views.home, name="home"),
    path("start/", views.start, name="start"),
    path("about-data/", views.about_data, name="about_data"),
    path("robots.txt", views.robots, name="robots"),
    path("me/", me.me, name="me"),
    path("me/affiliations/", me_jobs.affiliation_add, name="affiliation_add"),
    path("me/affiliations/<int:pk>/answer/", me_jobs.affiliation_answer, name="affiliation_answer"),
    path("me/affiliations/<int:pk>/end/", me_jobs.affiliation_end, name="affiliation_end"),
    path("me/affiliations/<int:pk>/correct/", me_jobs.affiliation_correct, name="affiliation_correct"),
    path("me/claims/<str:token>/", me_jobs.claim, name="claim"),
    path("me/accounts/<int:pk>/split/", me_data.account_split, name="account_split"),
    path("me/data/", me_data.data, name="me_data"),
    path("me/data/export/", me_data.export, name="me_export"),
    path("me/data/erase/", me_data.erase, name="me_erase"),
    path("people/<slug:public_id>/", views.member, name="member"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
