"""Who may be one person: the queue of suggestions, and the names that suggest nothing."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from portal.members import matching
from portal.members.models import Affiliation, Identity, Member, MergeSuggestion, SharedName
from portal.members.services import MergeRefused, accept_suggestion, put_off_suggestion, refuse_suggestion

#: What a human can answer: the button, the question asked before it is done, what is said afterwards.
ANSWERS = {
    "merge": (
        _("Merge: one person"),
        _("They become one member with all their accounts. It can be undone exactly, under Merges."),
        _("Merged."),
    ),
    "different": (
        _("Not the same person"),
        _("This is remembered: the two are not suggested again, and nothing but a sign-in merges them."),
        _("Remembered: two people."),
    ),
    "later": (
        _("Later"),
        _("It leaves the queue and comes back in thirty days."),
        _("Put off for thirty days."),
    ),
}


@admin.register(MergeSuggestion)
class MergeSuggestionAdmin(admin.ModelAdmin):
    """Evidence side by side; each answer is asked for once more before it is taken."""

    list_display = ["score", "pair", "reasons_in_words", "made_at"]
    list_display_links = ["pair"]
    list_select_related = ["first", "second"]
    search_fields = ["first__name", "first__handle", "second__name", "second__handle"]
    ordering = ["-score", "pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[MergeSuggestion]:
        return super().get_queryset(request).waiting()  # type: ignore[attr-defined]

    @admin.display(description=_("members"))
    def pair(self, suggestion: MergeSuggestion) -> str:
        return format_html("{} · {}", team_name(suggestion.first), team_name(suggestion.second))

    @admin.display(description=_("because of"))
    def reasons_in_words(self, suggestion: MergeSuggestion) -> str:
        return "; ".join(f"{text} (+{points})" for text, _value, points in reasons(suggestion))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: MergeSuggestion | None = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.answer)
        own = path("<int:pk>/<slug:answer>/", view, name="members_mergesuggestion_answer")
        return [*super().get_urls()[:-1], own, super().get_urls()[-1]]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The evidence; there is nothing to edit."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        suggestion = self.get_object(request, object_id)
        if suggestion is None:
            messages.info(request, _("This suggestion was answered before, or nothing speaks for it any more."))
            return redirect("admin:members_mergesuggestion_changelist")
        context = {
            **self._context(request, suggestion, now_("One person?")),
            "may_answer": self.has_change_permission(request, suggestion),
            "answers": [(key, button) for key, (button, _question, _done) in ANSWERS.items()],
        }
        return TemplateResponse(request, "admin/members/mergesuggestion/detail.html", context)

    def answer(self, request: HttpRequest, pk: int, answer: str) -> HttpResponse:
        """GET asks once more, POST does it."""
        suggestion = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_change_permission(request, suggestion):
            raise PermissionDenied
        if answer not in ANSWERS:
            raise Http404
        button, question, done = ANSWERS[answer]
        if request.method != "POST":
            context = {**self._context(request, suggestion, str(button)), "question": question, "button": button}
            return TemplateResponse(request, "admin/members/mergesuggestion/answer.html", context)
        try:
            _VERBS[answer](suggestion, request.user)
        except MergeRefused as error:
            messages.error(request, str(error))
        else:
            messages.success(request, done)
        return self._next(request)

    def _next(self, request: HttpRequest) -> HttpResponse:
        """The next of the queue, or the list when it is empty."""
        following = self.get_queryset(request).order_by("-score", "pk").first()
        if following is None:
            return redirect("admin:members_mergesuggestion_changelist")
        return redirect("admin:members_mergesuggestion_change", following.pk)

    def _context(self, request: HttpRequest, suggestion: MergeSuggestion, title: str) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "suggestion": suggestion,
            "reasons": reasons(suggestion),
            "sides": sides(suggestion),
            "detail": reverse("admin:members_mergesuggestion_change", args=[suggestion.pk]),
        }


_VERBS: dict[str, Callable[[MergeSuggestion, Any], object]] = {
    "merge": lambda suggestion, by: accept_suggestion(suggestion=suggestion, by=by),
    "different": lambda suggestion, by: refuse_suggestion(suggestion=suggestion, by=by),
    "later": lambda suggestion, by: put_off_suggestion(suggestion=suggestion, now=timezone.now()),
}


def team_name(member: Member) -> str:
    """What the team calls a member, visible or not."""
    return member.name or member.handle or f"#{member.pk}"


def reasons(suggestion: MergeSuggestion) -> list[tuple[str, str, int]]:
    """(what they have in common, its value, points), most points first."""
    return [
        (str(matching.SENTENCES.get(row["code"], row["code"])), row["value"], row["points"])
        for row in suggestion.reasons
    ]


def sides(suggestion: MergeSuggestion) -> list[dict[str, Any]]:
    """The two with everything that helps to tell; the same few queries however much there is."""
    identities = Identity.objects.annotate(n=Count("contributions")).prefetch_related("former_names")
    jobs = Affiliation.objects.shown().select_related("organisation").order_by("-days__startswith")
    found = Member.objects.select_related("place", "user").prefetch_related(
        Prefetch("identities", identities.order_by("service", "site", "pk")), Prefetch("affiliations", jobs)
    )
    return [
        {"member": one, "name": team_name(one), "identities": one.identities.all(), "jobs": one.affiliations.all()}
        for one in found.filter(pk__in=[suggestion.first_id, suggestion.second_id]).order_by("pk")
    ]


@admin.register(SharedName)
class SharedNameAdmin(admin.ModelAdmin):
    """Names and mailboxes that many people use: nothing is merged or suggested because of them."""

    list_display = ["key", "kind"]
    list_filter = ["kind"]
    search_fields = ["key"]

    def save_model(self, request: HttpRequest, obj: SharedName, form: Any, change: bool) -> None:
        obj.key = obj.key.strip().lower()
        super().save_model(request, obj, form, change)
