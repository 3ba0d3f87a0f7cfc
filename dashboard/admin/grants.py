"""The queue of work added by hand: read, and decided by a second person."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.models import Grant
from dashboard.services import grants
from meetups.admin.questions import ReasonForm, ask, posted
from meetups.permissions import account


class WaitingFilter(admin.SimpleListFilter):
    """What waits, unless asked for more."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        decided = [choice for choice in Grant.State.choices if choice[0] != Grant.State.PROPOSED]
        return [*decided, ("all", _("all"))]

    def choices(self, changelist: Any) -> Any:
        first, *others = super().choices(changelist)
        yield {**first, "display": Grant.State.PROPOSED.label}
        yield from others

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset if self.value() == "all" else queryset.filter(state=self.value() or Grant.State.PROPOSED)


@admin.register(Grant)
class GrantAdmin(admin.ModelAdmin):
    list_display = ["title", "work", "member", "done_on", "state", "proposed_by", "proposed_at", "decided_by"]
    list_filter = [WaitingFilter, "work"]
    search_fields = ["title", "url", "member__name", "member__handle"]
    list_select_related = ["member", "proposed_by", "decided_by"]
    change_form_template = "admin/dashboard/grant/detail.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return grants.may_decide(account(request)) or super().has_view_permission(request, obj)

    def get_urls(self) -> list[URLPattern]:
        views = {"confirm": self.confirm_view, "refuse": self.refuse_view, "withdraw": self.withdraw_view}
        own = [
            path(f"<int:pk>/{name}/", self.admin_site.admin_view(view), name=f"dashboard_grant_{name}")
            for name, view in views.items()
        ]
        return [*own, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        extra = {**(extra_context or {}), "may_act": grants.may_decide(account(request))}
        return super().change_view(request, object_id, form_url, extra)

    def confirm_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        text = _("“%(title)s” of %(member)s counts from today on. Did you open the link, and does it show their work?")

        def verb(grant: Grant, _reason: str) -> str:
            grants.confirm(grant=grant, by=account(request), now=timezone.now())
            return _("Confirmed: it counts from today on.")

        return self._ask(request, pk, _("Confirm it"), text, forms.Form(posted(request)), verb)

    def refuse_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = ReasonForm(posted(request), label=_("Why, for who proposed it"))

        def verb(grant: Grant, reason: str) -> str:
            grants.refuse(grant=grant, by=account(request), reason=reason, now=timezone.now())
            return _("Refused; your words stand on their page.")

        return self._ask(request, pk, _("Refuse it"), _("“%(title)s” of %(member)s will not count."), form, verb)

    def withdraw_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = ReasonForm(posted(request), label=_("Why, for who did it"))

        def verb(grant: Grant, reason: str) -> str:
            grants.withdraw(grant=grant, by=account(request), reason=reason, now=timezone.now())
            return _("Taken back: it does not count any more.")

        return self._ask(request, pk, _("Take it back"), _("“%(title)s” of %(member)s counts no more."), form, verb)

    def _ask(
        self,
        request: HttpRequest,
        pk: int,
        title: str,
        text: str,
        form: forms.Form,
        verb: Callable[[Grant, str], str],
    ) -> HttpResponse:
        if not grants.may_decide(account(request)):
            raise PermissionDenied
        grant = get_object_or_404(Grant.objects.select_related("member", "proposed_by"), pk=pk)
        return ask(
            self,
            request,
            title=title,
            text=text % {"title": grant.title, "member": grant.member},
            detail=reverse("admin:dashboard_grant_change", args=[pk]),
            form=form,
            verb=lambda: verb(grant, form.cleaned_data.get("reason", "")),
        )
