"""Stopping the mails of a decision, and letting them go after all: the part of an application's admin for slips."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from meetups.admin.questions import ReasonForm, ask, posted
from meetups.models import Application
from meetups.permissions import account, is_reviewer
from meetups.services import recall


class RecallAdmin(admin.ModelAdmin):
    """Two pages, and what the page of the application shows of them (`recall`)."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/stop-mails/", view(self.stop_view), name="meetups_application_stop"),
            path("<int:pk>/release-mails/", view(self.release_view), name="meetups_application_release"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        extra: dict[str, Any] = dict(extra_context or {})
        application = self.get_object(request, object_id)
        if application is not None and request.user.has_perm("meetups.decide_application"):
            extra["recall"] = recall.standing(application)
        return super().change_view(request, object_id, form_url, extra)

    def _load(self, request: HttpRequest, pk: int) -> Application:
        if not is_reviewer(request.user):
            raise PermissionDenied
        return get_object_or_404(Application.objects.sent().select_related("group"), pk=pk)

    def stop_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        application = self._load(request, pk)
        form = ReasonForm(posted(request), label=_("Why, for the team"))

        def verb() -> str:
            count = recall.stop(
                application=application,
                actor=account(request),
                reason=form.cleaned_data["reason"],
                now=timezone.now(),
            )
            return _("Stopped: %(count)d mails. Write to the organisers in the conversation what goes on.") % {
                "count": count
            }

        return ask(
            self,
            request,
            title=_("Stop the mails"),
            text=_(
                "Nobody hears of this decision. The decision itself stays as it is; a new group is taken out of sight "
                "until the mails are let go."
            ),
            detail=reverse("admin:meetups_application_change", args=[pk]),
            form=form,
            verb=verb,
        )

    def release_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        application = self._load(request, pk)

        def verb() -> str:
            count = recall.release(application=application, actor=account(request), now=timezone.now())
            return _("On their way: %(count)d mails.") % {"count": count}

        return ask(
            self,
            request,
            title=_("Send the mails after all"),
            text=_("The stopped mails go out now, and a new group is shown again."),
            detail=reverse("admin:meetups_application_change", args=[pk]),
            form=forms.Form(posted(request)),
            verb=verb,
        )
