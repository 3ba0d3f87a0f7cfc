"""Who may open the admin: staff, with a second factor where settings ask for one, signed in through allauth."""

from allauth.account.decorators import secure_admin_login
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _


def lacks_second_factor(request: HttpRequest) -> bool:
    """Whether this member of staff has to set up a second factor before the admin opens."""
    return settings.STAFF_REQUIRES_MFA and request.user.is_staff and not is_mfa_enabled(request.user)


def is_team(request: HttpRequest, permission: str) -> bool:
    """Whether pages outside the admin may tell the reader what is the team's: the same as the admin asks, and the
    permission."""
    user = request.user
    return user.is_active and user.is_staff and user.has_perm(permission) and not lacks_second_factor(request)


def guard(site: AdminSite) -> None:
    """Let the admin's own sign-in form (no rate limits, no second factor) never be reached."""
    ordinary_permission, ordinary_login = site.has_permission, secure_admin_login(site.login)

    def has_permission(request: HttpRequest) -> bool:
        return ordinary_permission(request) and not lacks_second_factor(request)

    @login_not_required
    def login(request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
        if request.user.is_authenticated and lacks_second_factor(request):
            messages.warning(
                request,
                _("The admin opens with a second factor only: add an app or a passkey here, then try again."),
            )
            return redirect("mfa_index")
        return ordinary_login(request, extra_context)

    site.has_permission = has_permission  # type: ignore[method-assign]
    site.login = login  # type: ignore[method-assign]
