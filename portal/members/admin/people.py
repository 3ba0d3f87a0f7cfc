"""Members, their identities, roles and merges."""

from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.members.models import Affiliation, Identity, Member, Merge, Role, User
from portal.members.services import MergeRefused, set_bot_state, set_visibility, undo_merge


class IdentityInline(admin.TabularInline):
    model = Identity
    fields = ["service", "site", "uid", "username", "name", "verified_at"]
    readonly_fields = ["service", "site", "uid", "username", "name", "verified_at"]
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Member | None = None) -> bool:
        return False


class AffiliationInline(admin.TabularInline):
    model = Affiliation
    fields = ["organisation", "days", "source", "confirmed_at", "rejected_at"]
    readonly_fields = ["confirmed_at", "rejected_at"]
    autocomplete_fields = ["organisation"]
    extra = 0
    can_delete = False

    def has_change_permission(self, request: HttpRequest, obj: Member | None = None) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest, obj: Member | None = None) -> bool:
        return False


class RoleInline(admin.TabularInline):
    model = Role
    autocomplete_fields = ["region"]
    extra = 0


class BotFilter(admin.SimpleListFilter):
    """The queue of members of whom a human has to say whether they are bots."""

    title = _("bot or not")
    parameter_name = "bots"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        return [("look", _("to be looked at")), ("bot", _("bots")), ("human", _("said to be people"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Member]) -> QuerySet[Member]:
        if self.value() == "look":
            return queryset.to_be_judged()  # type: ignore[attr-defined]
        return queryset.filter(bot_state=self.value()) if self.value() in {"bot", "human"} else queryset


@admin.register(Member)
class MemberAdmin(admin.ModelAdmin):
    list_display = ["pk", "name", "handle", "user", "place", "visibility", "bot_state", "merged_into", "created_at"]
    list_display_links = ["pk", "name"]
    list_filter = [
        BotFilter,
        "visibility",
        ("user", admin.EmptyFieldListFilter),
        ("merged_into", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["user", "place", "merged_into"]
    search_fields = ["name", "handle", "public_id", "user__email", "identities__username"]
    autocomplete_fields = ["user", "place"]
    readonly_fields = ["public_id", "bot_state", "visibility", "merged_into", "erased_at", "created_at"]
    date_hierarchy = "created_at"
    inlines = [IdentityInline, AffiliationInline, RoleInline]
    actions = ["mark_as_bot", "mark_as_human", "hide"]
    show_full_result_count = False

    def save_model(self, request: HttpRequest, obj: Member, form: Any, change: bool) -> None:
        """What the team writes stays: no import and no merge writes these fields again."""
        obj.by_hand = [*obj.by_hand, *(field for field in form.changed_data if field not in obj.by_hand)]
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request: HttpRequest, obj: Member | None = None) -> bool:
        """People are erased by their own wish, through the service that leaves the counts in place."""
        return False

    @admin.action(description=_("Mark as bot"), permissions=["change"])
    def mark_as_bot(self, request: HttpRequest, queryset: QuerySet[Member]) -> None:
        self._tell(request, sum(set_bot_state(member=member, bot_state=Member.BotState.BOT) for member in queryset))

    @admin.action(description=_("Mark as a person"), permissions=["change"])
    def mark_as_human(self, request: HttpRequest, queryset: QuerySet[Member]) -> None:
        self._tell(request, sum(set_bot_state(member=member, bot_state=Member.BotState.HUMAN) for member in queryset))

    @admin.action(description=_("Hide: count, name nowhere"), permissions=["change"])
    def hide(self, request: HttpRequest, queryset: QuerySet[Member]) -> None:
        self._tell(
            request, sum(set_visibility(member=member, visibility=Member.Visibility.HIDDEN) for member in queryset)
        )

    def _tell(self, request: HttpRequest, number: int) -> None:
        text = ngettext("%(number)d member changed.", "%(number)d members changed.", number)
        self.message_user(request, text % {"number": number}, messages.SUCCESS)


@admin.register(Identity)
class IdentityAdmin(admin.ModelAdmin):
    """Read only: identities come from imports and sign-ins; whose they are changes by merging members."""

    list_display = ["username", "name", "service", "site", "email", "member", "is_bot_hint", "verified_at"]
    list_filter = ["service", "site", "is_bot_hint", ("verified_at", admin.EmptyFieldListFilter)]
    list_select_related = ["member"]
    search_fields = ["username", "name", "uid", "email"]
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Identity | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Identity | None = None) -> bool:
        return False


@admin.register(Role)
class RoleAdmin(admin.ModelAdmin):
    list_display = ["member", "kind", "region", "from_on", "until_on"]
    list_filter = ["kind", "region"]
    list_select_related = ["member", "region"]
    search_fields = ["member__name", "member__handle"]
    autocomplete_fields = ["member", "region"]
    date_hierarchy = "from_on"


@admin.register(Merge)
class MergeAdmin(admin.ModelAdmin):
    """Merges to look at and to take back."""

    list_display = ["gone", "kept", "reason", "by", "merged_at", "undone_at"]
    list_filter = [("undone_at", admin.EmptyFieldListFilter)]
    list_select_related = ["gone", "kept", "by"]
    search_fields = ["kept__name", "kept__handle", "gone__name", "gone__handle"]
    date_hierarchy = "merged_at"
    actions = ["undo"]

    @admin.action(description=_("Undo the merge"), permissions=["undo"])
    def undo(self, request: HttpRequest, queryset: QuerySet[Merge]) -> None:
        # Newest first: a later merge may stand on an earlier one.
        for merge in queryset.select_related("kept", "gone").order_by("-pk"):
            try:
                undo_merge(merge=merge, by=cast(User, request.user))
            except MergeRefused as error:
                self.message_user(request, f"{merge}: {error}", messages.ERROR)
            else:
                self.message_user(request, _("%(merge)s: undone.") % {"merge": merge}, messages.SUCCESS)

    def has_undo_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("members.change_merge")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Merge | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Merge | None = None) -> bool:
        return False
