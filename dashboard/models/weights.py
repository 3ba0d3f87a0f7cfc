"""What a contribution counts for: a versioned, effective-dated table the team edits in the admin."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _


class WeightVersionQuerySet(models.QuerySet["WeightVersion"]):
    """Sets of versions."""

    def in_force(self, day: date) -> "WeightVersionQuerySet":
        """Those whose time has come on a day, the one that counts first."""
        return self.filter(from_on__lte=day).order_by("-from_on")


class WeightVersion(models.Model):
    """A set of weights, in force from a day until the next version's day; without a day it is a draft."""

    name = models.CharField(_("name"), max_length=80)
    preset = models.CharField(_("preset"), max_length=20, blank=True)
    from_on = models.DateField(_("in force from"), null=True, blank=True, unique=True)

    objects = WeightVersionQuerySet.as_manager()

    class Meta:
        ordering = [models.F("from_on").desc(nulls_first=True)]

    def __str__(self) -> str:
        return f"{self.name} ({self.from_on:%Y-%m-%d})" if self.from_on else f"{self.name} ({_('draft')})"

    @property
    def is_draft(self) -> bool:
        return self.from_on is None


class Weight(models.Model):
    """Points for a kind in a state. Recognition goes to people, credit to their organisation's ranking."""

    class Counts(models.TextChoices):
        EVERY = "every", _("every one")
        FIRST_PER_THREAD = "thread", _("the first per person and thread")
        FIRST_PER_CHANNEL_DAY = "channel_day", _("one per person, channel and day")

    version = models.ForeignKey(WeightVersion, on_delete=models.CASCADE, related_name="weights")
    kind = models.CharField(_("kind"), max_length=20)
    state = models.CharField(_("state"), max_length=20, blank=True)
    recognition = models.PositiveSmallIntegerField(_("recognition"))
    credit = models.PositiveSmallIntegerField(_("credit"))
    counts = models.CharField(_("counts"), max_length=12, choices=Counts, default=Counts.EVERY)
    monthly_cap = models.PositiveSmallIntegerField(
        _("at most per person and month"), null=True, blank=True, help_text=_("Items, not points.")
    )

    class Meta:
        ordering = ["version_id", "kind", "state"]
        constraints = [
            models.UniqueConstraint(fields=["version", "kind", "state"], name="weight_unique"),
            # "Everything counts at least 1" is the preset's rule; another preset may say 0.
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}".strip()
