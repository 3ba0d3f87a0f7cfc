"""Partners as the team keeps them."""

from django.contrib import admin

from partners.models import Partner


@admin.register(Partner)
class PartnerAdmin(admin.ModelAdmin):
    list_display = ["organisation", "tier", "since_on", "until_on", "is_current"]
    list_filter = ["is_current", "tier"]
    list_select_related = ["organisation"]
    search_fields = ["organisation__name", "about"]
    autocomplete_fields = ["organisation"]
    date_hierarchy = "since_on"
    ordering = ["organisation__name"]
