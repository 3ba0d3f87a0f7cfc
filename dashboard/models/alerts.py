"""What the team should look at: each cause is told once, on a page of the admin and perhaps in a Slack channel."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dashboard.models.contributions import Contribution
from dashboard.models.sources import Source
from portal.jobs.models import Leased


class Alert(Leased):
    """One thing that happened. As a row of work it is its post in the team's channel; without a channel it is done."""

    class Kind(models.TextChoices):
        FIRST = "first", _("first contribution")
        UNANSWERED = "unanswered", _("question without an answer")
        CORE_QUIET = "core_quiet", _("core contributor gone quiet")
        BACK = "back", _("back after a long time")
        SOURCE_LATE = "source_late", _("source not imported")
        BURST = "burst", _("burst that looks like spam")

    kind = models.CharField(max_length=12, choices=Kind)
    cause = models.CharField(max_length=80, help_text=_("What it is about, as text: one alert of a kind for each."))
    member = models.ForeignKey("members.Member", null=True, blank=True, on_delete=models.CASCADE, related_name="alerts")
    contribution = models.ForeignKey(
        Contribution, null=True, blank=True, on_delete=models.CASCADE, related_name="+", db_index=True
    )
    source = models.ForeignKey(Source, null=True, blank=True, on_delete=models.CASCADE, related_name="alerts")
    number = models.PositiveIntegerField(default=0, help_text=_("Days or things, as the kind says."))
    raised_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    error = models.TextField(blank=True)

    class Meta:
        ordering = ["-raised_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["kind", "cause"], name="alert_once")]
        indexes = [models.Index(fields=["-raised_at"], name="alert_open", condition=Q(settled_at=None))]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.cause}"
