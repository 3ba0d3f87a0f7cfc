"""The outbox as the team sees it: to read, not to write."""

from django.contrib import admin
from django.http import HttpRequest

from portal.mail.models import Message


@admin.register(Message)
class MessageAdmin(admin.ModelAdmin):
    list_display = ["kind", "about", "address", "state", "created_at", "sent_at", "attempt"]
    list_filter = ["state", "kind"]
    search_fields = ["address", "about"]
    date_hierarchy = "created_at"
    exclude = ["context"]  # may hold links that are keys

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Message | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Message | None = None) -> bool:
        return False
