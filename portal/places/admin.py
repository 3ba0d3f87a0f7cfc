"""Places as the team sees them: towns to read, regions to make."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.places.models import Place, Region
from portal.places.search import suggest


@admin.register(Place)
class PlaceAdmin(admin.ModelAdmin):
    """Read only: towns come from the gazetteer file. The search knows every spelling and "Springfield, Missouri"."""

    list_display = ["name", "area_name", "country", "population", "time_zone"]
    search_fields = ["search"]
    search_help_text = _("Such as “Köln”, “Cologne” or “Springfield, Missouri”.")
    show_full_result_count = False
    ordering = ["-population", "pk"]

    @admin.display(description=_("country"), ordering="country_code")
    def country(self, place: Place) -> str:
        return place.country_name

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Place], search_term: str
    ) -> tuple[QuerySet[Place], bool]:
        if not search_term.strip():
            return queryset, False
        found = [place.pk for place in suggest(search_term, limit=100)]
        return queryset.filter(pk__in=found), False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Place | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Place | None = None) -> bool:
        return False


@admin.register(Region)
class RegionAdmin(admin.ModelAdmin):
    list_display = ["name", "country_codes", "area_codes", "is_priority"]
    list_filter = ["is_priority"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}
