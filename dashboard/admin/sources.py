"""Setting up a source: the service, what to read of it, a test of the connection; tokens stay in the environment."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard import importers
from dashboard.admin.imports import ask_for_runs
from dashboard.admin.source_form import SourceForm, form_for, option_fields
from dashboard.models import Source
from dashboard.services import connection_tests, runs, sources


@admin.register(Source)
class SourceAdmin(admin.ModelAdmin):
    form = SourceForm
    list_display = ["name", "service", "base_url", "is_enabled", "last_good_at", "health"]
    list_filter = ["service", "is_enabled"]
    search_fields = ["name", "base_url"]
    readonly_fields = ["which_service", "token", "last_good_at", "last_error", "latest_runs"]
    change_form_template = "admin/dashboard/source/change_form.html"
    actions = ["import_all", "switch_on", "switch_off"]

    # -- the form --

    def _service(self, request: HttpRequest, obj: Source | None) -> str:
        """The service a form is about: the source's own, or the one that was chosen."""
        return obj.service if obj else str(request.POST.get("service") or request.GET.get("service", ""))

    def get_readonly_fields(self, request: HttpRequest, obj: Source | None = None) -> list[str]:
        # Contributions are keyed on service and address, the name stands in the token's variable, and the token goes to
        # the address: none of them moves afterwards.
        return [*self.readonly_fields, "name", "base_url"] if obj else ["which_service", "token"]

    def get_fields(self, request: HttpRequest, obj: Source | None = None) -> list[Any]:
        options = list(option_fields(self._service(request, obj)))
        if obj is None:
            return ["which_service", "service", "name", "base_url", *options, "is_enabled", "token"]
        shown = ["which_service", "name", "base_url", *options, "is_enabled", "token"]
        return [*shown, "last_good_at", "last_error", "latest_runs"]

    def get_form(self, request: HttpRequest, obj: Source | None = None, change: bool = False, **kwargs: Any) -> Any:
        kwargs["form"] = form_for(self._service(request, obj), obj)
        return super().get_form(request, obj, change=change, **kwargs)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> Any:
        """First the service, then what that service needs to know."""
        if self.has_add_permission(request) and self._service(request, None) not in importers.ADDABLE:
            found = [(name, importers.SERVICES[name]) for name in importers.ADDABLE]
            context = {**self.admin_site.each_context(request), "services": found, "opts": self.opts}
            return TemplateResponse(request, "admin/dashboard/source/choose.html", context)
        return super().add_view(request, form_url, extra_context)

    def response_add(self, request: HttpRequest, obj: Source, post_url_continue: str | None = None) -> HttpResponse:
        """A new source is tried out at once, where its reader sees what is missing."""
        if "_addanother" in request.POST:
            return super().response_add(request, obj, post_url_continue)
        connection_tests.ask_for_test(source=obj, asked_by=request.user)  # type: ignore[arg-type]
        messages.success(request, _("The source is added. Its connection is being tested."))
        return HttpResponseRedirect(reverse("admin:dashboard_source_test", args=[obj.pk]))

    def has_delete_permission(self, request: HttpRequest, obj: Source | None = None) -> bool:
        if obj is not None and obj.contributions.exists():
            return False
        return super().has_delete_permission(request, obj)

    # -- what it shows --

    @admin.display(description=gettext_lazy("service"))
    def which_service(self, source: Source) -> str:
        info = importers.SERVICES.get(source.service)
        return " ".join(filter(None, [info.label, info.caution])) if info else source.service or "-"

    @admin.display(description=gettext_lazy("health"))
    def health(self, source: Source) -> str:
        return source.last_error[:120] or (_("fine") if source.last_good_at else _("not imported yet"))

    @admin.display(description=gettext_lazy("token"))
    def token(self, source: Source, *, is_short: bool = False) -> str:
        info = importers.SERVICES.get(source.service)
        if source.pk and info is not None and not info.token_help:
            return _("None is needed.")
        advice = info.token_help if info else ""
        if not source.pk:
            rule = _(
                "Read from the environment variable SOURCE_<NAME>_TOKEN (or SOURCE_<NAME>_TOKEN_FILE); never kept here."
            )
            return f"{rule} {advice}".strip()
        state = _("is set") if sources.has_token(source) else _("is not set")
        said = _("%(variable)s %(state)s in this process.") % {
            "variable": sources.token_variable(source),
            "state": state,
        }
        return said if sources.has_token(source) or is_short else f"{said} {advice}"

    @admin.display(description=gettext_lazy("latest runs"))
    def latest_runs(self, source: Source) -> str | SafeString:
        lines = [
            (
                _("%(at)s UTC, %(state)s: %(new)s new, %(updated)s updated, %(skipped)s skipped. %(error)s")
                % {
                    "at": f"{run.created_at:%Y-%m-%d %H:%M}",
                    "state": run.get_state_display(),
                    "new": run.n_new,
                    "updated": run.n_updated,
                    "skipped": run.n_skipped,
                    "error": run.error,
                },
            )
            for run in source.runs.all()[:5]
        ]
        return format_html_join("", "<p>{}</p>", lines) or _("none")

    # -- what it does --

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/import/", view(self.import_now), name="dashboard_source_import"),
            path("<int:pk>/test/", view(self.test_connection), name="dashboard_source_test"),
            *super().get_urls(),
        ]

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        can_import = self.has_change_permission(request)
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "can_import": can_import})

    def _source(self, request: HttpRequest, pk: int) -> Source:
        source = get_object_or_404(Source, pk=pk)
        if not self.has_change_permission(request, source):
            raise PermissionDenied
        return source

    def _context(self, request: HttpRequest, source: Source, **more: Any) -> dict[str, Any]:
        back = reverse("admin:dashboard_source_change", args=[source.pk])
        return {**self.admin_site.each_context(request), "source": source, "back": back, "opts": self.opts, **more}

    def import_now(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask first, then queue a run; a run that is open already is shown instead of a second one."""
        source = self._source(request, pk)
        context = self._context(request, source)
        if request.method != "POST":
            return TemplateResponse(request, "admin/dashboard/source/import_now.html", context)
        try:
            run = runs.ask_for_run(source=source, asked_by=request.user)  # type: ignore[arg-type]
        except ValidationError as problem:
            messages.error(request, " ".join(problem.messages))
            return HttpResponseRedirect(context["back"])
        self.log_change(request, source, _("Import asked for."))
        messages.success(request, _("The import is queued: this page shows how far it is."))
        return HttpResponseRedirect(reverse("admin:dashboard_importrun_change", args=[run.pk]))

    def test_connection(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What the last test found; asks for another by POST. A worker does it, so this page never waits."""
        source = self._source(request, pk)
        if request.method == "POST":
            try:
                connection_tests.ask_for_test(source=source, asked_by=request.user)  # type: ignore[arg-type]
            except ValidationError as problem:
                messages.error(request, " ".join(problem.messages))
            return HttpResponseRedirect(reverse("admin:dashboard_source_test", args=[pk]))
        test = source.connection_tests.select_related("asked_by").first()
        context = self._context(request, source, test=test, token=self.token(source, is_short=True))
        part = "#result" if request.headers.get("HX-Request") else ""
        return TemplateResponse(request, f"admin/dashboard/source/connection_test.html{part}", context)

    def has_run_permission(self, request: HttpRequest) -> bool:
        return self.has_change_permission(request)

    @admin.action(description=gettext_lazy("Import now"), permissions=["run"])
    def import_all(self, request: HttpRequest, queryset: QuerySet[Source]) -> None:
        ask_for_runs(request, list(queryset.order_by("name")))

    @admin.action(description=gettext_lazy("Switch on"), permissions=["run"])
    def switch_on(self, request: HttpRequest, queryset: QuerySet[Source]) -> None:
        n = queryset.update(is_enabled=True)
        messages.success(request, _("%(n)s sources are imported from now on.") % {"n": n})

    @admin.action(description=gettext_lazy("Switch off"), permissions=["run"])
    def switch_off(self, request: HttpRequest, queryset: QuerySet[Source]) -> None:
        n = queryset.update(is_enabled=False)
        messages.success(request, _("%(n)s sources are not imported any more; what they brought stays.") % {"n": n})
