"""Keeping a group alive: stepping up, answering who does, closing a group, and which mail its members get."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from meetups.forms.life import AnswerForm, CloseForm, MailChoicesForm, StepUpForm
from meetups.models import Group, GroupMembership, Organiser, OrganiserRequest
from meetups.permissions import account
from meetups.services import groups, life, member_letters, organiser_requests
from meetups.views.organisers import own_group
from portal.jobs.transitions import MoveRefused
from portal.members.services import member_of


@require_http_methods(["GET", "HEAD", "POST"])
def step_up(request: HttpRequest, slug: str) -> HttpResponse:
    """A note and the promises; then the organisers, or the team, have the question."""
    group = get_object_or_404(Group.objects.listed().select_related("place"), slug=slug)
    if group.kind == Group.Kind.EXTERNAL:
        raise Http404
    member = member_of(account(request))
    waiting = OrganiserRequest.objects.filter(group=group, member=member, state="waiting").first()
    form = StepUpForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            organiser_requests.step_up(group=group, member=member, note=form.cleaned_data["note"], now=timezone.now())
        except MoveRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Thank you for stepping up. We write to you when your question is answered."))
            return redirect(group)
    runs = Organiser.objects.current().filter(group=group)
    organisers = list(runs.select_related("member"))
    context = {
        "group": group,
        "form": form,
        "waiting": waiting,
        "organisers": organisers,
        "runs_it": any(seat.member_id == member.pk for seat in organisers),
        "needs_hands": organiser_requests.needs_hands(group, organisers=len(organisers)),
    }
    return render(request, "meetups/step_up.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def organiser_request(request: HttpRequest, pk: int) -> HttpResponse:
    """Who asks to run the group, and two buttons, for the organisers; who asked reads the state."""
    asked = get_object_or_404(OrganiserRequest.objects.select_related("group__place", "member__user"), pk=pk)
    user, now = account(request), timezone.now()
    is_own = asked.member.user_id == user.pk
    may_answer = organiser_requests.may_answer(user, asked, now=now)
    if not (is_own or may_answer):
        raise PermissionDenied
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and request.POST.get("answer") in {"accept", "refuse"}:
        accepts = request.POST["answer"] == "accept"
        try:
            organiser_requests.answer(request=asked, accepts=accepts, by=user, now=now, note=form.cleaned_data["note"])
        except MoveRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            words = {"name": asked.member.display_name, "group": asked.group}
            done = _("%(name)s runs %(group)s now.") if accepts else _("We told %(name)s.")
            messages.success(request, done % words)
            return redirect(asked.group)
    membership = GroupMembership.objects.filter(group=asked.group_id, member=asked.member_id).first()
    context = {"asked": asked, "group": asked.group, "form": form, "is_own": is_own, "membership": membership}
    return render(request, "meetups/organiser_request.html", context)


@require_POST
def organiser_request_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's own question back."""
    user = account(request)
    asked = get_object_or_404(OrganiserRequest.objects.select_related("group"), pk=pk, member__user=user)
    try:
        organiser_requests.withdraw(request=asked, by=user, now=timezone.now())
    except MoveRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Your question is taken back."))
    return redirect(asked.group) if asked.group.state != Group.State.SUSPENDED else redirect("meetups:group_list")


@require_http_methods(["GET", "HEAD", "POST"])
def group_close(request: HttpRequest, slug: str) -> HttpResponse:
    """Organisers put their group in the archive, with a reason the members read."""
    group = own_group(request, slug)
    form = CloseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            life.move_group(
                group=group,
                to=Group.State.ARCHIVED,
                actor=account(request),
                now=timezone.now(),
                reason=form.cleaned_data["reason"],
            )
        except MoveRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The group is in the archive. Publishing a date brings it back."))
            return redirect(group)
    return render(request, "meetups/group_close.html", {"group": group, "form": form})


@require_POST
def group_mail(request: HttpRequest, slug: str) -> HttpResponse:
    """Which mails a member wants of this group; goes back to where the form stood."""
    member = member_of(account(request))
    membership = get_object_or_404(GroupMembership.objects.select_related("group"), group__slug=slug, member=member)
    form = MailChoicesForm(request.POST, instance=membership)
    if form.is_valid():
        form.save()
        messages.success(
            request, _("Saved: this is what we write to you about %(group)s.") % {"group": membership.group}
        )
    target = request.POST.get("next", "")
    # A path only: `redirect` would take a bare word for the name of a view.
    if target.startswith("/") and url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        return redirect(target)
    return redirect(membership.group)


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def mail_stop(request: HttpRequest, token: str) -> HttpResponse:
    """The link in every mail to members. Mail programs POST to it by themselves (RFC 8058), without a session.

    Looking changes nothing: programs that scan mails open every link.
    """
    key = member_letters.read_token(token)
    if key is None:
        raise Http404
    group_id, member_id, choice = key
    group = get_object_or_404(Group, pk=group_id)
    is_done = request.method == "POST"
    if is_done:
        groups.stop_mail(group_id=group_id, member_id=member_id, choice=choice)
    context = {"group": group, "is_done": is_done, "what": MailChoicesForm.base_fields[choice].label}
    return render(request, "meetups/mail_stop.html", context)
