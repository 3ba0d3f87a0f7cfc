"""The dashboard as the team runs it: sources and their imports, weights; what was imported is to read, not to write."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard import admin_levels, importers  # noqa: F401 - registers itself
from dashboard.models import Channel, DeadLetter, ImportRun, Source, Stream, Weight, WeightVersion
from dashboard.services import runs, sources
from dashboard.services.staleness import mark_stale


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows that only services write."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class SourceForm(forms.ModelForm):
    """Checks what `add_source` checks."""

    service = forms.ChoiceField(
        label=gettext_lazy("service"), choices=[(key, info.label) for key, info in importers.SERVICES.items()]
    )
    base_url = forms.CharField(
        label=gettext_lazy("address"), required=False, help_text=gettext_lazy("Empty: the usual one of the service.")
    )

    class Meta:
        model = Source
        fields = ("service", "name", "base_url", "options", "is_enabled")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        options = cleaned.get("options") or {}
        if not isinstance(options, dict) or not all(isinstance(value, str) for value in options.values()):
            raise ValidationError({"options": _('Write the options as {"name": "value"}, every value a text.')})
        if self.errors or self.instance.is_demo:
            return cleaned
        address = (cleaned.get("base_url") or sources.default_address(cleaned["service"])).rstrip("/")
        cleaned["base_url"], cleaned["options"] = address, options
        sources.check(service=cleaned["service"], name=cleaned["name"], base_url=address, options=options)
        return cleaned


@admin.register(Source)
class SourceAdmin(admin.ModelAdmin):
    form = SourceForm
    list_display = ["name", "service", "base_url", "is_enabled", "last_good_at", "health"]
    list_filter = ["service", "is_enabled"]
    search_fields = ["name", "base_url"]
    readonly_fields = ["token", "last_good_at", "last_error", "latest_runs"]
    change_form_template = "admin/dashboard/source/change_form.html"

    def get_readonly_fields(self, request: HttpRequest, obj: Source | None = None) -> list[str]:
        # Contributions are keyed on service and address, the name stands in the token's variable, and the token goes to
        # the address: none of them moves afterwards.
        return [*self.readonly_fields, "service", "name", "base_url"] if obj else ["token"]

    def get_form(self, request: HttpRequest, obj: Source | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        if obj is None:
            return form
        given = {"service": obj.service, "name": obj.name, "base_url": obj.base_url}

        class ChangeForm(form):  # type: ignore[misc, valid-type]
            """Read-only fields are not posted: what they hold is needed for the checks."""

            def clean(self) -> dict[str, Any]:
                self.cleaned_data.update(given)
                return super().clean()

        for name in given:
            ChangeForm.base_fields.pop(name, None)
        return ChangeForm

    def get_fields(self, request: HttpRequest, obj: Source | None = None) -> list[Any]:
        shown = ["service", "name", "base_url", "options", "is_enabled", "token"]
        return [*shown, "last_good_at", "last_error", "latest_runs"] if obj else shown

    def has_delete_permission(self, request: HttpRequest, obj: Source | None = None) -> bool:
        if obj is not None and obj.contributions.exists():
            return False
        return super().has_delete_permission(request, obj)

    @admin.display(description=gettext_lazy("health"))
    def health(self, source: Source) -> str:
        return source.last_error[:120] or (_("fine") if source.last_good_at else _("not imported yet"))

    @admin.display(description=gettext_lazy("token"))
    def token(self, source: Source) -> str:
        if not source.pk:
            return _(
                "Read from the environment variable SOURCE_<NAME>_TOKEN (or SOURCE_<NAME>_TOKEN_FILE); never kept here."
            )
        state = _("is set") if sources.has_token(source) else _("is not set")
        return _("%(variable)s %(state)s in this process.") % {
            "variable": sources.token_variable(source),
            "state": state,
        }

    @admin.display(description=gettext_lazy("latest runs"))
    def latest_runs(self, source: Source) -> str:
        lines = [
            _("%(at)s UTC, %(state)s: %(new)s new, %(updated)s updated, %(skipped)s skipped. %(error)s")
            % {
                "at": f"{run.created_at:%Y-%m-%d %H:%M}",
                "state": run.get_state_display(),
                "new": run.n_new,
                "updated": run.n_updated,
                "skipped": run.n_skipped,
                "error": run.error,
            }
            for run in source.runs.all()[:5]
        ]
        return "\n".join(lines) or _("none")

    def get_urls(self) -> list[URLPattern]:
        return [
            path("<int:pk>/import/", self.admin_site.admin_view(self.import_now), name="dashboard_source_import"),
            *super().get_urls(),
        ]

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        can_import = self.has_change_permission(request)
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "can_import": can_import})

    def import_now(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask first, then queue a run; a run that is open already is shown instead of a second one."""
        source = get_object_or_404(Source, pk=pk)
        if not self.has_change_permission(request, source):
            raise PermissionDenied
        back = reverse("admin:dashboard_source_change", args=[pk])
        if request.method != "POST":
            context = {**self.admin_site.each_context(request), "source": source, "back": back, "opts": self.opts}
            return TemplateResponse(request, "admin/dashboard/source/import_now.html", context)
        try:
            run = runs.ask_for_run(source=source, asked_by=request.user)  # type: ignore[arg-type]
        except ValidationError as problem:
            messages.error(request, " ".join(problem.messages))
            return HttpResponseRedirect(back)
        self.log_change(request, source, _("Import asked for."))
        messages.success(request, _("The import is queued: this page shows how far it is."))
        return HttpResponseRedirect(reverse("admin:dashboard_importrun_change", args=[run.pk]))


