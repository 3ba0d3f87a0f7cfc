"""What partners would give, and what was agreed with a group or event. No money moves here."""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meetups.models import SponsorshipNeed
from partners.models.partners import Partner


class SponsorshipOffer(models.Model):
    """What a partner would help with, and where; needs that fit are suggested to both."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="offers")
    categories = ArrayField(models.CharField(max_length=10, choices=SponsorshipNeed.Category), verbose_name=_("what"))
    country_codes = ArrayField(
        models.CharField(max_length=2), verbose_name=_("countries"), default=list, blank=True,
        help_text=_("Empty: anywhere, if no region is chosen."),
    )  # fmt: skip
    regions = models.ManyToManyField("places.Region", verbose_name=_("regions"), blank=True, related_name="+")
    limit = models.DecimalField(_("at most, each time"), max_digits=9, decimal_places=2, null=True, blank=True)
    currency = models.CharField(
        _("currency"), max_length=3, blank=True, validators=[RegexValidator(r"^[A-Z]{3}$", _("Three letters: EUR."))]
    )
    note = models.CharField(_("more about it"), max_length=300, blank=True)
    until_on = models.DateField(_("until"), null=True, blank=True)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(categories=[]), name="sponsorshipoffer_says_what"),
            models.CheckConstraint(
                condition=Q(limit__isnull=True, currency="")
                | Q(limit__isnull=False, limit__gt=0, currency__regex=r"^[A-Z]{3}$"),
                name="sponsorshipoffer_limit_has_currency",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner} · {', '.join(self.categories)}"

    @property
    def category_words(self) -> list[str]:
        return [str(SponsorshipNeed.Category(key).label) for key in self.categories]


class SponsorshipQuerySet(models.QuerySet["Sponsorship"]):
    """Sets of sponsorships."""

    def agreed(self) -> "SponsorshipQuerySet":
        """Those both sides said yes to."""
        return self.filter(state__in=Sponsorship.AGREED)

    def shown(self, today: date) -> "SponsorshipQuerySet":
        """Thanked on pages: agreed, by current partners, the newest first."""
        current = Partner.objects.current().values("pk")
        return self.agreed().filter(partner__in=current).select_related("partner__organisation", "need")


class Sponsorship(models.Model):
    """A partner answers a need. It stands once both sides said yes; `partners.services.sponsorships` alone moves it."""

    class State(models.TextChoices):
        OFFERED = "offered", _("offered, the organisers decide")
        ASKED = "asked", _("asked for, the partner decides")
        AGREED = "agreed", _("agreed")
        GIVEN = "given", _("given")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrawn")

    AGREED = [State.AGREED, State.GIVEN]
    OPEN = [State.OFFERED, State.ASKED]

    need = models.ForeignKey(SponsorshipNeed, on_delete=models.CASCADE, related_name="sponsorships")
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="sponsorships")
    group = models.ForeignKey(
        "meetups.Group", null=True, blank=True, on_delete=models.CASCADE, related_name="sponsorships"
    )
    event = models.ForeignKey(
        "meetups.Event", null=True, blank=True, on_delete=models.CASCADE, related_name="sponsorships"
    )
    state = models.CharField(_("state"), max_length=10, choices=State, editable=False)
    note = models.CharField(_("a word with it"), max_length=500, blank=True)
    partner_yes_at = models.DateTimeField(null=True, blank=True, editable=False)
    partner_yes_by = models.ForeignKey(
        "members.Member", null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    group_yes_at = models.DateTimeField(null=True, blank=True, editable=False)
    group_yes_by = models.ForeignKey(
        "members.Member", null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    state_since = models.DateTimeField(default=timezone.now, editable=False)

    objects = SponsorshipQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["need", "partner"],
                condition=Q(state__in=["offered", "asked", "agreed", "given"]),
                name="sponsorship_once",
            ),
            models.UniqueConstraint(
                fields=["need"], condition=Q(state__in=["agreed", "given"]), name="sponsorship_need_one"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["agreed", "given"])
                | Q(partner_yes_at__isnull=False, group_yes_at__isnull=False),
                name="sponsorship_two_sided",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner} · {self.need}"

    @property
    def home(self) -> object:
        """What is sponsored: the event, else the group."""
        return self.event or self.group
