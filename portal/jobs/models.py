"""Work the database owns: rows with a lease, and the heartbeat that tells whether beat lives."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class LeasedQuerySet(models.QuerySet):
    """Sets of work rows."""

    def due(self, now: datetime) -> "LeasedQuerySet":
        """Rows nobody works on and whose time has come: waiting ones, and running ones whose lease ran out."""
        waiting = Q(state=Leased.State.WAITING) & (Q(next_try_at=None) | Q(next_try_at__lte=now))
        lost = Q(state=Leased.State.RUNNING, lease_until__lt=now)
        return self.filter(waiting | lost)


class Leased(models.Model):
    """A row of work: claimed by one conditional UPDATE, retried at `next_try_at`, found again when its lease ended."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    state = models.CharField(max_length=10, choices=State, default=State.WAITING, editable=False)
    attempt = models.PositiveSmallIntegerField(default=0, editable=False)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    next_try_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = LeasedQuerySet.as_manager()

    class Meta:
        abstract = True

    def claim(self, *, now: datetime, lease: timedelta, is_holder_dead: bool = False) -> bool:
        """Take the row; False when another worker has it or its time has not come. The row is refreshed when taken.

        `is_holder_dead` says that the caller knows, by a lock that dies with its holder, that nobody works on a running
        row: its lease is not waited for then.
        """
        rows = type(self)._default_manager.filter(pk=self.pk)
        due = rows.due(now)
        if is_holder_dead:
            due |= rows.filter(state=self.State.RUNNING)
        taken = due.update(state=self.State.RUNNING, lease_until=now + lease, attempt=F("attempt") + 1)
        if taken:
            self.refresh_from_db()
        return bool(taken)


class Heartbeat(models.Model):
    """When a scheduled process was last seen: `/readyz` reads it."""

    name = models.CharField(max_length=40, primary_key=True)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
