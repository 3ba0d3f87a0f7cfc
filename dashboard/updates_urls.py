"""Addresses of the monthly updates."""

from django.urls import path

from dashboard.views import updates as views

app_name = "updates"
urlpatterns = [
    path("", views.update_list, name="update_list"),
    path("feed/", views.update_feed, name="update_atom"),
    path("by-mail/", views.by_mail, name="by_mail"),
    path("mail/<str:token>/", views.stop, name="stop"),
    path("<str:key>/", views.update_detail, name="update"),
]
