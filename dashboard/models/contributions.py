"""What people did: one row per thing, tied to an identity, never to a member or an organisation."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from dashboard.models.sources import Channel, Source


class Contribution(models.Model):
    """Anything a person did in the community. Kind and author never change; `state` may.

    Activity goes by `occurred_at`; credit by `credited_at`. A missing author is the source's one "deleted" identity.
    Text is not stored: title and link are enough.
    """

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="contributions")
    external_id = models.CharField(max_length=120)
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="contributions", db_index=False)
    identity = models.ForeignKey(
        "members.Identity", on_delete=models.PROTECT, related_name="contributions", db_index=False
    )
    kind = models.CharField(max_length=20)
    state = models.CharField(max_length=20, blank=True)
    thread = models.CharField(max_length=160, blank=True, help_text=_("Shared by a root and all its answers."))
    title = models.CharField(max_length=300, blank=True)
    url = models.CharField(max_length=500, blank=True)
    likes = models.PositiveIntegerField(default=0)
    occurred_at = models.DateTimeField()
    credited_at = models.DateTimeField(null=True, blank=True)
    source_updated_at = models.DateTimeField(null=True, blank=True)
    content_hash = models.BinaryField(max_length=16)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "external_id"], name="contribution_unique")]
        indexes = [
            models.Index(fields=["occurred_at"], include=["identity", "kind", "channel"], name="contribution_occurred"),
            models.Index(
                fields=["credited_at"],
                include=["identity", "kind", "state"],
                name="contribution_credited",
                condition=models.Q(credited_at__isnull=False),
            ),
            models.Index(fields=["identity", "occurred_at"], name="contribution_identity"),
            models.Index(fields=["source", "thread"], name="contribution_thread", condition=~models.Q(thread="")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.external_id}"
