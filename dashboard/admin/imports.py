"""Runs, channels, streams and dead letters: to read, with what the team may do about them."""

import json
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from dashboard.models import Channel, DeadLetter, ImportRun, Source, Stream
from dashboard.services import dead_letters, runs


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows that only services write."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_run_permission(self, request: HttpRequest) -> bool:
        """Who may change a source may have it read."""
        return request.user.has_perm("dashboard.change_source")

    def tell(self, request: HttpRequest, done: dead_letters.Reread) -> None:
        """Say what was asked for, and what stands in the way."""
        for problem in done.problems:
            messages.warning(request, problem)
        said = ngettext(
            "%(n)s stream is read again from the beginning; what is stored already is skipped.",
            "%(n)s streams are read again from the beginning; what is stored already is skipped.",
            done.n_streams,
        ) % {"n": done.n_streams}
        if done.n_streams:
            messages.success(request, said)
        else:
            messages.warning(request, _("Imported files are not read again: import the corrected file."))


@admin.register(ImportRun)
class ImportRunAdmin(ReadOnlyAdmin):
    list_display = [
        *("source", "state", "created_at", "started_at", "finished_at"),
        *("n_new", "n_updated", "n_skipped", "n_rejected", "at_stream", "error"),
    ]
    list_filter = ["state", "source"]
    list_select_related = ["source"]
    date_hierarchy = "created_at"
    change_form_template = "admin/dashboard/importrun/change_form.html"
    actions = ["import_again"]

    @admin.action(description=gettext_lazy("Import the sources of these runs again now"), permissions=["run"])
    def import_again(self, request: HttpRequest, queryset: QuerySet[ImportRun]) -> None:
        found = list(Source.objects.filter(runs__in=queryset).distinct().order_by("name"))
        ask_for_runs(request, found)


def ask_for_runs(request: HttpRequest, found: list[Source]) -> None:
    """Queue a run of each source; one that is open already is not doubled."""
    n_asked = 0
    for source in found:
        try:
            runs.ask_for_run(source=source, asked_by=request.user)  # type: ignore[arg-type]
            n_asked += 1
        except ValidationError as problem:
            messages.warning(request, " ".join(problem.messages))
    if n_asked:
        said = ngettext("%(n)s import is queued.", "%(n)s imports are queued.", n_asked) % {"n": n_asked}
        messages.success(request, said)


@admin.register(Channel)
class ChannelAdmin(ReadOnlyAdmin):
    list_display = ["name", "source", "kind", "key", "is_archived"]
    list_filter = ["source", "kind", "is_archived"]
    list_select_related = ["source"]
    search_fields = ["name", "key"]


@admin.register(Stream)
class StreamAdmin(ReadOnlyAdmin):
    list_display = [
        *("channel", "name", "is_enabled", "is_backfilled", "last_good_at", "n_items", "next_try_at"),
        *("last_error", "note"),
    ]
    list_filter = ["is_enabled", "is_backfilled", "channel__source", "name"]
    list_select_related = ["channel__source"]
    search_fields = ["channel__name", "last_error"]
    actions = ["try_again", "switch_off", "read_again"]

    @admin.action(description=gettext_lazy("Switch on and try again"), permissions=["run"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[Stream]) -> None:
        n = queryset.update(is_enabled=True, last_error="", next_try_at=None)
        messages.success(request, _("%(n)s streams are read again with the next import.") % {"n": n})

    @admin.action(description=gettext_lazy("Switch off"), permissions=["run"])
    def switch_off(self, request: HttpRequest, queryset: QuerySet[Stream]) -> None:
        n = queryset.update(is_enabled=False)
        messages.success(request, _("%(n)s streams are left out until somebody switches them on.") % {"n": n})

    @admin.action(description=gettext_lazy("Read again from the beginning"), permissions=["run"])
    def read_again(self, request: HttpRequest, queryset: QuerySet[Stream]) -> None:
        keys = queryset.order_by().values_list("pk", flat=True)
        self.tell(request, dead_letters.read_again(streams=keys, asked_by=request.user, now=timezone.now()))  # type: ignore[arg-type]


@admin.register(DeadLetter)
class DeadLetterAdmin(ReadOnlyAdmin):
    list_display = ["external_id", "stream", "reason", "seen_at"]
    list_filter = ["stream__channel__source", "reason"]
    list_select_related = ["stream__channel"]
    search_fields = ["external_id", "reason"]
    date_hierarchy = "seen_at"
    fields = ["stream", "external_id", "reason", "seen_at", "as_it_came"]
    readonly_fields = ["as_it_came"]
    change_form_template = "admin/dashboard/deadletter/change_form.html"
    actions = ["retry"]

    @admin.display(description=gettext_lazy("as it came"))
    def as_it_came(self, letter: DeadLetter) -> SafeString:
        """The item itself: outside text, shown as text."""
        try:
            text = json.dumps(json.loads(letter.payload), indent=2, ensure_ascii=False)
        except ValueError:  # cut, or no JSON at all
            text = letter.payload
        return format_html('<pre class="payload">{}</pre>', text or _("nothing was kept"))

    @admin.action(description=gettext_lazy("Try again: read their streams from the beginning"), permissions=["run"])
    def retry(self, request: HttpRequest, queryset: QuerySet[DeadLetter]) -> None:
        keys = queryset.order_by().values_list("stream", flat=True)
        self.tell(request, dead_letters.read_again(streams=keys, asked_by=request.user, now=timezone.now()))  # type: ignore[arg-type]

    def get_urls(self) -> list[URLPattern]:
        retry = self.admin_site.admin_view(require_POST(self.retry_one))
        return [path("<int:pk>/retry/", retry, name="dashboard_deadletter_retry"), *super().get_urls()]

    def retry_one(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not self.has_run_permission(request):
            raise PermissionDenied
        letter = get_object_or_404(DeadLetter, pk=pk)
        done = dead_letters.read_again(streams=[letter.stream_id], asked_by=request.user, now=timezone.now())  # type: ignore[arg-type]
        self.tell(request, done)
        return HttpResponseRedirect(reverse("admin:dashboard_deadletter_change", args=[pk]))

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        can_retry = {"can_retry": self.has_run_permission(request)}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **can_retry})
