"""Communities elsewhere: suggest, claim, keep up to date, make official; and what organisers say and tick."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from meetups.forms.communities import ClaimForm, DescribeForm, ElsewhereForm, SuggestForm
from meetups.models import Group, OrganiserRequest
from meetups.permissions import account, may_organise
from meetups.services import communities, onboarding, organiser_requests
from portal.jobs.transitions import MoveRefused
from portal.members.services import member_of


@require_http_methods(["GET", "HEAD", "POST"])
def community_suggest(request: HttpRequest) -> HttpResponse:
    """A form for a community to list; the team looks at it before anybody else sees it."""
    form = SuggestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            communities.suggest(answers=form.answers(), member=member_of(account(request)), now=timezone.now())
        except communities.Listed as refusal:
            link = format_html('<a href="{}">{}</a>', refusal.group.get_absolute_url(), refusal.group.name)
            form.add_error("url", format_html("{} {}", str(refusal), link))
        except MoveRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Thank you. The team looks at it, and you get a mail when it is listed."))
            return redirect("meetups:group_list")
    return render(request, "meetups/community_suggest.html", {"form": form})


def _elsewhere(slug: str) -> Group:
    return get_object_or_404(
        Group.objects.listed().select_related("place"), slug=slug, kind=Group.Kind.EXTERNAL, became=None
    )


@require_http_methods(["GET", "HEAD", "POST"])
def community_claim(request: HttpRequest, slug: str) -> HttpResponse:
    """Say that one runs it; the team answers."""
    group, member = _elsewhere(slug), member_of(account(request))
    waiting = OrganiserRequest.objects.filter(group=group, member=member, state="waiting").first()
    form = ClaimForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            organiser_requests.ask_to_organise(
                group=group, member=member, note=form.cleaned_data["note"], now=timezone.now()
            )
        except MoveRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The team looks at it, and you get a mail with the answer."))
            return redirect(group)
    return render(request, "meetups/community_claim.html", {"form": form, "group": group, "waiting": waiting})


@require_http_methods(["GET", "HEAD", "POST"])
def community_official(request: HttpRequest, slug: str) -> HttpResponse:
    """Begin an application filled with what is known, by POST; who has a draft for it goes on with that one."""
    group = _elsewhere(slug)
    if request.method != "POST":
        return redirect(group)
    user = account(request)
    try:
        draft = communities.make_official(group=group, member=member_of(user), user=user, now=timezone.now())
    except MoveRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(group)
    return redirect("meetups:application_part", public_id=draft.public_id, part="interest")


@require_http_methods(["GET", "HEAD", "POST"])
def group_describe(request: HttpRequest, slug: str) -> HttpResponse:
    """What the organisers say about their group; of a community elsewhere its name and address too."""
    group = get_object_or_404(Group.objects.listed().select_related("place"), slug=slug)
    if not may_organise(account(request), group):
        raise PermissionDenied
    kind = ElsewhereForm if group.kind == Group.Kind.EXTERNAL else DescribeForm
    form = kind(request.POST or None, initial={name: getattr(group, name) for name in kind.base_fields})
    if request.method == "POST" and form.is_valid():
        try:
            communities.describe(group=group, values=form.cleaned_data, now=timezone.now())
        except communities.Listed as refusal:
            form.add_error("external_url", str(refusal))
        else:
            messages.success(request, _("Saved. Everybody reads it on the page now."))
            return redirect(group)
    return render(request, "meetups/group_describe.html", {"form": form, "group": group})


@require_POST
def onboarding_tick(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """An organiser did one of the things a new group has to do."""
    group = get_object_or_404(Group.objects.listed(), slug=slug)
    user = account(request)
    if not may_organise(user, group):
        raise PermissionDenied
    try:
        is_new = onboarding.tick(group=group, key=key, by=user, now=timezone.now())
    except MoveRefused as refusal:
        messages.error(request, str(refusal))
    else:
        if is_new:
            messages.success(request, _("Ticked off."))
    return redirect(group)
