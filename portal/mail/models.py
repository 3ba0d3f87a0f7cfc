"""The outbox: a message is a row, sent once, after commit."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.jobs.models import Leased


class Message(Leased):
    """One e-mail. `recipient_key` is opaque to this app; one person gets one message per kind, subject and revision."""

    kind = models.CharField(max_length=60, db_index=True)
    about = models.CharField(max_length=120, help_text=_("What the message is about: type and key as text."))
    revision = models.PositiveIntegerField(default=0)
    recipient_key = models.CharField(max_length=120)
    address = models.EmailField(max_length=254)
    language = models.CharField(max_length=12, default="en-gb")
    time_zone = models.CharField(max_length=64, default="UTC")
    context = models.JSONField(default=dict, help_text=_("Plain values for the template; emptied once sent."))
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)
    stopped_at = models.DateTimeField(
        null=True, blank=True, help_text=_("Somebody stopped it before it went out; it can be let go again.")
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "about", "recipient_key", "revision"], name="mail_message_once")
        ]
        indexes = [models.Index(fields=["state", "next_try_at"], name="mail_message_due")]
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.kind} → {self.address}"
