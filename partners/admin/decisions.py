"""What the team decides in the admin: oddities, changed profiles, applications of partners. Each decision is a POST."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.models import Contribution
from partners import transitions
from partners.models import FairPlayFlag, PartnerApplication, ProfileChange
from partners.permissions import application_roles
from partners.services import applications, flags, profiles
from partners.services.rankings import utc_today
from portal.jobs.transitions import MoveRefused


class WordForm(forms.Form):
    """Why."""

    word = forms.CharField(
        label=gettext_lazy("A sentence about it"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class DecisionAdmin(admin.ModelAdmin):
    """Rows to read, with buttons for what may be decided about one; the answer comes from `decide`."""

    change_form_template = "admin/partners/decision/change_form.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def verbs(self, request: HttpRequest, row: Any) -> list[tuple[str, Any]]:
        """(state, what the button says) of what this reader may decide."""
        raise NotImplementedError

    def decide(self, request: HttpRequest, row: Any, to: str, word: str) -> None:
        """Calls the one service; raises MoveRefused."""
        raise NotImplementedError

    def facts(self, row: Any) -> dict[str, Any]:
        """What stands beside the fields."""
        return {}

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_decide"
        return [path("<int:pk>/decide/", self.admin_site.admin_view(self.decide_view), name=name), *super().get_urls()]

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        row = self.get_object(request, object_id)
        extra = dict(extra_context or {})
        if row is not None:
            extra |= {"verbs": self.verbs(request, row), "word_form": WordForm(), **self.facts(row)}
            extra["decide_url"] = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_decide", args=[row.pk])
        return super().change_view(request, object_id, form_url, extra)

    def decide_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = get_object_or_404(self.model, pk=pk)
        verbs = dict(self.verbs(request, row))
        detail = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[pk])
        to = request.POST.get("to", "")
        if not verbs or request.method != "POST" or not self.has_view_permission(request, row):
            raise PermissionDenied
        form = WordForm(request.POST)
        if to not in verbs or not form.is_valid():
            messages.error(request, _("There is no such decision."))
            return HttpResponseRedirect(detail)
        try:
            self.decide(request, row, to, form.cleaned_data["word"])
        except MoveRefused as refusal:
            context = {**self.admin_site.each_context(request), "opts": self.opts, "row": row, "detail": detail}
            context |= {"form": form, "verbs": [(to, verbs[to])], "problem": str(refusal), "title": verbs[to]}
            return TemplateResponse(request, "admin/partners/decision/again.html", context)
        self.log_change(request, row, f"{verbs[to]}. {form.cleaned_data['word']}")
        messages.success(request, _("Decided: %(what)s.") % {"what": verbs[to]})
        return HttpResponseRedirect(detail)


@admin.register(FairPlayFlag)
class FairPlayFlagAdmin(DecisionAdmin):
    list_display = ["month", "organisation", "kind", "sentence", "state", "decided_by", "decision"]
    list_filter = ["state", "kind"]
    list_select_related = ["organisation", "decided_by"]
    search_fields = ["organisation__name", "decision"]
    exclude = ["evidence"]

    @admin.display(description=gettext_lazy("evidence"))
    def sentence(self, flag: FairPlayFlag) -> str:
        return flags.sentence(flag)

    def verbs(self, request: HttpRequest, row: FairPlayFlag) -> list[tuple[str, Any]]:
        if not request.user.has_perm("partners.change_fairplayflag"):
            return []
        return [("fine", _("Fine")), ("acted", _("Something was done"))]

    def decide(self, request: HttpRequest, row: FairPlayFlag, to: str, word: str) -> None:
        flags.decide(flag=row, state=to, decision=word, by=request.user, now=timezone.now())  # type: ignore[arg-type]

    def facts(self, row: FairPlayFlag) -> dict[str, Any]:
        shown = Contribution.objects.filter(pk__in=row.evidence.get("contributions", [])).select_related("channel")
        return {"sentence": flags.sentence(row), "contributions": shown.order_by("occurred_at")}


@admin.register(ProfileChange)
class ProfileChangeAdmin(DecisionAdmin):
    list_display = ["partner", "name", "website", "has_logo", "state", "asked_by", "asked_at", "decided_by"]
    list_filter = ["state"]
    list_select_related = ["partner__organisation", "asked_by", "decided_by"]

    @admin.display(description=gettext_lazy("logo"), boolean=True)
    def has_logo(self, change: ProfileChange) -> bool:
        return bool(change.logo)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("partner__organisation")

    def verbs(self, request: HttpRequest, row: ProfileChange) -> list[tuple[str, Any]]:
        if row.state != ProfileChange.State.WAITING or not request.user.has_perm("partners.change_profilechange"):
            return []
        return [("accepted", _("Accept")), ("declined", _("Decline"))]

    def decide(self, request: HttpRequest, row: ProfileChange, to: str, word: str) -> None:
        by: Any = request.user
        profiles.decide_change(change=row, accept=to == "accepted", by=by, now=timezone.now(), answer=word)

    def facts(self, row: ProfileChange) -> dict[str, Any]:
        organisation = row.partner.organisation
        sentence = _("Now: %(name)s, %(website)s") % {"name": organisation.name, "website": organisation.website or "–"}
        url = reverse("partners:change_logo", args=[row.pk]) if row.logo else ""
        return {"sentence": sentence, "picture_url": url, "picture_alt": row.logo_alt}


@admin.register(PartnerApplication)
class PartnerApplicationAdmin(DecisionAdmin):
    list_display = ["organisation", "tier", "state", "state_since", "applicant", "sent_at"]
    list_filter = ["state", "tier"]
    list_select_related = ["organisation", "applicant"]
    search_fields = ["organisation__name", "staff"]
    readonly_fields = ["state", "sent_at"]

    def verbs(self, request: HttpRequest, row: PartnerApplication) -> list[tuple[str, Any]]:
        words = {
            "in_review": _("Take it into review"),
            "changes_requested": _("Ask for changes"),
            "approved": _("Approve"),
            "declined": _("Decline"),
        }
        roles = application_roles(request.user, row)
        return [(to, words[to]) for to in transitions.APPLICATION.targets(row.state, roles) if to in words]

    def decide(self, request: HttpRequest, row: PartnerApplication, to: str, word: str) -> None:
        by: Any = request.user
        applications.move(application=row, to=to, actor=by, now=timezone.now(), note=word)

    def facts(self, row: PartnerApplication) -> dict[str, Any]:
        found = applications.gates(row, today=utc_today())
        return {"gates": found, "moves": row.moves.select_related("actor")}
