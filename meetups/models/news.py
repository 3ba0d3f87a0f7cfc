"""What members were not told yet, since their group had much to tell on that day."""

from django.db import models
from django.utils import timezone

from meetups.models.events import Event


class HeldNews(models.Model):
    """A published date that waits for the next day's letter of its group."""

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="held_news")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "held news"

    def __str__(self) -> str:
        return str(self.event)
