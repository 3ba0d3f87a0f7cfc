"""What is open for somebody new: issues that their project labelled so."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from dashboard import kinds
from dashboard.models.contributions import Contribution


class StartingPointQuerySet(models.QuerySet["StartingPoint"]):
    """Sets of starting points."""

    def open(self) -> "StartingPointQuerySet":
        """Those somebody could begin with today, with title and way to them; newest first."""
        live = Q(
            contribution__state=kinds.STATE_OPEN,
            contribution__deleted_at=None,
            contribution__channel__gone_at=None,
            contribution__channel__is_archived=False,
        )
        found = self.filter(live).exclude(contribution__title="").exclude(contribution__url="")
        return found.select_related("contribution__channel").order_by("-contribution__occurred_at", "-pk")


class StartingPoint(models.Model):
    """An open issue that nobody has taken yet, with the labels that invite somebody new."""

    contribution = models.OneToOneField(Contribution, on_delete=models.CASCADE, related_name="starting_point")
    labels = ArrayField(models.CharField(max_length=100), help_text="As the project writes them.")

    objects = StartingPointQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.contribution}: {', '.join(self.labels)}"
