"""The page of one application in the admin, and what is done there by POST: verdicts, lines, checks and moves."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from meetups import transitions
from meetups.admin.application_queue import ApplicationQueue
from meetups.criteria import CRITERIA
from meetups.forms.moves import move_form
from meetups.forms.review import CommentForm, VerdictForm
from meetups.models import Application
from meetups.permissions import account, application_roles, is_named_in, is_reviewer
from meetups.review_page import read_review_page
from meetups.services import applications, approval, checks, conversation, verdicts
from portal.jobs.transitions import MoveRefused

State = Application.State
#: What the button of a move says.
VERBS = {
    State.IN_REVIEW: gettext_lazy("Claim and review"),
    State.CHANGES_REQUESTED: gettext_lazy("Ask for changes"),
    State.ON_HOLD: gettext_lazy("Put on hold"),
    State.APPROVED: gettext_lazy("Approve"),
    State.DECLINED: gettext_lazy("Decline"),
    State.REDIRECTED: gettext_lazy("Send on to another group"),
}


class ApplicationReview(ApplicationQueue):
    """Reading is for whom the list is for; each verb is for reviewers who are not named in the application."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("<int:pk>/move/<str:to>/", view(self.move_view), name="meetups_application_move"),
            path("<int:pk>/verdict/<str:criterion>/", view(self.verdict_view), name="meetups_application_verdict"),
            path("<int:pk>/check/", view(self.check_view), name="meetups_application_check"),
            path("<int:pk>/note/", view(self.note_view), name="meetups_application_note"),
            path("<int:pk>/letter/", view(self.letter_view), name="meetups_application_letter"),
        ]
        return [*own, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """To read; nothing is written to this address."""
        if request.method not in {"GET", "HEAD"}:
            raise PermissionDenied
        application = self._application(request, object_id, writes=False)
        if is_named_in(request.user, application):
            messages.info(request, _("You are named in this application, so you see what its organisers see."))
            return HttpResponseRedirect(application.get_absolute_url())
        return self._page(request, application, extra_context or {})

    @method_decorator(require_POST)
    def verdict_view(self, request: HttpRequest, pk: int, criterion: str) -> HttpResponse:
        application = self._application(request, pk)
        if criterion not in CRITERIA:
            raise Http404
        form = VerdictForm(request.POST, auto_id=f"{criterion}_%s")
        if form.is_valid():
            try:
                verdicts.give_verdict(
                    application=application,
                    criterion=criterion,
                    verdict=form.cleaned_data["verdict"],
                    reason=form.cleaned_data["reason"],
                    actor=account(request),
                    now=timezone.now(),
                )
            except MoveRefused as refusal:
                form.add_error(None, str(refusal))
            else:
                return self._back(application, f"criterion-{criterion}")
        return self._page(request, application, verdict_forms={criterion: form})

    @method_decorator(require_POST)
    def check_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        application = self._application(request, pk)
        if not application.is_open:
            messages.error(request, _("This application is decided; there is nothing to check any more."))
            return self._back(application)
        checks.request_checks(application=application, asked_by=account(request), now=timezone.now())
        messages.success(request, _("The six checks are on their way. Load this page again in a minute."))
        return self._back(application)

    @method_decorator(require_POST)
    def note_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A line for the team alone."""
        return self._comment(request, pk, is_public=False)

    @method_decorator(require_POST)
    def letter_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A line to the organisers, who get it by mail too."""
        return self._comment(request, pk, is_public=True)

    def _comment(self, request: HttpRequest, pk: int, *, is_public: bool) -> HttpResponse:
        application, name = self._application(request, pk), "letter" if is_public else "note"
        form = CommentForm(request.POST, auto_id=f"{name}_%s")
        if form.is_valid():
            try:
                conversation.comment(
                    application=application,
                    author=account(request),
                    text=form.cleaned_data["text"],
                    is_public=is_public,
                    now=timezone.now(),
                )
            except MoveRefused as refusal:
                form.add_error("text", str(refusal))
            else:
                said = _("Sent to the organisers.") if is_public else _("Kept for the team.")
                messages.success(request, said)
                return self._back(application, "conversation")
        return self._page(request, application, None, **{f"{name}_form": form})

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def move_view(self, request: HttpRequest, pk: int, to: str) -> HttpResponse:
        """A page that asks once more, with what the move needs; its POST calls the service."""
        application = self._application(request, pk)
        if to not in VERBS:
            messages.error(request, _("There is no such move."))
            return self._back(application)
        form = move_form(to)(request.POST or None, application=application)
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
            return self._back(application)
        return self._ask_once_more(request, application, to, form)

    def _ask_once_more(self, request: HttpRequest, application: Application, to: str, form: Any) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.model._meta,
            "title": VERBS[State(to)],
            "application": application,
            "form": form,
            "to": to,
            "detail": self._address(application),
            "obstacles": approval.obstacles(application, actor=account(request), now=timezone.now())
            if to == State.APPROVED
            else [],
        }
        return TemplateResponse(request, "admin/meetups/application/move.html", context)

    def _application(self, request: HttpRequest, key: object, *, writes: bool = True) -> Application:
        """The application, for those who may see the list; what `writes` is for reviewers who are not named in it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        application = self.get_object(request, str(key))
        if application is None:
            raise Http404
        if writes and (not is_reviewer(request.user) or is_named_in(request.user, application)):
            raise PermissionDenied
        return application

    @staticmethod
    def _address(application: Application, part: str = "") -> str:
        return reverse("admin:meetups_application_change", args=[application.pk]) + (f"#{part}" if part else "")

    def _back(self, application: Application, part: str = "") -> HttpResponse:
        return HttpResponseRedirect(self._address(application, part))

    def _page(
        self, request: HttpRequest, application: Application, extra: dict[str, Any] | None = None, **forms: Any
    ) -> HttpResponse:
        reader = account(request)
        roles = application_roles(reader, application) - {transitions.TEAM}
        targets = transitions.APPLICATION.targets(application.state, roles)
        page = read_review_page(application, reader=reader, now=timezone.now(), desk=self._address, **forms)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.model._meta,
            "title": str(application),
            "original": application,
            "page": page,
            "may_review": is_reviewer(reader),
            "moves": [(to, VERBS[State(to)]) for to in targets if to in VERBS],
            "previous": self._address(application.previous) if application.previous else "",
            **(extra or {}),
        }
        return TemplateResponse(request, "admin/meetups/application/detail.html", context)
