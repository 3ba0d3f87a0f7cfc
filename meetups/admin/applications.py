"""The team's queue of applications: to read, and to move by the one service; never to edit."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetups import application_page as pages
from meetups import criteria, transitions
from meetups.admin.checks import check_again
from meetups.forms.moves import move_form
from meetups.models import Application, ApplicationOrganiser, Group
from meetups.permissions import account, application_roles, is_reviewer
from meetups.services import applications, evidence
from portal.jobs.transitions import MoveRefused

State = Application.State
#: What the button of a move says.
VERBS = {
    State.IN_REVIEW: gettext_lazy("Claim and review"),
    State.CHANGES_REQUESTED: gettext_lazy("Ask for changes"),
    State.ON_HOLD: gettext_lazy("Put on hold"),
    State.APPROVED: gettext_lazy("Approve"),
    State.DECLINED: gettext_lazy("Decline"),
    State.REDIRECTED: gettext_lazy("Send on to a group"),
}
SYMBOLS = {criteria.Status.MET: "●", criteria.Status.WAITING: "◆", criteria.Status.NOT_YET: "○"}


class OpenFilter(admin.SimpleListFilter):
    """Open ones by default; the queue is what waits."""

    title = gettext_lazy("queue")
    parameter_name = "queue"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("open", _("waiting for the team")), ("mine", _("claimed by me")), ("decided", _("decided"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Application]) -> QuerySet[Application]:
        if self.value() == "open":
            return queryset.filter(state__in=Application.OPEN_STATES)
        if self.value() == "mine":
            return queryset.filter(assignee=account(request), state__in=Application.OPEN_STATES)
        if self.value() == "decided":
            return queryset.filter(decided_at__isnull=False)
        return queryset


@admin.register(Application)
class ApplicationAdmin(admin.ModelAdmin):
    list_display = ["title", "state", "age", "where", "answer_by_on", "symbols", "assignee"]
    list_filter = [OpenFilter, "state", "kind"]
    search_fields = ["group_name", "place__name", "applicant__name", "organisers__name"]
    list_select_related = ["place", "applicant", "assignee"]
    actions = ["claim_selected"]
    change_form_template = "admin/meetups/application/detail.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Application]:
        here = Group.objects.listed().filter(place=OuterRef("place"), kind=Group.Kind.MEETUP)
        is_closed = ExpressionWrapper(~Q(state__in=Application.OPEN_STATES), output_field=BooleanField())
        rows = super().get_queryset(request).filter(submitted_at__isnull=False).prefetch_related("organisers")
        return rows.annotate(has_group_here=Exists(here), is_closed=is_closed)

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        """What waits comes first, the nearest promise on top."""
        return [F("is_closed").asc(), F("answer_by_on").asc(nulls_last=True), "-pk"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Application | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Application | None = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Application | None = None) -> bool:
        return is_reviewer(request.user) or super().has_view_permission(request, obj)

    def has_review_permission(self, request: HttpRequest) -> bool:
        return is_reviewer(request.user)

    @admin.display(description=gettext_lazy("group"), ordering="group_name")
    def title(self, application: Application) -> str:
        return str(application)

    @admin.display(description=gettext_lazy("age"), ordering="submitted_at")
    def age(self, application: Application) -> str:
        return timesince(application.submitted_at, depth=1) if application.submitted_at else "–"

    @admin.display(description=gettext_lazy("place"), ordering="place__name")
    def where(self, application: Application) -> str:
        return str(application.place) if application.place else (_("online") if application.is_online else "–")

    @admin.display(description=gettext_lazy("criteria 1 to 6"))
    def symbols(self, application: Application) -> str:
        same = getattr(application, "has_group_here", False)
        near = (
            [criteria.Neighbour(name="", km=0, same_place=True)] if same and application.state != State.APPROVED else []
        )
        seats = application.organisers.all()
        results = evidence.judge_loaded(application, seats=seats, neighbours=near, now=timezone.now())
        marks = ((result.title, result.badge[1], SYMBOLS[result.status]) for result in results)
        return format_html_join(" ", '<span role="img" aria-label="{0}: {1}" title="{0}: {1}">{2}</span>', marks)

    @admin.action(description=gettext_lazy("Claim the selected applications"), permissions=["review"])
    def claim_selected(self, request: HttpRequest, queryset: QuerySet[Application]) -> None:
        """Row by row through the same service as the button."""
        claimed = 0
        for application in list(queryset):
            try:
                applications.move(
                    application=application, to=State.IN_REVIEW, actor=account(request), now=timezone.now()
                )
            except MoveRefused as refusal:
                self.message_user(request, f"{application}: {refusal}", messages.WARNING)
            else:
                claimed += 1
        self.message_user(request, _("%(count)s claimed.") % {"count": claimed}, messages.SUCCESS)

    def get_urls(self) -> list[URLPattern]:
        own = path(
            "<int:pk>/move/<str:to>/", self.admin_site.admin_view(self.move_view), name="meetups_application_move"
        )
        again = path("<int:pk>/check/", self.admin_site.admin_view(check_again), name="meetups_application_check")
        return [own, again, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        application = self.get_object(request, object_id)
        extra: dict[str, Any] = dict(extra_context or {})
        if application is not None:
            extra |= _detail_context(request, application)
        return super().change_view(request, object_id, form_url, extra)

    def move_view(self, request: HttpRequest, pk: int, to: str) -> HttpResponse:
        """A page that asks once more, with what the move needs; its POST calls the service."""
        application = get_object_or_404(Application.objects.sent().select_related("place", "applicant"), pk=pk)
        if not is_reviewer(request.user):
            raise PermissionDenied
        detail = reverse("admin:meetups_application_change", args=[pk])
        if to not in VERBS:
            messages.error(request, _("There is no such move."))
            return HttpResponseRedirect(detail)
        form = move_form(to)(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                applications.move(
                    application=application,
                    to=to,
                    actor=account(request),
                    now=timezone.now(),
                    expected=request.POST.get("expected") or None,
                    words=form.words(),
                )
            except MoveRefused as refusal:
                messages.error(request, str(refusal))
            else:
                messages.success(request, _("%(group)s: %(state)s.") % {"group": application, "state": State(to).label})
            return HttpResponseRedirect(detail)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.model._meta,
            "title": VERBS[State(to)],
            "application": application,
            "form": form,
            "to": to,
            "detail": detail,
        }
        return TemplateResponse(request, "admin/meetups/application/move.html", context)


def _detail_context(request: HttpRequest, application: Application) -> dict[str, Any]:
    """Answers by criterion, results, history, and the moves this reader may make."""
    roles = application_roles(account(request), application) - {transitions.TEAM}
    panel = pages.read_panel(application, now=timezone.now())
    answers = pages.answers_by_part(application)
    return {
        "panel": panel,
        "parts": [(result, answers[result.key]) for result in panel.results],
        "seats": ApplicationOrganiser.objects.filter(application=application).select_related("member").order_by("pk"),
        "history": application.history.select_related("actor").order_by("pk"),
        "moves": [
            (to, VERBS[State(to)]) for to in transitions.APPLICATION.targets(application.state, roles) if to in VERBS
        ],
        "group_link": format_html('<a href="{}">{}</a>', application.group.get_absolute_url(), application.group)
        if application.group
        else "",
    }
