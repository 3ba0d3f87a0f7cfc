"""What contributions count for, as the team edits it."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from dashboard.models import Weight, WeightVersion
from dashboard.services.staleness import mark_stale


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
