"""Addresses of drawn files and of the style guide."""

from django.urls import path, re_path

from portal.ui import views

app_name = "ui"
urlpatterns = [
    re_path(r"^art/(?P<kind>[a-z]+)/(?P<seed>[\w.:@-]{1,80})\.svg$", views.cover, name="cover"),
    path("mark.svg", views.mark, name="mark"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("community.css", views.community_css, name="community_css"),
    path("styleguide/", views.style_guide, name="styleguide"),
]
