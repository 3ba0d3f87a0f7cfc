"""Needs meet partners: the list of what is needed, an answer, the organisers' page, and every yes or no."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from meetups.models import SponsorshipNeed
from meetups.permissions import account
from meetups.views.organisers import own_group
from partners import transitions
from partners.filters import NeedFilter
from partners.forms import AnswerNeedForm
from partners.models import Partner, Sponsorship
from partners.permissions import partners_of, sponsorship_roles
from partners.services import sponsorships
from portal.jobs.transitions import MoveRefused
from portal.members.services import member_of
from portal.ui.filtering import chips

SHOWN = 100


@login_not_required
@require_safe
def need_list(request: HttpRequest) -> HttpResponse:
    """Everything that is needed now, with the rules."""
    today = timezone.now().date()
    rows = SponsorshipNeed.objects.open(today).select_related("group__place", "event")
    filterset = NeedFilter(request.GET, queryset=rows)
    needs = list(filterset.qs[:SHOWN])
    context = {"needs": needs, "filterset": filterset, "chips": chips(filterset.form, request.GET)}
    return render(request, "partners/need_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def need_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """A contact says yes for a partner; who speaks for none reads how to help."""
    today = timezone.now().date()
    need = get_object_or_404(SponsorshipNeed.objects.shown(today).select_related("group__place", "event"), pk=pk)
    mine = partners_of(request.user)
    form = AnswerNeedForm(request.POST if request.method == "POST" else None, partners=mine)
    if request.method == "POST" and not mine:
        raise PermissionDenied
    if request.method == "POST" and form.is_valid():
        by, partner = member_of(account(request)), form.cleaned_data["partner"]
        note = form.cleaned_data["note"]
        try:
            sponsorships.begin(
                need=need, partner=partner, by=by, side=transitions.CONTACT, note=note, now=timezone.now()
            )
        except MoveRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Thank you. The organisers decide, and you hear from us."))
            return redirect("partners:partner_manage", slug=partner.organisation.slug)
    return render(request, "partners/need_answer.html", {"need": need, "form": form, "mine": mine})


@require_http_methods(["GET", "HEAD", "POST"])
def group_sponsors(request: HttpRequest, slug: str) -> HttpResponse:
    """The organisers' page: who offers, who might; a POST asks a partner."""
    group, now = own_group(request, slug), timezone.now()
    needs = list(SponsorshipNeed.objects.open(now.date()).filter(group=group).select_related("group__place", "event"))
    if request.method == "POST":
        need = get_object_or_404(SponsorshipNeed, pk=_key(request, "need"), group=group)
        partner = get_object_or_404(Partner.objects.current(), pk=_key(request, "partner"))
        by = member_of(account(request))
        try:
            sponsorships.begin(need=need, partner=partner, by=by, side=transitions.ORGANISER, now=now)
        except MoveRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Asked. They decide, and you hear from us."))
        return redirect("partners:group_sponsors", slug=slug)
    rows = list(Sponsorship.objects.filter(group=group).select_related("partner__organisation", "need", "event"))
    offers = sponsorships.standing_offers(now)
    suggested = []
    for need in needs:
        talking = {one.partner_id for one in rows if one.need_id == need.pk}
        suggested.append((need, sponsorships.partners_for(need, offers, talking=talking)))
    context = {"group": group, "needs": suggested}
    context["waiting"] = [one for one in rows if one.state in Sponsorship.OPEN]
    context["agreed"] = [one for one in rows if one.state in Sponsorship.AGREED]
    return render(request, "partners/group_sponsors.html", context)


def _key(request: HttpRequest, name: str) -> int:
    """The number of a row that a form names; what is none names no row."""
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


@require_POST
def sponsorship_move(request: HttpRequest, pk: int, to: str) -> HttpResponse:
    """A yes, a no or thanks, by the side whose turn it is."""
    rows = Sponsorship.objects.select_related("partner__organisation", "group", "event", "need")
    sponsorship = get_object_or_404(rows, pk=pk)
    roles = sponsorship_roles(request.user, sponsorship)
    if not roles:
        raise PermissionDenied
    by = member_of(account(request))
    try:
        sponsorships.move(sponsorship=sponsorship, to=to, actors=roles, by=by, now=timezone.now())
    except MoveRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Done. The other side hears from us."))
    if transitions.CONTACT in roles:
        return redirect("partners:partner_manage", slug=sponsorship.partner.organisation.slug)
    if sponsorship.group is None:
        return redirect(sponsorship.need.get_absolute_url())
    return redirect("partners:group_sponsors", slug=sponsorship.group.slug)
