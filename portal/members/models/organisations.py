"""Organisations, and who works where from when to when."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.members.domains import clean_domain
from portal.members.models.people import Member


class Organisation(models.Model):
    """A company, agency or association that people of the community belong to."""

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(max_length=120, unique=True)
    website = models.URLField(max_length=300, blank=True)
    place = models.ForeignKey(
        "places.Place", null=True, blank=True, on_delete=models.SET_NULL, related_name="organisations"
    )
    is_demo = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["slug"]
        constraints = [models.UniqueConstraint(Lower("name"), name="organisation_name_unique")]

    def __str__(self) -> str:
        return self.name


class OrganisationDomain(models.Model):
    """A mail domain that suggests, never proves, an affiliation; public mail providers are refused."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="domains")
    domain = models.CharField(max_length=253, unique=True)

    def __str__(self) -> str:
        return self.domain

    def clean(self) -> None:
        try:
            self.domain = clean_domain(self.domain)
        except ValidationError as error:
            raise ValidationError({"domain": error}) from error


class AffiliationQuerySet(models.QuerySet["Affiliation"]):
    """Sets of affiliations."""

    def confirmed(self) -> "AffiliationQuerySet":
        """Those the person said yes to: the only ones that earn an organisation credit."""
        return self.filter(confirmed_at__isnull=False)

    def pending(self) -> "AffiliationQuerySet":
        """Claims of others that the person has not answered yet and that have not lapsed."""
        return self.filter(confirmed_at=None, rejected_at=None, lapsed_at=None)

    def shown(self) -> "AffiliationQuerySet":
        """All but what the person said no to, or left unanswered until it lapsed."""
        return self.filter(rejected_at=None, lapsed_at=None)


class Affiliation(models.Model):
    """A member belongs to an organisation for a half-open range of days; no two of one member overlap."""

    class Source(models.TextChoices):
        PERSON = "person", _("the person")
        TEAM = "team", _("the team")
        ORGANISATION = "organisation", _("the organisation")
        DOMAIN = "domain", _("mail domain")
        PROFILE = "profile", _("profile text")

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="affiliations")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="affiliations")
    days = DateRangeField(help_text=_("From the first day to the day after the last; open where not known."))
    source = models.CharField(_("how known"), max_length=12, choices=Source, default=Source.PERSON)
    confirmed_at = models.DateTimeField(_("confirmed by the person"), null=True, blank=True)
    rejected_at = models.DateTimeField(_("rejected by the person"), null=True, blank=True)
    lapsed_at = models.DateTimeField(_("lapsed without an answer"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = AffiliationQuerySet.as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="affiliation_no_overlap",
                expressions=[("member", RangeOperators.EQUAL), ("days", RangeOperators.OVERLAPS)],
                condition=Q(rejected_at=None, lapsed_at=None),
                violation_error_message=_("This person already has an organisation on some of these days."),
            ),
            models.CheckConstraint(condition=Q(days__isempty=False), name="affiliation_days_not_empty"),
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | Q(rejected_at=None), name="affiliation_confirmed_or_rejected"
            ),
            models.CheckConstraint(
                condition=Q(lapsed_at=None) | Q(confirmed_at=None, rejected_at=None),
                name="affiliation_lapsed_unanswered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} · {self.organisation}"
