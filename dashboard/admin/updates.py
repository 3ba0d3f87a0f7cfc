"""Monthly updates in the admin: the text, how Slack would show it, publishing once, and what became of the posts."""

import html
import re
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from dashboard import slack_blocks
from dashboard.models import MonthlyUpdate, UpdatePost
from dashboard.services import update_posts, updates
from portal.jobs.services import enqueue
from portal.jobs.transitions import MoveRefused

_LINK = re.compile(r"<(?P<url>https?://[^|>]+)\|(?P<label>[^>]*)>")


def _shown(block: slack_blocks.Block) -> dict[str, Any]:
    """A block as Slack shows it: links as links; bold and the like keep their signs."""
    text = block["text"]["text"]
    if block["type"] == "header":
        return {"is_header": True, "text": text}
    pieces, at = [], 0
    for found in _LINK.finditer(text):
        pieces.append(format_html("{}", html.unescape(text[at : found.start()])))
        pieces.append(format_html('<a href="{}">{}</a>', found["url"], html.unescape(found["label"])))
        at = found.end()
    pieces.append(format_html("{}", html.unescape(text[at:])))
    return {"is_header": False, "text": format_html_join("", "{}", ((piece,) for piece in pieces))}


@admin.register(MonthlyUpdate)
class MonthlyUpdateAdmin(admin.ModelAdmin):
    """Written by the task of the first of a month; people edit, look at the preview, and publish."""

    list_display = ["title", "report", "state", "published_at"]
    list_filter = ["state"]
    list_select_related = ["report"]
    fields = ["title", "body"]
    change_form_template = "admin/dashboard/monthlyupdate/change_form.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/preview/", view(self.preview_view), name="dashboard_monthlyupdate_preview"),
            path("<int:pk>/publish/", view(self.publish_view), name="dashboard_monthlyupdate_publish"),
            path("<int:pk>/post/<int:post>/", view(self.post_view), name="dashboard_monthlyupdate_post"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        posts = UpdatePost.objects.filter(update_of_id=int(object_id)) if object_id.isdigit() else []
        stands = [(post, update_posts.where_it_stands(post)) for post in posts]
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "posts": stands})

    def _load(self, request: HttpRequest, pk: int) -> MonthlyUpdate:
        update = get_object_or_404(MonthlyUpdate.objects.select_related("report"), pk=pk)
        if not self.has_change_permission(request, update):
            raise PermissionDenied
        return update

    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The messages as Slack gets them, block by block, and the page; publishing is a button below."""
        update = self._load(request, pk)
        text = updates.text_of_today(update)
        parts = slack_blocks.messages(update.title, text, marker=f"update-{update.report.key}")
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("How it will look"),
            "update": update,
            "text": text,
            "parts": [[_shown(block) for block in blocks] for blocks in parts],
            "detail": self._detail(pk),
        }
        return TemplateResponse(request, "admin/dashboard/monthlyupdate/preview.html", context)

    def publish_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        update = self._load(request, pk)
        if request.method == "POST":
            try:
                updates.publish(update=update, by=request.user, now=timezone.now())  # type: ignore[arg-type]
            except MoveRefused as refusal:
                messages.error(request, str(refusal))
            else:
                messages.success(request, _("“%(title)s” is published.") % {"title": update.title})
        return HttpResponseRedirect(self._detail(pk))

    def post_view(self, request: HttpRequest, pk: int, post: int) -> HttpResponse:
        """Let a failed post go again."""
        self._load(request, pk)
        row = get_object_or_404(UpdatePost, pk=post, update_of_id=pk)
        if request.method == "POST" and update_posts.try_again(post=row):
            enqueue(updates.POST_TASK, row.pk)
            messages.success(request, _("It is tried again now."))
        return HttpResponseRedirect(self._detail(pk))

    def _detail(self, pk: int) -> str:
        return reverse("admin:dashboard_monthlyupdate_change", args=[pk])
