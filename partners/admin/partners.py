"""Partners as the team keeps them."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from partners.models import Partner, PartnerContact, PartnerMembership, PartnerSanction
from partners.services.profiles import refresh_tiers
from partners.services.rankings import utc_today


class MembershipInline(admin.TabularInline):
    model = PartnerMembership
    extra = 0


class SanctionInline(admin.TabularInline):
    model = PartnerSanction
    extra = 0
    readonly_fields = ["by", "created_at"]


class ContactInline(admin.TabularInline):
    model = PartnerContact
    extra = 0
    autocomplete_fields = ["member"]


@admin.register(Partner)
class PartnerAdmin(admin.ModelAdmin):
    list_display = ["organisation", "tier", "since_on", "until_on", "is_current"]
    list_filter = ["is_current", "tier"]
    list_select_related = ["organisation"]
    search_fields = ["organisation__name", "about"]
    autocomplete_fields = ["organisation"]
    inlines = [ContactInline, MembershipInline, SanctionInline]
    date_hierarchy = "since_on"
    ordering = ["organisation__name"]
    readonly_fields = ["logo_version"]

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """A sanction says who decided it."""
        for row in formset.save(commit=False):
            if isinstance(row, PartnerSanction) and row.pk is None:
                row.by = request.user
            row.save()
        for row in formset.deleted_objects:
            row.delete()
        formset.save_m2m()
        refresh_tiers(today=utc_today())
