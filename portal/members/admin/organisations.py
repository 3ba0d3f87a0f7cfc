"""Organisations with their mail domains, and who belongs to them."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.members.days import validate_day
from portal.members.models import Affiliation, MemberChange, Organisation, OrganisationDomain
from portal.members.services import tell_of_claim


class OrganisationDomainInline(admin.TabularInline):
    model = OrganisationDomain
    extra = 1


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin):
    list_display = ["name", "place", "website", "people", "created_at"]
    list_select_related = ["place"]
    search_fields = ["name", "domains__domain"]
    autocomplete_fields = ["place"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [OrganisationDomainInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Organisation]:
        confirmed = Q(affiliations__confirmed_at__isnull=False)
        return (
            super()
            .get_queryset(request)
            .annotate(people_count=Count("affiliations__member", filter=confirmed, distinct=True))
        )

    @admin.display(description=_("people"), ordering="people_count")
    def people(self, organisation: Organisation) -> int:
        return organisation.people_count  # type: ignore[attr-defined]


class AffiliationForm(forms.ModelForm):
    """The team claims an affiliation; the person confirms it on their own page."""

    class Meta:
        model = Affiliation
        fields = ["member", "organisation", "days"]

    def clean_days(self) -> Any:
        """Days so far off that nobody can reckon with them would break the person's own page."""
        days = self.cleaned_data["days"]
        for day in filter(None, (days.lower, days.upper) if days else ()):
            validate_day(day)
        return days

    def _get_validation_exclusions(self) -> set[str]:
        # Django drops fields that the form does not show from the check of constraints, and then fails on the condition
        # of the one against overlaps.
        return super()._get_validation_exclusions() - {"rejected_at", "lapsed_at"}  # type: ignore[misc]


@admin.register(Affiliation)
class AffiliationAdmin(admin.ModelAdmin):
    form = AffiliationForm
    list_display = ["member", "organisation", "days", "source", "confirmed_at", "rejected_at", "lapsed_at"]
    list_filter = ["source", ("confirmed_at", admin.EmptyFieldListFilter), ("rejected_at", admin.EmptyFieldListFilter)]
    list_select_related = ["member", "organisation"]
    search_fields = ["member__name", "member__handle", "organisation__name"]
    autocomplete_fields = ["member", "organisation"]
    readonly_fields = ["source", "confirmed_at", "rejected_at", "lapsed_at"]

    def save_model(self, request: HttpRequest, obj: Affiliation, form: Any, change: bool) -> None:
        if not change:
            obj.source = Affiliation.Source.TEAM
        super().save_model(request, obj, form, change)
        MemberChange.objects.create(member=obj.member, kind=MemberChange.Kind.AFFILIATION)
        if obj.confirmed_at is None:
            tell_of_claim(affiliation=obj)
            messages.info(request, _("The person has to confirm this on their own page before it counts."))

    def delete_model(self, request: HttpRequest, obj: Affiliation) -> None:
        member = obj.member
        super().delete_model(request, obj)
        MemberChange.objects.create(member=member, kind=MemberChange.Kind.AFFILIATION)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Affiliation]) -> None:
        members = list(queryset.values_list("member_id", flat=True).distinct())
        super().delete_queryset(request, queryset)
        MemberChange.objects.bulk_create(
            MemberChange(member_id=member, kind=MemberChange.Kind.AFFILIATION) for member in members
        )
