"""The portal's addresses and one page with nothing on it, for `make benchmark`."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from portal.urls import *  # noqa: F403
from portal.urls import urlpatterns as portals


@login_not_required
def empty(request: HttpRequest) -> HttpResponse:
    """The frame of every page."""
    return render(request, "base.html")


urlpatterns = [path("empty/", empty), *portals]
