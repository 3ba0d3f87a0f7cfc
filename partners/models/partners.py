"""Partners of the community and what the directory says about them."""

from datetime import date

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast, Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class PartnerQuerySet(models.QuerySet["Partner"]):
    """Sets of partners."""

    def current(self) -> "PartnerQuerySet":
        """Those in the directory today: listed, and their membership has not ended."""
        today = Cast(Now(), models.DateField())
        return self.filter(Q(until_on=None) | Q(until_on__gt=today), is_current=True)

    def in_month(self, first: date, end: date) -> "PartnerQuerySet":
        """Those who were partners on some day of the month that begins at `first` and ends before `end`."""
        return self.filter(Q(until_on=None) | Q(until_on__gt=first), since_on__lt=end, is_current=True)


class Partner(models.Model):
    """An organisation in the partner programme. Money gives the tier, never a rank."""

    class Tier(models.TextChoices):
        COMMUNITY = "community", _("Community")
        BRONZE = "bronze", _("Bronze")
        SILVER = "silver", _("Silver")
        GOLD = "gold", _("Gold")
        PLATINUM = "platinum", _("Platinum")
        DIAMOND = "diamond", _("Diamond")

    organisation = models.OneToOneField("members.Organisation", on_delete=models.PROTECT, related_name="partner")
    tier = models.CharField(_("tier"), max_length=10, choices=Tier, default=Tier.COMMUNITY)
    about = models.TextField(_("about"), max_length=5000, blank=True)
    services = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    languages = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    country_codes = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    since_on = models.DateField(_("partner since"))
    until_on = models.DateField(_("partner until"), null=True, blank=True)
    is_current = models.BooleanField(_("in the directory"), default=True)
    logo_alt = models.CharField(_("what the logo shows"), max_length=120, blank=True)
    logo_version = models.CharField(max_length=16, blank=True, editable=False, help_text=_("Empty without a logo."))

    objects = PartnerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gt=models.F("since_on")), name="partner_dates"
            )
        ]

    def __str__(self) -> str:
        return str(self.organisation)

    def get_absolute_url(self) -> str:
        return reverse("partners:partner_detail", args=[self.organisation.slug])


class PartnerLogo(models.Model):
    """A small picture of our own making: re-encoded, never the file that was sent. Lists do not load it."""

    partner = models.OneToOneField(Partner, primary_key=True, on_delete=models.CASCADE, related_name="logo")
    picture = models.BinaryField(editable=False)

    def __str__(self) -> str:
        return str(self.partner)


class _Days(models.Func):
    """The half-open range of two dates."""

    function = "DATERANGE"
    output_field = DateRangeField()


class PartnerMembership(models.Model):
    """A tier, paid or given, from a day until another; the money behind it is nobody's business here."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="memberships")
    tier = models.CharField(_("tier"), max_length=10, choices=Partner.Tier)
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        ordering = ["partner", "from_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gt=models.F("from_on")), name="partnermembership_dates"
            ),
            ExclusionConstraint(
                name="partnermembership_no_overlap",
                expressions=[
                    ("partner", RangeOperators.EQUAL),
                    (_Days("from_on", "until_on", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("This partner has another tier on some of these days."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner} · {self.get_tier_display()}"


class PartnerSanction(models.Model):
    """From a day until another the partner is in no ranking; decided by the team, the reason is not public."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="sanctions")
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="partner_sanctions",
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["partner", "from_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gt=models.F("from_on")), name="partnersanction_dates"
            )
        ]

    def __str__(self) -> str:
        return f"{self.partner} · {self.from_on}"
