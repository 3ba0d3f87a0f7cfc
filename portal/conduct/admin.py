"""Reports as the conduct team reads them: never edited, each opening on record, moved by the one service."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from portal.conduct import services
from portal.conduct.forms import MoveForm, NameForm, NoteForm
from portal.conduct.models import NamedPerson, Report
from portal.conduct.team import is_reader, team
from portal.conduct.transitions import REPORT, TEAM
from portal.jobs.transitions import MoveRefused
from portal.members.models import User

State = Report.State
#: What the button of a move says.
VERBS = {
    State.TRIAGE: gettext_lazy("Take it and look into it"),
    State.ACTION: gettext_lazy("Action was taken"),
    State.NONE: gettext_lazy("No action needed"),
    State.CLOSED: gettext_lazy("Close"),
}


@admin.register(Report)
class ReportAdmin(admin.ModelAdmin):
    """No search and no content in the list: what people wrote stands only where each opening goes on record."""

    list_display = ["__str__", "state", "age", "subject_type", "assignee"]
    list_filter = ["state"]
    list_select_related = ["assignee"]
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Report]:
        return Report.objects.visible_to(_account(request))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request) or _counts_only(request)

    def has_view_permission(self, request: HttpRequest, obj: Report | None = None) -> bool:
        """Membership of the team, asked once a request; which reports they see is `get_queryset`'s to say."""
        if not hasattr(request, "_reads_conduct"):
            request._reads_conduct = is_reader(request.user)  # type: ignore[attr-defined]
        return request._reads_conduct  # type: ignore[attr-defined]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Report | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Report | None = None) -> bool:
        return False

    def get_model_perms(self, request: HttpRequest) -> dict[str, bool]:
        """A superuser outside the team gets the link to the numbers."""
        return {**super().get_model_perms(request), "view": self.has_module_permission(request)}

    @admin.display(description=gettext_lazy("age"), ordering="created_at")
    def age(self, report: Report) -> str:
        return timesince(report.created_at, depth=1)

    def get_urls(self) -> list[URLPattern]:
        verbs = {"note": self.note_view, "move": self.move_view, "keep-out": self.keep_out_view}
        own = [
            path(f"<int:pk>/{verb}/", self.admin_site.admin_view(view), name=f"conduct_report_{verb.replace('-', '_')}")
            for verb, view in verbs.items()
        ]
        return [*own, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_permission(request) and _counts_only(request):
            return self._numbers(request)
        return super().changelist_view(request, extra_context)

    @method_decorator(require_safe)
    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return self._page(request, self._report(request, object_id))

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The history stands on the page itself."""
        raise Http404

    @method_decorator([require_POST, sensitive_post_parameters()])
    def note_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        report, form = self._report(request, pk), NoteForm(request.POST, auto_id="note_%s")
        if not form.is_valid():
            return self._page(request, report, note_form=form)
        text = form.cleaned_data["text"]
        services.add_note(report=report, actor=_account(request), text=text, now=timezone.now())
        return self._back(request, report, _("The note is kept."))

    @method_decorator([require_POST, sensitive_post_parameters()])
    def move_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        report, form = self._report(request, pk), MoveForm(request.POST, auto_id="move_%s")
        if not form.is_valid():
            return self._page(request, report, move_form=form)
        try:
            services.move_report(
                report=report,
                to=form.cleaned_data["to"],
                expected=form.cleaned_data["expected"],
                note=form.cleaned_data["text"],
                actor=_account(request),
                now=timezone.now(),
            )
        except MoveRefused as refusal:
            form.add_error(None, str(refusal))
            return self._page(request, report, move_form=form)
        return self._back(request, report, _("The report is moved on."))

    @method_decorator([require_POST, sensitive_post_parameters()])
    def keep_out_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        report, form = self._report(request, pk), NameForm(request.POST)
        if not form.is_valid():
            return self._page(request, report, name_form=form)
        services.keep_out(report=report, member=form.cleaned_data["who"], actor=_account(request), now=timezone.now())
        return self._back(request, report, _("From now on this report does not exist for them."))

    def _report(self, request: HttpRequest, key: object) -> Report:
        """The report, for the team; for whom it does not exist there is no page either."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        report = self.get_object(request, str(key))
        if report is None:
            raise Http404
        return report

    def _back(self, request: HttpRequest, report: Report, text: str) -> HttpResponse:
        messages.success(request, text)
        if not self.get_queryset(request).filter(pk=report.pk).exists():  # they kept themselves out
            return HttpResponseRedirect(reverse("admin:conduct_report_changelist"))
        return HttpResponseRedirect(reverse("admin:conduct_report_change", args=[report.pk]))

    def _page(self, request: HttpRequest, report: Report, **forms_shown: forms.Form) -> HttpResponse:
        services.open_report(report=report, viewer=_account(request), now=timezone.now())
        context = {
            **self.admin_site.each_context(request),
            "opts": self.model._meta,
            "title": str(report),
            "report": report,
            "notes": report.notes.all(),
            "named": report.named.select_related("member"),
            "views": report.views.all()[:100],
            "moves": [(to, VERBS[State(to)]) for to in REPORT.targets(report.state, {TEAM})],
            "move_form": MoveForm(auto_id="move_%s"),
            "note_form": NoteForm(auto_id="note_%s"),
            "name_form": NameForm(),
            **forms_shown,
        }
        return TemplateResponse(request, "admin/conduct/report/detail.html", context)

    def _numbers(self, request: HttpRequest) -> HttpResponse:
        """How many there are and how many nobody can read: what an administrator needs, and no more."""
        counts = dict(Report.objects.order_by().values_list("state").annotate(n=Count("pk")))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.model._meta,
            "title": _("Reports"),
            "counts": [(state.label, counts.get(state.value, 0)) for state in State],
            "readers": team().count(),
            "unread": _without_reader(),
        }
        return TemplateResponse(request, "admin/conduct/report/numbers.html", context)


def _without_reader() -> int:
    """Reports that everybody of the team is kept out of."""
    out = NamedPerson.objects.filter(report=OuterRef(OuterRef("pk")), member__user=OuterRef("pk"))
    own = Report.objects.filter(pk=OuterRef(OuterRef("pk")), reporter__user=OuterRef("pk"))
    return Report.objects.exclude(Exists(team().exclude(Exists(out)).exclude(Exists(own)))).count()


def _counts_only(request: HttpRequest) -> bool:
    return request.user.is_active and request.user.is_superuser


def _account(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
