"""The secret address of somebody's own calendar."""

from django.db import models
from django.utils import timezone


class CalendarKey(models.Model):
    """One for each person who asked for it; a new one makes the old address dead."""

    member = models.OneToOneField("members.Member", on_delete=models.CASCADE, related_name="calendar_key")
    token = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return str(self.member)
