"""Applying to found a group: start, six parts, check, send, and what became of it."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from meetups import application_page as pages
from meetups.forms.addresses import OnceField
from meetups.forms.applications import InviteForm, PartForm, StartForm, form_class
from meetups.forms.clocks import ZONES
from meetups.forms.conversation import LineForm
from meetups.forms.offers import SeatForm
from meetups.models import Application, ApplicationOrganiser
from meetups.permissions import account, is_applicant, may_see_application
from meetups.seen_review import read_review
from meetups.services import applications, conversation, drafts, readiness, seat_offers, venues
from portal.jobs.transitions import MoveRefused
from portal.members.services import member_of


def own_application(request: HttpRequest, public_id: object) -> Application:
    """The application, for its organisers; for everybody else it does not exist."""
    application = get_object_or_404(
        Application.objects.select_related("place", "applicant", "group"), public_id=public_id
    )
    if not is_applicant(request.user, application):
        raise Http404
    return application


@require_http_methods(["GET", "HEAD", "POST"])
def application_start(request: HttpRequest) -> HttpResponse:
    """What a group promises, what it takes, and the reader's own drafts and applications."""
    member = member_of(account(request))
    form = StartForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            application = drafts.start_draft(
                member=member,
                user=account(request),
                kind=form.cleaned_data["kind"],
                now=timezone.now(),
                key=form.cleaned_data["key"],
            )
        except MoveRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("meetups:application_part", public_id=application.public_id, part="interest")
    mine = Application.objects.of_member(member).select_related("place").order_by("-changed_at")
    return render(request, "meetups/application_start.html", {"form": form, "mine": mine})


def _readable(request: HttpRequest, public_id: object) -> Application:
    rows = Application.objects.select_related(
        "place", "applicant", "group", "redirected_to", "redirected_to_application"
    )
    application = get_object_or_404(rows, public_id=public_id)
    if not may_see_application(request.user, application):
        raise Http404
    return application


@require_safe
def application_detail(request: HttpRequest, public_id: object) -> HttpResponse:
    """State, answer-by date, answers, review and public notes, for organisers and reviewers only."""
    return _show(request, _readable(request, public_id))


@require_POST
def application_say(request: HttpRequest, public_id: object) -> HttpResponse:
    """An organiser writes to the team; what was typed stays when it cannot be sent."""
    application = own_application(request, public_id)
    form = LineForm(request.POST)
    if form.is_valid():
        try:
            conversation.comment(
                application=application,
                author=account(request),
                text=form.cleaned_data["text"],
                is_public=True,
                now=timezone.now(),
            )
        except MoveRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Sent to the team."))
            return redirect(f"{application.get_absolute_url()}#conversation")
    return _show(request, _readable(request, public_id), form)


def _show(request: HttpRequest, application: Application, form: LineForm | None = None) -> HttpResponse:
    now = timezone.now()
    page = pages.read_application_page(application, now=now)
    context = {
        "page": page,
        "application": application,
        "is_mine": is_applicant(request.user, application),
        "my_seat": _seat_to_leave(request, page),
        "again_key": uuid.uuid4(),
        "offer": seat_offers.offer_for(application, getattr(request.user, "member", None)),
        "seat_form": SeatForm(),
        "review": read_review(application, history=page.history, now=now),
        "line_form": form or LineForm(),
    }
    return render(request, "meetups/application_detail.html", context)


def _seat_to_leave(request: HttpRequest, page: pages.ApplicationPage) -> ApplicationOrganiser | None:
    """The reader's own seat, while leaving it means something; who began the application withdraws it instead."""
    application = page.application
    if not (application.is_open or application.is_editable):
        return None
    others = (seat for seat in page.seats if seat.is_accepted and seat.member_id != application.applicant_id)
    return next((seat for seat in others if seat.member and seat.member.user_id == request.user.pk), None)


@require_http_methods(["GET", "HEAD", "POST"])
def application_part(request: HttpRequest, public_id: object, part: str) -> HttpResponse:
    """One of the six parts. Saving keeps every answer that is good, and shows the others with what to do about them."""
    application = own_application(request, public_id)
    try:
        cls = form_class(application, part)
    except KeyError as unknown:
        raise Http404 from unknown
    if not application.is_editable:
        return redirect(application)
    is_post = request.method == "POST"
    form = cls(request.POST if is_post else None, application=application)
    if is_post:
        try:
            application = drafts.save_answers(application=application, values=form.answers(), now=timezone.now())
        except MoveRefused as refusal:
            messages.error(request, str(refusal))
        else:
            if form.is_valid():
                return _onward(request, application, part)
            messages.warning(request, _("Saved what was complete. The rest is marked below."))
    return render(request, "meetups/application_part.html", _part_context(application, part, form))