@admin.register(ImportRun)
class ImportRunAdmin(ReadOnlyAdmin):
    list_display = [
        *("source", "state", "created_at", "started_at", "finished_at"),
        *("n_new", "n_updated", "n_skipped", "n_rejected", "at_stream", "error"),
    ]
    list_filter = ["state", "source"]
    list_select_related = ["source"]
    date_hierarchy = "created_at"


@admin.register(Channel)
class ChannelAdmin(ReadOnlyAdmin):
    list_display = ["name", "source", "kind", "key", "is_archived"]
    list_filter = ["source", "kind", "is_archived"]
    list_select_related = ["source"]
    search_fields = ["name", "key"]


@admin.register(Stream)
class StreamAdmin(ReadOnlyAdmin):
    list_display = [
        *("channel", "name", "is_enabled", "is_backfilled", "last_good_at", "next_try_at", "last_error", "note"),
    ]
    list_filter = ["is_enabled", "is_backfilled", "channel__source", "name"]
    list_select_related = ["channel__source"]
    search_fields = ["channel__name", "last_error"]
    actions = ["try_again"]

    @admin.action(description=gettext_lazy("Switch on and try again"), permissions=["switch"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[Stream]) -> None:
        n = queryset.update(is_enabled=True, last_error="", next_try_at=None)
        messages.success(request, _("%(n)s streams are read again with the next import.") % {"n": n})

    def has_switch_permission(self, request: HttpRequest) -> bool:
        """Who may change a source may switch its streams on."""
        return request.user.has_perm("dashboard.change_source")


@admin.register(DeadLetter)
class DeadLetterAdmin(ReadOnlyAdmin):
    list_display = ["external_id", "stream", "reason", "seen_at"]
    list_filter = ["stream__channel__source", "reason"]
    list_select_related = ["stream__channel"]
    search_fields = ["external_id", "reason"]
    date_hierarchy = "seen_at"


class WeightInline(admin.TabularInline):
    model = Weight
    extra = 0


@admin.register(WeightVersion)
class WeightVersionAdmin(admin.ModelAdmin):
    list_display = ["name", "preset", "from_on"]
    inlines = [WeightInline]
    date_hierarchy = "from_on"

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        mark_stale(timezone.now())

    def delete_model(self, request: HttpRequest, obj: WeightVersion) -> None:
        super().delete_model(request, obj)
        mark_stale(timezone.now())
