"""Asking for the six checks again from the page of an application."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from meetups.models import Application
from meetups.permissions import account, is_reviewer
from meetups.services.checks import request_checks


@require_POST
def check_again(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    """Ask for a new look at each criterion of an open application. Reviewers only."""
    if not is_reviewer(request.user):
        raise PermissionDenied
    application = get_object_or_404(Application.objects.sent(), pk=pk)
    if application.is_open:
        request_checks(application=application, asked_by=account(request), now=timezone.now())
        messages.success(request, _("The six criteria are looked at again; the results appear here in a moment."))
    else:
        messages.error(request, _("This application is decided; its checks stay as they are."))
    return HttpResponseRedirect(reverse("admin:meetups_application_change", args=[pk]))