def _onward(request: HttpRequest, application: Application, part: str) -> HttpResponse:
    messages.success(request, _("Draft saved."))
    if "ask" in request.POST and part == "room":
        ask_host(request, application)
        return redirect("meetups:application_part", public_id=application.public_id, part=part)
    if "later" in request.POST:
        return redirect("meetups:application_start")
    if "stay" in request.POST:
        return redirect("meetups:application_part", public_id=application.public_id, part=part)
    after = pages.around(application, part).after
    if not after:
        return redirect("meetups:application_check", public_id=application.public_id)
    return redirect("meetups:application_part", public_id=application.public_id, part=after)


def ask_host(request: HttpRequest, application: Application) -> None:
    """Ask the host of the room by mail, and say what came of it."""
    try:
        asked = venues.ask_host(application=application, by=account(request), now=timezone.now())
    except MoveRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("We wrote to %(host)s. You hear by mail what they say.") % {"host": asked.host})


def _part_context(
    application: Application, part: str, form: PartForm, invite: InviteForm | None = None
) -> dict[str, object]:
    now, online = timezone.now(), int(application.is_online)
    panel = pages.read_panel(application, now=now, current=part)
    seats = application.organisers.select_related("member").order_by("pk") if part == "organisers" else []
    return {
        "application": application,
        "part": part,
        "form": form,
        "number": list(pages.TITLES).index(part) + 1,
        "question": pages.QUESTIONS[part][online],
        "lead": pages.LEADS[part][online],
        "panel": panel,
        "steps": pages.steps(application, panel),
        "around": pages.around(application, part),
        "seats": seats,
        "host": pages.host_of(application) if part == "room" else None,
        "invite": invite or InviteForm(),
        "dates": pages.coming_dates(application, now=now) if part == "rhythm" else [],
        "zones": sorted(ZONES),
    }


def show_part(request: HttpRequest, application: Application, part: str, invite: InviteForm) -> HttpResponse:
    """The page of a part with an invitation form that has something to put right."""
    form = form_class(application, part)(application=application)
    return render(request, "meetups/application_part.html", _part_context(application, part, form, invite))


@require_http_methods(["GET", "HEAD", "POST"])
def application_check(request: HttpRequest, public_id: object) -> HttpResponse:
    """Everything on one page before it is sent; what is missing links to its field."""
    application = own_application(request, public_id)
    if not application.is_editable:
        return redirect(application)
    if request.method == "POST" and request.POST.get("agree"):
        application = drafts.agree(application=application, member=member_of(account(request)), now=timezone.now())
    gaps = readiness.missing(application, now=timezone.now())
    if request.method == "POST" and not gaps:
        try:
            application = applications.move(
                application=application, to=Application.State.SUBMITTED, actor=account(request), now=timezone.now()
            )
        except MoveRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Sent. Every organiser gets a mail, and the team answers within ten days."))
            return redirect(application)
    page = pages.read_application_page(application, now=timezone.now())
    context = {"application": application, "page": page, "gaps": gaps, "tried": request.method == "POST"}
    return render(request, "meetups/application_check.html", {**context, "steps": pages.steps(application, page.panel)})


@require_http_methods(["GET", "HEAD", "POST"])
def application_withdraw(request: HttpRequest, public_id: object) -> HttpResponse:
    """A page that asks once more; only its button withdraws."""
    application = own_application(request, public_id)
    if request.method == "POST":
        try:
            applications.move(
                application=application, to=Application.State.WITHDRAWN, actor=account(request), now=timezone.now()
            )
        except MoveRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Withdrawn. Your answers stay here in case you want to begin again."))
        return redirect(application)
    return render(request, "meetups/application_withdraw.html", {"application": application})


@require_POST
def application_again(request: HttpRequest, public_id: object) -> HttpResponse:
    """Begin a new draft with the answers of an application that ended."""
    application = own_application(request, public_id)
    try:
        draft = drafts.retry(
            application=application,
            member=member_of(account(request)),
            user=account(request),
            now=timezone.now(),
            key=OnceField().clean(request.POST.get("key")),
        )
    except MoveRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(application)
    return redirect("meetups:application_part", public_id=draft.public_id, part="interest")
