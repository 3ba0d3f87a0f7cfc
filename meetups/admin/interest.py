"""Interest in places in the admin: read it, find it, take it out."""

from django.contrib import admin

from meetups.models import Interest


@admin.register(Interest)
class InterestAdmin(admin.ModelAdmin):
    list_display = ["place", "kind", "member", "wants_introduction", "created_at", "withdrawn_at"]
    list_filter = ["kind", "wants_introduction"]
    search_fields = ["place__search", "place__name", "member__name", "member__handle"]
    list_select_related = ["place", "member"]
    autocomplete_fields = ["place", "member"]
    readonly_fields = ["created_at", "withdrawn_at"]
