"""The desk for applications: a queue, a page for each, numbers; to read and to move by services, never to edit."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetups.admin.application_review import ApplicationReview
from meetups.admin.recall import RecallAdmin
from meetups.models import Application
from meetups.permissions import account, is_reviewer
from meetups.review_numbers import QUARTER, YEAR, read_numbers
from meetups.services import applications, checks
from portal.jobs.transitions import MoveRefused


@admin.register(Application)
class ApplicationAdmin(RecallAdmin, ApplicationReview):
    """Nobody adds, changes or deletes an application here, whatever their permissions."""

    actions = ["claim_selected", "check_selected"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Application | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Application | None = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Application | None = None) -> bool:
        return is_reviewer(request.user) or super().has_view_permission(request, obj)

    def has_review_permission(self, request: HttpRequest) -> bool:
        return is_reviewer(request.user)

    @admin.action(description=gettext_lazy("Claim the selected applications"), permissions=["review"])
    def claim_selected(self, request: HttpRequest, queryset: QuerySet[Application]) -> None:
        """Row by row through the same service as the button."""
        actor = account(request)
        claimed = self._each(
            request,
            queryset,
            lambda one: applications.move(
                application=one, to=Application.State.IN_REVIEW, actor=actor, now=timezone.now()
            ),
        )
        self.message_user(request, _("%(count)s claimed.") % {"count": claimed}, messages.SUCCESS)

    @admin.action(description=gettext_lazy("Check the selected applications again"), permissions=["review"])
    def check_selected(self, request: HttpRequest, queryset: QuerySet[Application]) -> None:
        actor = account(request)

        def check(application: Application) -> None:
            if not application.is_open:
                raise MoveRefused(_("This application is decided; there is nothing to check any more."))
            checks.request_checks(application=application, asked_by=actor, now=timezone.now())

        asked = self._each(request, queryset, check)
        self.message_user(request, _("%(count)s will be checked.") % {"count": asked}, messages.SUCCESS)

    def _each(
        self, request: HttpRequest, queryset: QuerySet[Application], verb: Callable[[Application], object]
    ) -> int:
        """How many the service took; for each of the others its sentence is shown."""
        done = 0
        for application in list(queryset):
            try:
                verb(application)
            except MoveRefused as refusal:
                self.message_user(request, f"{application}: {refusal}", messages.WARNING)
            else:
                done += 1
        return done

    def get_urls(self) -> list[URLPattern]:
        own = path(
            "statistics/", self.admin_site.admin_view(self.statistics_view), name="meetups_application_statistics"
        )
        return [own, *super().get_urls()]

    def statistics_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "opts": self.model._meta,
            "title": _("How the review is doing"),
            "numbers": read_numbers(now=timezone.now()),
            "states": [state.label for state in Application.OPEN_STATES],
            "quarter": QUARTER.days,
            "year": YEAR.days,
        }
        return TemplateResponse(request, "admin/meetups/application/statistics.html", context)
