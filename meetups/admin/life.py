"""The life of groups in the admin: what moved, who asks to run one, and moves by POST with a reason."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetups import transitions
from meetups.forms.life import AnswerForm, KeeperForm
from meetups.models import Group, GroupMove, OrganiserRequest
from meetups.permissions import account, group_roles
from meetups.services import life, organiser_requests
from portal.jobs.transitions import MoveRefused

VERBS = {
    Group.State.SUSPENDED: gettext_lazy("Suspend"),
    Group.State.ARCHIVED: gettext_lazy("Put in the archive"),
}
RESTORE = gettext_lazy("Restore")


def keeper_moves(request: HttpRequest, group: Group) -> list[tuple[str, Any]]:
    """(state, what the button says) of the moves this reader may make with the group, the system's left out."""
    if transitions.KEEPER not in group_roles(account(request), group):
        return []
    if group.state == Group.State.SUSPENDED:
        return [(group.state_before or Group.State.QUIET, RESTORE)]
    targets = transitions.GROUP.targets(group.state, {transitions.KEEPER})
    return [(to, VERBS[Group.State(to)]) for to in targets if to in VERBS]


class LifeAdmin(admin.ModelAdmin):
    """The part of a group's admin that is its life: read its moves, and move it on a page that asks once more."""

    change_form_template = "admin/meetups/group/change_form.html"

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        """Groups are archived or suspended, never deleted: their past and their address stay."""
        return False

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.move_view)
        return [path("<int:pk>/move/<str:to>/", view, name="meetups_group_move"), *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        group = self.get_object(request, object_id)
        extra: dict[str, Any] = dict(extra_context or {})
        if group is not None:
            extra |= {
                "moves": group.moves.select_related("actor").order_by("-pk")[:50],
                "requests": group.organiser_requests.select_related("member")[:50],
                "keeper_moves": keeper_moves(request, group),
            }
        return super().change_view(request, object_id, form_url, extra)

    def move_view(self, request: HttpRequest, pk: int, to: str) -> HttpResponse:
        """Why, and a button; its POST calls the service."""
        group = get_object_or_404(Group, pk=pk)
        verb = dict(keeper_moves(request, group)).get(to)
        if transitions.KEEPER not in group_roles(account(request), group):
            raise PermissionDenied
        detail = reverse("admin:meetups_group_change", args=[pk])
        if verb is None:
            messages.error(request, _("There is no such move."))
            return HttpResponseRedirect(detail)
        form = KeeperForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            expected = request.POST.get("expected") or None
            reason = form.cleaned_data["reason"]
            try:
                life.move_group(
                    group=group, to=to, actor=account(request), now=timezone.now(), reason=reason, expected=expected
                )
            except MoveRefused as refusal:
                messages.error(request, str(refusal))
            else:
                words = {"group": group, "state": Group.State(to).label}
                messages.success(request, _("%(group)s: %(state)s.") % words)
            return HttpResponseRedirect(detail)
        context = {**self.admin_site.each_context(request), "opts": self.model._meta, "title": verb, "form": form}
        context |= {"group": group, "detail": detail}
        return TemplateResponse(request, "admin/meetups/group/move.html", context)


class TurnFilter(admin.SimpleListFilter):
    """The team's turn first: the queue."""

    title = gettext_lazy("whose turn")
    parameter_name = "turn"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("team", _("the team's"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[OrganiserRequest]) -> QuerySet[OrganiserRequest]:
        if self.value() == "team":
            return queryset.filter(pk__in=organiser_requests.for_team(timezone.now()).order_by().values("pk"))
        return queryset


@admin.register(OrganiserRequest)
class OrganiserRequestAdmin(admin.ModelAdmin):
    """The queue of who asks to run a group: to read, and to answer by the one service; never to edit."""

    list_display = ["group", "member", "state", "asked_at", "group_state", "answered_by"]
    list_filter = [TurnFilter, "state"]
    search_fields = ["group__name", "member__name", "member__handle"]
    list_select_related = ["group", "member", "answered_by"]
    ordering = ["-state", "asked_at"]
    change_form_template = "admin/meetups/organiserrequest/detail.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: OrganiserRequest | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: OrganiserRequest | None = None) -> bool:
        return False

    @admin.display(description=gettext_lazy("the group is"))
    def group_state(self, asked: OrganiserRequest) -> str:
        return asked.group.get_state_display()

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.answer_view)
        return [path("<int:pk>/answer/", view, name="meetups_organiserrequest_answer"), *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        asked = self.get_object(request, object_id)
        extra: dict[str, Any] = dict(extra_context or {})
        if asked is not None:
            now = timezone.now()
            extra |= {
                "form": AnswerForm(),
                "runs": asked.group.organisers.current().select_related("member").order_by("pk"),
                "others": asked.member.organiser_requests.exclude(pk=asked.pk).select_related("group")[:20],
                "is_waiting": asked.state == OrganiserRequest.State.WAITING,
                "may_answer": organiser_requests.may_answer(account(request), asked, now=now),
                "is_for_team": organiser_requests.is_for_team(asked, now=now),
            }
        return super().change_view(request, object_id, form_url, extra)

    def answer_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Yes or no, by POST only."""
        asked = get_object_or_404(OrganiserRequest.objects.select_related("group", "member__user"), pk=pk)
        form, now = AnswerForm(request.POST or None), timezone.now()
        if not organiser_requests.may_answer(account(request), asked, now=now):
            raise PermissionDenied
        if request.method == "POST" and form.is_valid() and request.POST.get("answer") in {"accept", "refuse"}:
            accepts = request.POST["answer"] == "accept"
            try:
                organiser_requests.answer(
                    request=asked, accepts=accepts, by=account(request), now=now, note=form.cleaned_data["note"]
                )
            except MoveRefused as refusal:
                messages.error(request, str(refusal))
            else:
                messages.success(request, _("Answered, and told."))
        return HttpResponseRedirect(reverse("admin:meetups_organiserrequest_change", args=[pk]))


@admin.register(GroupMove)
class GroupMoveAdmin(admin.ModelAdmin):
    """The history of all groups, newest first: to read."""

    list_display = ["group", "from_state", "to_state", "actor", "reason", "at"]
    list_filter = ["to_state"]
    search_fields = ["group__name"]
    list_select_related = ["group", "actor"]
    ordering = ["-pk"]
    date_hierarchy = "at"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: GroupMove | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: GroupMove | None = None) -> bool:
        return False
