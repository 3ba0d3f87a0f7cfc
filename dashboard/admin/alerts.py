"""What the team should look at, in the admin: newest first, taken off the list once somebody looked."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dashboard.models import Alert
from dashboard.services import alerts


class OpenFilter(admin.SimpleListFilter):
    """What nobody has looked at yet, unless asked for more."""

    title = gettext_lazy("state")
    parameter_name = "settled"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("settled")), ("all", _("all"))]

    def choices(self, changelist: Any) -> Any:
        yield {
            "selected": self.value() is None,
            "query_string": changelist.get_query_string(remove=[self.parameter_name]),
            "display": _("open"),
        }
        for key, label in self.lookup_choices:
            yield {
                "selected": self.value() == str(key),
                "query_string": changelist.get_query_string({self.parameter_name: key}),
                "display": label,
            }

    def queryset(self, request: HttpRequest, queryset: QuerySet[Alert]) -> QuerySet[Alert]:
        if self.value() == "all":
            return queryset
        return queryset.filter(settled_at__isnull=self.value() != "yes")


@admin.register(Alert)
class AlertAdmin(admin.ModelAdmin):
    list_display = ["raised_at", "kind", "what", "settled_by", "error"]
    list_display_links = None
    list_filter = [OpenFilter, "kind"]
    list_select_related = ["member", "contribution", "source", "settled_by"]
    actions = ["settle"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=gettext_lazy("what"))
    def what(self, alert: Alert) -> SafeString | str:
        said, where = alerts.sentence(alert), alerts.address(alert)
        return format_html('<a href="{}">{}</a>', where, said) if where.startswith("http") else said

    @admin.action(description=gettext_lazy("Settled: somebody looked"), permissions=["change"])
    def settle(self, request: HttpRequest, queryset: QuerySet[Alert]) -> None:
        n = alerts.settle(alerts=queryset, by=request.user, now=timezone.now())  # type: ignore[arg-type]
        messages.success(request, ngettext("%(n)s alert is settled.", "%(n)s alerts are settled.", n) % {"n": n})
