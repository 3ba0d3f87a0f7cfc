"""Groups, their organisers, slots and events in the admin. States are read here and moved by services."""

from datetime import UTC
from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from meetups.admin.life import LifeAdmin
from meetups.models import Event, Group, GroupMembership, Organiser, Series
from meetups.services import events, groups, member_letters


class OrganiserInline(admin.TabularInline):
    model = Organiser
    extra = 0
    autocomplete_fields = ["member"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Organiser]:
        return super().get_queryset(request).select_related("member")


@admin.register(Group)
class GroupAdmin(LifeAdmin):
    list_display = ["name", "kind", "state", "place", "members", "last_held_at"]
    list_filter = ["state", "kind"]
    search_fields = ["search", "name"]
    list_select_related = ["place"]
    autocomplete_fields = ["place"]
    readonly_fields = ["state", "state_since", "next_state", "announced_at", "founded_at", "last_held_at"]
    inlines = [OrganiserInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Group]:
        return super().get_queryset(request).annotate(member_count=Count("memberships"))

    @admin.display(ordering="member_count")
    def members(self, group: Group) -> int:
        return group.member_count  # type: ignore[attr-defined]

    def save_model(self, request: HttpRequest, obj: Group, form: ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        groups.refresh_search(obj)


@admin.register(Series)
class SeriesAdmin(admin.ModelAdmin):
    list_display = ["group", "title", "ordinal", "weekday", "starts_local", "time_zone", "is_paused"]
    list_filter = ["is_paused", "ordinal", "weekday"]
    search_fields = ["title", "group__name"]
    list_select_related = ["group"]
    autocomplete_fields = ["group"]


@admin.register(Event)
class EventAdmin(admin.ModelAdmin):
    list_display = ["title", "group", "state", "kind", "starts_at", "time_zone", "attended"]
    list_filter = ["state", "kind", "format"]
    search_fields = ["title", "group__name", "venue_name"]
    list_select_related = ["group"]
    autocomplete_fields = ["group", "series"]
    readonly_fields = ["state", "starts_at", "ends_at", "original_on", "attended", "cancel_reason", "sequence"]
    date_hierarchy = "starts_at"

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Wall time is stored as if it were UTC: this page is read and written in UTC, whatever the reader's zone."""
        with timezone.override(UTC):
            response = super().changeform_view(request, object_id, form_url, extra_context)
            return response.render() if hasattr(response, "render") else response

    def save_model(self, request: HttpRequest, obj: Event, form: ModelForm, change: bool) -> None:
        """The clock in UTC and the address follow from what was typed; people hear of a new time or place."""
        known = member_letters.when_and_where(Event.objects.get(pk=obj.pk)) if change else {}
        events.settle(obj, now=timezone.now(), changed=form.changed_data if change else [])
        super().save_model(request, obj, form, change)
        if change:
            events.tell_of_change(obj, known, now=timezone.now())


@admin.register(GroupMembership)
class GroupMembershipAdmin(admin.ModelAdmin):
    list_display = ["group", "member", "joined_at"]
    search_fields = ["group__name", "member__name", "member__handle"]
    list_select_related = ["group", "member"]
    autocomplete_fields = ["group", "member"]
