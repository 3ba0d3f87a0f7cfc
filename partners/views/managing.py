"""A partner's own pages: its contacts edit the profile, ask for changes, invite, and offer to help."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from meetups.permissions import account
from partners.forms import ChangeForm, InviteForm, OfferForm, ProfileForm
from partners.manage_page import manage_page
from partners.models import Partner, PartnerInvitation, PartnerLogo, ProfileChange, SponsorshipOffer
from partners.permissions import is_contact
from partners.services import profiles
from partners.views.loading import partner_of
from portal.jobs.transitions import MoveRefused
from portal.members.admin_access import is_team
from portal.members.services import member_of

YEAR = 31_536_000


def own_partner(request: HttpRequest, slug: str) -> Partner:
    """The partner, for those who speak for it now; everybody else is refused."""
    partner = partner_of(slug)
    if not is_contact(request.user, partner):
        raise PermissionDenied
    return partner


@require_safe
def partner_manage(request: HttpRequest, slug: str) -> HttpResponse:
    partner = own_partner(request, slug)
    return render(request, "partners/partner_manage.html", manage_page(partner, timezone.now(), InviteForm()))


@require_http_methods(["GET", "HEAD", "POST"])
def partner_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """What is shown at once."""
    partner = own_partner(request, slug)
    form = ProfileForm(request.POST if request.method == "POST" else None, instance=partner)
    if request.method == "POST" and form.is_valid():
        profiles.edit_profile(partner=partner, answers=form.cleaned_data)
        messages.success(request, _("Saved. This is what the directory shows now."))
        return redirect("partners:partner_manage", slug=slug)
    return render(request, "partners/partner_edit.html", {"partner": partner, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def partner_change(request: HttpRequest, slug: str) -> HttpResponse:
    """Name, address and logo: asked for here, decided by the team."""
    partner = own_partner(request, slug)
    organisation = partner.organisation
    now = {"name": organisation.name, "website": organisation.website, "logo_alt": partner.logo_alt}
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = ChangeForm(*posted, organisation=organisation, initial=now)
    if request.method == "POST" and form.is_valid():
        by = member_of(account(request))
        profiles.ask_change(partner=partner, by=by, changes=form.changes(), now=timezone.now())
        messages.success(request, _("Sent. The team looks at it; until then the directory shows what it showed."))
        return redirect("partners:partner_manage", slug=slug)
    return render(request, "partners/partner_change.html", {"partner": partner, "form": form})


@require_POST
def partner_invite(request: HttpRequest, slug: str) -> HttpResponse:
    partner, form = own_partner(request, slug), InviteForm(request.POST)
    if form.is_valid():
        try:
            by = member_of(account(request))
            profiles.invite(partner=partner, by=by, now=timezone.now(), **form.cleaned_data)
        except MoveRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Invited. They hear from us by mail."))
            return redirect("partners:partner_manage", slug=slug)
    return render(request, "partners/partner_manage.html", manage_page(partner, timezone.now(), form))


@require_http_methods(["GET", "HEAD", "POST"])
def offer_add(request: HttpRequest, slug: str) -> HttpResponse:
    """What the partner would help with."""
    partner = own_partner(request, slug)
    form = OfferForm(request.POST if request.method == "POST" else None, instance=SponsorshipOffer(partner=partner))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Thank you. Needs that fit are suggested to you, and you to groups."))
        return redirect("partners:partner_manage", slug=slug)
    return render(request, "partners/offer_add.html", {"partner": partner, "form": form})


@require_POST
def offer_end(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    partner = own_partner(request, slug)
    offer = get_object_or_404(SponsorshipOffer, pk=pk, partner=partner)
    SponsorshipOffer.objects.filter(pk=offer.pk, ended_at=None).update(ended_at=timezone.now())
    messages.success(request, _("This offer has ended. What was agreed stays agreed."))
    return redirect("partners:partner_manage", slug=slug)


@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The page a letter leads to; a POST says yes, with the account one is signed in with."""
    found = get_object_or_404(
        PartnerInvitation.objects.select_related("partner__organisation", "invited_by"),
        token_hash=profiles.hashed(token),
    )
    problem = ""
    if request.method == "POST":
        member, now = member_of(account(request)), timezone.now()
        try:
            profiles.accept_invitation(invitation=found, member=member, now=now, from_on=now.date())
        except MoveRefused as refusal:
            problem = str(refusal)
        else:
            messages.success(request, _("Done. Thank you."))
            is_contact_now = found.kind == PartnerInvitation.Kind.CONTACT
            slug = found.partner.organisation.slug
            return redirect("partners:partner_manage", slug=slug) if is_contact_now else redirect("pages:me")
    return render(request, "partners/invitation.html", {"invitation": found, "problem": problem})


def _picture(data: bytes, cache: str) -> HttpResponse:
    response = HttpResponse(data, content_type="image/webp")
    response["Cache-Control"] = cache
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@login_not_required
@require_safe
def partner_logo(request: HttpRequest, slug: str, version: str) -> HttpResponse:
    """The small picture of our own making; its address changes with it."""
    logo = get_object_or_404(PartnerLogo, partner=partner_of(slug), partner__logo_version=version)
    return _picture(bytes(logo.picture), f"public, max-age={YEAR}, immutable")


@require_safe
def change_logo(request: HttpRequest, pk: int) -> HttpResponse:
    """A logo that waits, for the team alone."""
    if not is_team(request, "partners.view_profilechange"):
        raise PermissionDenied
    change = get_object_or_404(ProfileChange, pk=pk)
    if not change.logo:
        raise Http404
    return _picture(bytes(change.logo), "private, no-store")
