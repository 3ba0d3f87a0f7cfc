"""Suggested communities and the looks at their links in the admin."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from meetups.admin.founding import ReadOnlyForReviewers
from meetups.admin.questions import ReasonForm, ask, posted
from meetups.models import CommunitySuggestion, LinkCheck
from meetups.permissions import account, is_reviewer
from meetups.services import communities


@admin.register(CommunitySuggestion)
class CommunitySuggestionAdmin(ReadOnlyForReviewers):
    list_display = ["name", "platform", "place", "state", "suggested_by", "asked_at"]
    list_filter = ["state", "platform"]
    search_fields = ["name", "url", "suggested_by__name", "suggested_by__handle"]
    list_select_related = ["place", "suggested_by"]
    change_form_template = "admin/meetups/communitysuggestion/detail.html"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/accept/", view(self.accept_view), name="meetups_communitysuggestion_accept"),
            path("<int:pk>/refuse/", view(self.refuse_view), name="meetups_communitysuggestion_refuse"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        extra = {**(extra_context or {}), "may_act": is_reviewer(request.user)}
        return super().change_view(request, object_id, form_url, extra)

    def _load(self, request: HttpRequest, pk: int) -> CommunitySuggestion:
        if not is_reviewer(request.user):
            raise PermissionDenied
        return get_object_or_404(CommunitySuggestion.objects.select_related("place", "suggested_by"), pk=pk)

    def accept_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        suggestion = self._load(request, pk)

        def verb() -> str:
            communities.accept(suggestion=suggestion, by=account(request), now=timezone.now())
            return _("%(name)s is listed.") % {"name": suggestion.name}

        text = _("“%(name)s” will be in the directory, with its link; who suggested it gets a mail.")
        return ask(
            self,
            request,
            title=_("List it"),
            text=text % {"name": suggestion.name},
            detail=reverse("admin:meetups_communitysuggestion_change", args=[pk]),
            form=forms.Form(posted(request)),
            verb=verb,
        )

    def refuse_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        suggestion = self._load(request, pk)
        form = ReasonForm(posted(request), label=_("Why, for who suggested it"))

        def verb() -> str:
            communities.refuse(
                suggestion=suggestion, by=account(request), answer=form.cleaned_data["reason"], now=timezone.now()
            )
            return _("Refused; who suggested it gets your words.")

        return ask(
            self,
            request,
            title=_("Refuse it"),
            text=_("“%(name)s” will not be listed.") % {"name": suggestion.name},
            detail=reverse("admin:meetups_communitysuggestion_change", args=[pk]),
            form=form,
            verb=verb,
        )


@admin.register(LinkCheck)
class LinkCheckAdmin(ReadOnlyForReviewers):
    list_display = ["group", "found", "failures", "checked_at", "next_try_at"]
    list_filter = ["found"]
    search_fields = ["group__name", "group__external_url"]
    list_select_related = ["group"]
