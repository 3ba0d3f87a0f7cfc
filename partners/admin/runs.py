"""Ranked months in the admin: to read, to compare with what is known today, and to correct with a reason."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.models import RankingRun
from partners.services.rankings import utc_today
from partners.services.runs import differences_today, rank_month


class CorrectForm(forms.Form):
    """Why a month is ranked again."""

    reason = forms.CharField(
        label=gettext_lazy("Why is the month corrected?"),
        max_length=300,
        help_text=gettext_lazy("Everybody can read this beside the ranking."),
    )


@admin.register(RankingRun)
class RankingRunAdmin(admin.ModelAdmin):
    list_display = ["month", "preset", "revision", "is_official", "made_at", "made_by", "reason"]
    list_filter = ["preset", "is_official"]
    list_select_related = ["made_by"]
    date_hierarchy = "month"
    change_form_template = "admin/partners/rankingrun/change_form.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.differences_view)
        return [path("<int:pk>/differences/", view, name="partners_rankingrun_differences"), *super().get_urls()]

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        run = self.get_object(request, object_id)
        extra = {"standings": run.standings.defer("work") if run is not None else ()}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **extra})

    def differences_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What ranking the month again would alter, after merges, affiliations or weights; and the correction."""
        run = get_object_or_404(RankingRun, pk=pk)
        if not request.user.has_perm("partners.add_rankingrun"):
            raise PermissionDenied
        detail = reverse("admin:partners_rankingrun_change", args=[pk])
        form = CorrectForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            return HttpResponseRedirect(self._correct(request, run, form.cleaned_data["reason"]) or detail)
        context = {**self.admin_site.each_context(request), "opts": self.opts, "form": form, "run": run}
        context |= {"lines": differences_today(run, today=utc_today()), "detail": detail}
        context["title"] = _("What would differ today")
        return TemplateResponse(request, "admin/partners/rankingrun/differences.html", context)

    def _correct(self, request: HttpRequest, run: RankingRun, reason: str) -> str:
        outcome = rank_month(
            month=run.month,
            today=utc_today(),
            preset=run.preset,
            reason=reason,
            by=request.user,  # type: ignore[arg-type]
        )
        if outcome.run is None or not outcome.is_new:
            messages.warning(request, _("Nothing differs, so there is no new revision."))
            return ""
        self.log_addition(request, outcome.run, _("Corrected: %(reason)s") % {"reason": reason})
        messages.success(request, _("Frozen as revision %(n)s.") % {"n": outcome.run.revision})
        return reverse("admin:partners_rankingrun_change", args=[outcome.run.pk])
