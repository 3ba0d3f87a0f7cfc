"""What looks odd in a month's credit: shown with the evidence, decided by people, with no effect of its own."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class FairPlayFlag(models.Model):
    """One oddity of one organisation in one month."""

    class Kind(models.TextChoices):
        BURST = "burst", _("a burst of small work")
        ONE_PERSON = "one_person", _("one person earned more than 80 %")
        TITLES = "titles", _("near-identical titles")

    class State(models.TextChoices):
        OPEN = "open", _("to be looked at")
        FINE = "fine", _("fine")
        ACTED = "acted", _("something was done")

    month = models.DateField(_("month"))
    organisation = models.ForeignKey(
        "members.Organisation", on_delete=models.CASCADE, related_name="fair_play_flags", verbose_name=_("organisation")
    )
    kind = models.CharField(_("what"), max_length=12, choices=Kind)
    #: What the flag is about within the month (a person, a day, a title): the same is raised once.
    subject = models.CharField(max_length=200)
    #: {"n": how many, "contributions": [ids]}; the sentence is made anew, since it may name somebody
    evidence = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OPEN)
    decision = models.CharField(_("decision"), max_length=500, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="fair_play_decisions"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    raised_at = models.DateTimeField(_("raised"), default=timezone.now)

    class Meta:
        ordering = ["state", "-month", "organisation", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["month", "organisation", "kind", "subject"], name="fairplayflag_once"),
            models.CheckConstraint(
                condition=Q(state="open") | Q(decided_at__isnull=False) & ~Q(decision=""), name="fairplayflag_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.month:%Y-%m} · {self.get_kind_display()}"
