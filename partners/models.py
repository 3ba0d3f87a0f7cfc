"""Partners of the community and what the directory says about them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast, Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class PartnerQuerySet(models.QuerySet["Partner"]):
    """Sets of partners."""

    def current(self) -> "PartnerQuerySet":
        """Those in the directory today: listed, and their membership has not ended."""
        today = Cast(Now(), models.DateField())
        return self.filter(Q(until_on=None) | Q(until_on__gt=today), is_current=True)


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
