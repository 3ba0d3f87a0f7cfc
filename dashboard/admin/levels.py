"""The thresholds of levels in the admin: a version is in force from its day; one that has been is history."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dashboard.models import LevelRule
from dashboard.services.level_rules import rule_on
from dashboard.services.staleness import mark_stale


@admin.register(LevelRule)
class LevelRuleAdmin(admin.ModelAdmin):
    """A new version is a new row: what was in force on a day that is over can be read, not rewritten."""

    list_display = ["name", "preset", "from_on", "days", "core_points", "core_weeks", "contributor_points"]
    date_hierarchy = "from_on"
    readonly_fields = ["preset"]
    fieldsets = [
        (None, {"fields": ["name", "from_on", "preset", "days", "measure", "is_chat_once"]}),
        (
            _("Levels of people"),
            {
                "fields": [
                    *("core_points", "core_weeks", "contributor_points"),
                    *("participant_days", "participant_contributions"),
                ]
            },
        ),
        (_("Levels of organisations"), {"fields": ["organisation_people", "organisation_months"]}),
        (_("Rising and fading"), {"fields": ["trend_factor", "trend_least"]}),
    ]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """What is in force today, from tomorrow on."""
        today = timezone.now().date()
        return {**asdict(rule_on(today)), "from_on": today + timedelta(days=1)}

    def has_change_permission(self, request: HttpRequest, obj: LevelRule | None = None) -> bool:
        return super().has_change_permission(request, obj) and not self._is_history(obj)

    def has_delete_permission(self, request: HttpRequest, obj: LevelRule | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not self._is_history(obj)

    def save_model(self, request: HttpRequest, obj: LevelRule, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        mark_stale(timezone.now())

    def delete_model(self, request: HttpRequest, obj: LevelRule) -> None:
        super().delete_model(request, obj)
        mark_stale(timezone.now())

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Deleting many at once would not ask about each one's day."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    @staticmethod
    def _is_history(rule: LevelRule | None) -> bool:
        return rule is not None and rule.from_on < timezone.now().date()
