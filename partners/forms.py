"""What contacts of partners, applicants and organisers type."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetups.forms.communities import OpenAddressField
from meetups.languages import language_choices
from meetups.models import SponsorshipNeed
from partners.logos import LARGEST_FILE, LogoRefused, clean_logo
from partners.models import Partner, PartnerInvitation, SponsorshipOffer
from portal.members.models import Affiliation, Organisation, User
from portal.places.countries import all_country_choices
from portal.places.models import Region

lazy_languages = lazy(language_choices, list)
lazy_countries = lazy(all_country_choices, list)
MOST_SERVICES, LONGEST_SERVICE = 12, 40


class ServicesField(forms.CharField):
    """Words parted by commas, as a list."""

    def clean(self, value: Any) -> list[str]:
        text = str(super().clean(value) or "")
        found = list(dict.fromkeys(" ".join(part.split()) for part in text.split(",") if part.strip()))
        if len(found) > MOST_SERVICES:
            raise ValidationError(_("Name at most twelve services."))
        if any(len(part) > LONGEST_SERVICE for part in found):
            raise ValidationError(_("A service is a word or two, at most 40 signs. Part them with commas."))
        return found

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value


class ProfileForm(forms.ModelForm):
    """What a contact changes at once."""

    about = forms.CharField(
        label=gettext_lazy("About you"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=gettext_lazy("Markdown. Links and lists are fine; pictures and HTML are left out."),
    )
    services = ServicesField(
        label=gettext_lazy("What you do"),
        required=False,
        help_text=gettext_lazy("Parted by commas: hosting, training."),
    )
    languages = forms.MultipleChoiceField(label=gettext_lazy("Languages"), choices=lazy_languages, required=False)
    country_codes = forms.MultipleChoiceField(label=gettext_lazy("Countries"), choices=lazy_countries, required=False)

    class Meta:
        model = Partner
        fields = ("about", "services", "languages", "country_codes")


class ChangeForm(forms.Form):
    """Name, address and logo: these wait for the team."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120, required=False)
    website = OpenAddressField(label=gettext_lazy("Website"), required=False)
    logo = forms.FileField(
        label=gettext_lazy("Logo"),
        required=False,
        help_text=gettext_lazy("PNG, JPEG or WebP, at most 2 MB. It is drawn anew and made small."),
        widget=forms.ClearableFileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )
    logo_alt = forms.CharField(
        label=gettext_lazy("What the logo shows"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("For people who do not see it, such as: a blue lighthouse."),
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation = organisation

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if Organisation.objects.filter(name__iexact=name).exclude(pk=self.organisation.pk).exists():
            raise ValidationError(_("Another organisation has this name."))
        return name

    def clean_logo(self) -> bytes | None:
        sent = self.cleaned_data["logo"]
        if not sent:
            return None
        try:
            if sent.size > LARGEST_FILE:  # before it is read into memory
                raise LogoRefused(_("This file is larger than 2 MB. Save a smaller one."))
            return clean_logo(sent.read())
        except LogoRefused as refusal:
            raise ValidationError(str(refusal)) from refusal

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("logo") and not cleaned.get("logo_alt"):
            self.add_error("logo_alt", _("Say in a few words what the logo shows."))
        if not self.errors and not self.changes():
            raise ValidationError(_("Nothing here differs from what the directory shows."))
        return cleaned

    def changes(self) -> dict[str, Any]:
        """Only what differs from now."""
        values = self.cleaned_data
        found: dict[str, Any] = {}
        if values.get("name") and values["name"] != self.organisation.name:
            found["name"] = values["name"]
        if values.get("website") and values["website"] != self.organisation.website:
            found["website"] = values["website"]
        if values.get("logo"):
            found |= {"logo": values["logo"], "logo_alt": values.get("logo_alt", "")}
        return found


class InviteForm(forms.Form):
    """Whom to write to, and what for."""

    address = forms.EmailField(label=gettext_lazy("E-mail address"))
    kind = forms.ChoiceField(
        label=gettext_lazy("What for"), choices=PartnerInvitation.Kind.choices, widget=forms.RadioSelect
    )


class OfferForm(forms.ModelForm):
    """What a partner would help with."""

    categories = forms.MultipleChoiceField(
        label=gettext_lazy("What would you help with?"),
        choices=SponsorshipNeed.Category.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one.")},
    )
    country_codes = forms.MultipleChoiceField(
        label=gettext_lazy("In which countries?"),
        choices=lazy_countries,
        required=False,
        help_text=gettext_lazy("Neither a country nor a region chosen: anywhere."),
    )
    regions = forms.ModelMultipleChoiceField(
        label=gettext_lazy("In which regions?"), queryset=Region.objects.all(), required=False
    )

    class Meta:
        model = SponsorshipOffer
        fields = ("categories", "country_codes", "regions", "limit", "currency", "note", "until_on")
        widgets = {"until_on": forms.DateInput(attrs={"type": "date"})}

    def clean_currency(self) -> str:
        return str(self.cleaned_data["currency"] or "").upper()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("limit") is not None and cleaned["limit"] <= 0:
            self.add_error("limit", _("Type an amount above zero, or leave it open."))
        elif cleaned.get("limit") is not None and not cleaned.get("currency") and "currency" not in self.errors:
            self.add_error("currency", _("In which currency? Three letters, such as EUR."))
        if cleaned.get("limit") is None:
            cleaned["currency"] = ""
        return cleaned


class AnswerNeedForm(forms.Form):
    """A contact answers a need."""

    partner = forms.ModelChoiceField(
        label=gettext_lazy("For which partner?"), queryset=Partner.objects.none(), empty_label=None
    )
    note = forms.CharField(
        label=gettext_lazy("A word to the organisers"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, partners: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["partner"].queryset = partners  # type: ignore[attr-defined]


class JoinForm(forms.Form):
    """Asking to become a partner: for an organisation that the reader confirmed to belong to."""

    organisation = forms.ModelChoiceField(
        label=gettext_lazy("Your organisation"), queryset=Organisation.objects.none(), empty_label=None
    )
    tier = forms.ChoiceField(
        label=gettext_lazy("Which membership do you have, or would you take?"), choices=Partner.Tier.choices
    )
    staff = forms.CharField(
        label=gettext_lazy("Who of your people contributes, and where?"),
        max_length=2000,
        min_length=10,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "Names or handles, and what they look after. They confirm it themselves on their profile."
        ),
    )
    about = forms.CharField(
        label=gettext_lazy("What should the directory say about you?"),
        max_length=5000,
        min_length=30,
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        confirmed = Affiliation.objects.confirmed().filter(member__user=user).values("organisation")
        self.fields["organisation"].queryset = (  # type: ignore[attr-defined]
            Organisation.objects.filter(pk__in=confirmed, partner=None).order_by("name")
        )


class AgainForm(JoinForm):
    """The same, sent again after changes were asked for."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["organisation"]
