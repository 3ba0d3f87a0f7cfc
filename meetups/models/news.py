"""What members of a group are still to be told."""

from django.db import models
from django.utils import timezone

from meetups.models.events import Event
from meetups.models.groups import Group
from portal.jobs.models import Leased


class HeldNews(models.Model):
    """A published date that waits for the next day's letter of its group."""

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="held_news")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "held news"

    def __str__(self) -> str:
        return str(self.event)


class GroupLetter(Leased):
    """One letter to all members of a big group who want to hear of this; a worker puts theirs into the outbox."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="letters")
    choice = models.CharField(max_length=20)
    kind = models.CharField(max_length=60)
    about = models.CharField(max_length=120)
    revision = models.PositiveIntegerField(default=0)
    context = models.JSONField(default=dict)
    asked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "about", "revision"], name="group_letter_once")]

    def __str__(self) -> str:
        return f"{self.kind} → {self.group}"
