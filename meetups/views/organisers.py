"""Who runs a group: the organisers' own page, invitations to it, and leaving."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from meetups.forms.applications import InviteForm
from meetups.forms.life import LeaveForm, RemoveForm
from meetups.models import Group, Organiser, OrganiserRequest
from meetups.permissions import account, is_organiser
from meetups.services import organisers
from portal.jobs.transitions import MoveRefused
from portal.members.services import member_of


def own_group(request: HttpRequest, slug: str) -> Group:
    """The group, for those who run it now; everybody else is refused, and a suspended one has no page."""
    group = get_object_or_404(Group.objects.listed().select_related("place"), slug=slug)
    if not is_organiser(request.user, group):
        raise PermissionDenied
    return group


@require_http_methods(["GET", "HEAD", "POST"])
def group_organisers(request: HttpRequest, slug: str) -> HttpResponse:
    """Who runs the group, who was invited, who asks; a POST invites somebody."""
    group = own_group(request, slug)
    form = InviteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            seat = organisers.invite(
                group=group, by=member_of(account(request)), now=timezone.now(), **form.cleaned_data
            )
        except MoveRefused as refusal:
            form.add_error("email", str(refusal))
        else:
            messages.success(request, _("We wrote to %(name)s.") % {"name": seat.invited_name})
            return redirect("meetups:group_organisers", slug=group.slug)
    now = timezone.now()
    current = Organiser.objects.current().filter(group=group).select_related("member__user")
    context = {
        "group": group,
        "form": form,
        "seats": [(seat, organisers.is_gone(seat, now=now)) for seat in current.order_by("accepted_at", "pk")],
        "invited": group.organisers.filter(accepted_at=None, ended_at=None).order_by("pk"),
        "requests": group.organiser_requests.filter(state=OrganiserRequest.State.WAITING).select_related("member"),
    }
    return render(request, "meetups/group_organisers.html", context)


@require_POST
def organiser_take_back(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Delete an invitation nobody answered."""
    group = own_group(request, slug)
    seat = get_object_or_404(group.organisers.select_related("group"), pk=pk)
    try:
        organisers.take_back(seat=seat)
    except MoveRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The invitation is taken back; name and address are deleted."))
    return redirect("meetups:group_organisers", slug=group.slug)


@require_http_methods(["GET", "HEAD", "POST"])
def organiser_end(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A page that says what follows; its POST steps down, or removes somebody who is gone."""
    group = own_group(request, slug)
    seat = get_object_or_404(Organiser.objects.current().filter(group=group).select_related("group", "member"), pk=pk)
    user = account(request)
    is_own = seat.member is not None and seat.member.user_id == user.pk
    form = (LeaveForm if is_own else RemoveForm)(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reason, now = form.cleaned_data["reason"], timezone.now()
        try:
            if is_own:
                organisers.step_down(seat=seat, note=reason, now=now)
            else:
                organisers.remove(seat=seat, by=user, reason=reason, now=now)
        except MoveRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            done = _("You no longer run this group. Thank you for what you did.") if is_own else _("Done, and told.")
            messages.success(request, done)
            return redirect(group)
    left = Organiser.objects.current().filter(group=group).count() - 1
    context = {"group": group, "seat": seat, "form": form, "is_own": is_own, "left": left}
    return render(request, "meetups/organiser_end.html", context)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def co_organiser(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the mailed link. Looking changes nothing; saying yes needs an account at that address."""
    seats = Organiser.objects.select_related("group__place", "member").exclude(group__state=Group.State.SUSPENDED)
    seat = get_object_or_404(seats, token=token)
    problem = ""
    if request.method == "POST":
        answer = request.POST.get("answer")
        if answer == "accept" and not request.user.is_authenticated:
            return redirect_to_login(request.path)
        if answer == "accept" and not request.POST.get("agree"):
            problem = _("To be an organiser you need to accept the promises and the Code of Conduct: tick the box.")
        elif answer in {"accept", "decline"}:
            try:
                return _answer(request, seat, accepts=answer == "accept")
            except MoveRefused as refusal:
                problem = str(refusal)
    context = {"seat": seat, "group": seat.group, "problem": problem, "action": request.path}
    return render(request, "meetups/co_organiser.html", context)


def _answer(request: HttpRequest, seat: Organiser, *, accepts: bool) -> HttpResponse:
    now = timezone.now()
    if not accepts:
        organisers.decline(seat=seat, now=now)
        messages.success(request, _("Thank you for the answer. Your name and address are deleted."))
        return redirect(seat.group)
    user = account(request)
    organisers.accept(seat=seat, user=user, member=member_of(user), now=now)
    messages.success(request, _("Thank you. You are an organiser of %(group)s now.") % {"group": seat.group})
    return redirect(seat.group)
