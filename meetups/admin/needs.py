"""What groups and events need, in the admin: read, ask for a camp, close."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetups import transitions
from meetups.models import SponsorshipNeed
from meetups.permissions import account
from meetups.services import needs
from portal.jobs.transitions import MoveRefused
from portal.members.models import Member


class CampNeedForm(forms.ModelForm):
    """For a date without a group; the groups' organisers ask for their own."""

    class Meta:
        model = SponsorshipNeed
        fields = ["event", "title", "category", "amount", "currency", "note", "needed_by_on"]

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        event = answers.get("event")
        if event is None:
            self.add_error("event", _("Choose the camp or conference it is for."))
        elif event.group_id is not None:
            self.add_error("event", _("The organisers of a group ask for what it needs themselves."))
        elif "needed_by_on" in answers:
            try:
                needs.check_day(event=event, group=None, day=answers["needed_by_on"], now=timezone.now())
            except MoveRefused as refusal:
                self.add_error("event" if refusal.reason == "event" else "needed_by_on", str(refusal))
        if (answers.get("amount") is None) != (not answers.get("currency")):
            self.add_error("currency", _("An amount has a currency, and what is asked for in kind has neither."))
        return answers


@admin.register(SponsorshipNeed)
class SponsorshipNeedAdmin(admin.ModelAdmin):
    form = CampNeedForm
    list_display = ["title", "group", "event", "category", "amount_text", "needed_by_on", "state"]
    list_filter = ["state", "category"]
    search_fields = ["title", "group__name", "event__title"]
    list_select_related = ["group", "event"]
    autocomplete_fields = ["event"]
    readonly_fields = ["group", "state", "state_since", "closed_because", "stated_by", "stated_at"]
    actions = ["close_chosen"]

    def has_change_permission(self, request: HttpRequest, obj: SponsorshipNeed | None = None) -> bool:
        """What stands on a page is not rewritten; it is closed and asked for anew."""
        return obj is None and super().has_change_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: SponsorshipNeed | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: SponsorshipNeed, form: Any, change: bool) -> None:
        """By the service that the organisers' page uses."""
        user = account(request)
        obj.pk = needs.state_need(
            group=None, by=Member.objects.filter(user=user).first(), now=timezone.now(), **form.cleaned_data
        ).pk

    def get_readonly_fields(self, request: HttpRequest, obj: SponsorshipNeed | None = None) -> list[str]:
        return list(self.readonly_fields) if obj else []

    @admin.action(description=gettext_lazy("Close: the team takes it off the page"), permissions=["change"])
    def close_chosen(self, request: HttpRequest, chosen: QuerySet[SponsorshipNeed]) -> None:
        """Row by row by the service that everybody else uses."""
        reason, closed = _("The community team took it off the page."), 0
        for need in chosen:
            try:
                needs.move_need(
                    need=need,
                    to=SponsorshipNeed.State.CLOSED,
                    actors={transitions.KEEPER},
                    now=timezone.now(),
                    reason=reason,
                )
                closed += 1
            except MoveRefused as refusal:
                messages.error(request, f"{need}: {refusal}")
        if closed:
            messages.success(request, _("Closed: %(n)d.") % {"n": closed})
