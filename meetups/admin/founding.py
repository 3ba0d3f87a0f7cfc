"""Categories on the forum in the admin: which are made, what stands in the way, and who makes them by hand."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetups.admin.questions import ask, posted
from meetups.models import ForumCategory
from meetups.permissions import account, is_reviewer
from meetups.services import forum_categories
from meetups.services.forum_letters import paste


class AddressForm(forms.Form):
    url = forms.URLField(label=gettext_lazy("Address of the category"), max_length=500, assume_scheme="https")


class ReadOnlyForReviewers(admin.ModelAdmin):
    """Reviewers read; nothing is added, changed or deleted but by the buttons."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_reviewer(request.user) or super().has_view_permission(request, obj)


@admin.register(ForumCategory)
class ForumCategoryAdmin(ReadOnlyForReviewers):
    list_display = ["name", "group", "how_far", "asked_at", "made_at"]
    list_filter = ["state", "is_by_hand"]
    search_fields = ["name", "group__name"]
    list_select_related = ["group"]
    change_form_template = "admin/meetups/forumcategory/detail.html"

    @admin.display(description=gettext_lazy("how far"))
    def how_far(self, category: ForumCategory) -> str:
        if category.is_made:
            return _("made")
        if category.waits_for_team:
            return _("waits for the team")
        return _("being made") if category.state == ForumCategory.State.RUNNING else _("will be made")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/again/", view(self.again_view), name="meetups_forumcategory_again"),
            path("<int:pk>/by-hand/", view(self.by_hand_view), name="meetups_forumcategory_by_hand"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        category = self.get_object(request, object_id)
        extra: dict[str, Any] = dict(extra_context or {})
        if category is not None:
            extra |= {
                "paste": paste(category),
                "how_far": self.how_far(category),
                "may_act": is_reviewer(request.user) and not category.is_made,
            }
        return super().change_view(request, object_id, form_url, extra)

    def _load(self, request: HttpRequest, pk: int) -> ForumCategory:
        if not is_reviewer(request.user):
            raise PermissionDenied
        return get_object_or_404(ForumCategory.objects.select_related("group__place"), pk=pk)

    def again_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        category = self._load(request, pk)

        def verb() -> str:
            forum_categories.try_again(category=category, now=timezone.now())
            return _("The portal tries again now: look here in a minute.")

        return ask(
            self,
            request,
            title=_("Try again"),
            text=_("The portal looks whether “%(name)s” is there already, and makes it if not.")
            % {"name": category.name},
            detail=reverse("admin:meetups_forumcategory_change", args=[pk]),
            form=forms.Form(posted(request)),
            verb=verb,
        )

    def by_hand_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        category = self._load(request, pk)
        form = AddressForm(posted(request))

        def verb() -> str:
            forum_categories.note_made_by_hand(
                category=category, url=form.cleaned_data["url"], by=account(request), now=timezone.now()
            )
            return _("Noted, and the organisers get a mail.")

        return ask(
            self,
            request,
            title=_("I made it by hand"),
            text=_("Paste the address of “%(name)s”. The page of the group shows it.") % {"name": category.name},
            detail=reverse("admin:meetups_forumcategory_change", args=[pk]),
            form=form,
            verb=verb,
        )
