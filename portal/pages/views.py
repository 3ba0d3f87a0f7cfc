"""Pages above all apps."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from portal.members.models import Member


@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/home.html")


@login_not_required
def start(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/start.html")


@login_not_required
def member(request: HttpRequest, public_id: str) -> HttpResponse:
    person = get_object_or_404(Member.objects.people(), public_id=public_id)
    return render(request, "pages/member.html", {"member": person})
