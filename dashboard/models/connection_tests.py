"""Trying out a source before it is relied on: asked for in the admin, done by a worker."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from dashboard.models.sources import Source
from portal.jobs.models import Leased


class ConnectionTest(Leased):
    """One look at whether a source can be read as it is set up; `sentences` say what was found and what to do."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="connection_tests")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    sentences = models.JSONField(default=list)
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["source"], condition=Q(state__in=["waiting", "running"]), name="connectiontest_one_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.created_at:%Y-%m-%d %H:%M}"

    @property
    def is_open(self) -> bool:
        return self.state in {self.State.WAITING, self.State.RUNNING}
