"""Sending a report, and what happens then."""

from datetime import datetime

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from portal.conduct import services, spam, subjects
from portal.conduct.forms import ReportForm
from portal.members.models import Member, User
from portal.members.services import member_of


@login_not_required
@never_cache
@sensitive_post_parameters()
@sensitive_variables()
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """The form. Works without an account; nothing typed is lost, whatever is wrong with it."""
    now, status = timezone.now(), 200
    has_account = request.user.is_authenticated
    if request.method == "POST":
        form = ReportForm(request.POST, now=now, has_account=has_account)
        if form.is_valid():
            if spam.may_send(_client(request)):
                _receive(request, form, now)
                return redirect("conduct:thanks")
            form.add_error(None, _too_many())
            status = 429
    else:
        about = subjects.local_path(request.GET.get("about", ""), site_url=settings.SITE_URL)
        start = {"subject_url": about, "opened": spam.opened_stamp(now)}
        form = ReportForm(initial=start, now=now, has_account=has_account)
    return render(request, "conduct/report.html", {"form": form}, status=status)


@login_not_required
@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    """What happens next. The same page for everybody: it does not know who sent what."""
    return render(request, "conduct/thanks.html")


def _too_many() -> str:
    text = _(
        "Five reports came from your connection within an hour. Keep this page open and send it later,"
        " or write to %(address)s now."
    )
    return text % {"address": settings.COMMUNITY.contact_email}


def _receive(request: HttpRequest, form: ReportForm, now: datetime) -> None:
    values = dict(form.cleaned_data)
    is_anonymous = values.pop("is_anonymous", False)
    for guard in ("website", "opened"):
        values.pop(guard)
    services.receive_report(**values, reporter=None if is_anonymous else _reporter(request), now=now)


def _reporter(request: HttpRequest) -> Member | None:
    return member_of(request.user) if isinstance(request.user, User) else None


def _client(request: HttpRequest) -> str:
    """The address of the client, as far as the proxies in front are known; only ever used as a digest."""
    try:
        return get_adapter().get_client_ip(request)
    except PermissionDenied:  # no address to be had, such as behind a socket
        return "unknown"
