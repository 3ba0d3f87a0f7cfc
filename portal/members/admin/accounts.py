"""Accounts: who may sign in, and who may open the admin."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.members.models import User


class AccountChangeForm(UserChangeForm):
    class Meta:
        model = User
        fields = "__all__"


class AccountCreationForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ["email"]


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    form = AccountChangeForm
    add_form = AccountCreationForm
    list_display = ["email", "member_name", "is_active", "is_staff", "has_second_factor", "last_login", "joined_at"]
    list_filter = ["is_staff", "is_active", "groups"]
    list_select_related = ["member"]
    search_fields = ["email", "member__name", "member__handle"]
    ordering = ["email"]
    date_hierarchy = "joined_at"
    readonly_fields = ["last_login", "joined_at"]
    fieldsets = [
        (None, {"fields": ["email", "password"]}),
        (_("Reading"), {"fields": ["language", "time_zone"]}),
        (_("May do"), {"fields": ["is_active", "is_staff", "is_superuser", "groups", "user_permissions"]}),
        (_("Seen"), {"fields": ["last_login", "joined_at"]}),
    ]
    add_fieldsets = [(None, {"classes": ["wide"], "fields": ["email", "usable_password", "password1", "password2"]})]

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        """Rights are given by superusers only: whoever else may change accounts could give themselves any."""
        fields = [*super().get_readonly_fields(request, obj)]
        return fields if request.user.is_superuser else [*fields, "is_superuser", "groups", "user_permissions"]

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return _may_touch(request, obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return _may_touch(request, obj) and super().has_delete_permission(request, obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        factors = Authenticator.objects.filter(user=OuterRef("pk")).exclude(type=Authenticator.Type.RECOVERY_CODES)
        return super().get_queryset(request).annotate(has_factor=Exists(factors))

    @admin.display(description=_("member"))
    def member_name(self, user: User) -> str:
        return str(user.member) if hasattr(user, "member") else "-"

    @admin.display(description=_("second factor"), boolean=True, ordering="has_factor")
    def has_second_factor(self, user: User) -> bool:
        return user.has_factor  # type: ignore[attr-defined]

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """An account made by the team gets its address row, unverified: the person proves it at the first sign-in."""
        super().save_model(request, obj, form, change)
        if not change:
            EmailAddress.objects.get_or_create(user=obj, email=obj.email.lower(), defaults={"primary": True})


def _may_touch(request: HttpRequest, user: User | None) -> bool:
    """Superusers are edited by superusers only: their password or address would be a way to all rights."""
    return user is None or not user.is_superuser or request.user.is_superuser
