"""Who may be one person: what matching leaves out, what it suggests, and what people said about it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.members.models.identities import Identity
from portal.members.models.people import Member


class SharedName(models.Model):
    """A user name, full name or mailbox that many people use, so that it says nothing about who somebody is."""

    class Kind(models.TextChoices):
        USERNAME = "username", _("user name")
        NAME = "name", _("full name")
        MAILBOX = "mailbox", _("mailbox, the part of an address before the @")
        ADDRESS = "address", _("whole e-mail address")

    kind = models.CharField(max_length=10, choices=Kind)
    key = models.CharField(_("name or mailbox"), max_length=254, help_text=_("In small letters."))

    class Meta:
        ordering = ["kind", "key"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="sharedname_unique"),
            models.CheckConstraint(condition=~Q(key=""), name="sharedname_not_empty"),
        ]

    def __str__(self) -> str:
        return self.key


class DifferentPeople(models.Model):
    """Somebody said that these two identities are not the same person; holds whoever they belong to later."""

    first = models.ForeignKey(Identity, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Identity, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    said_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = _("different people")
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="differentpeople_unique"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="differentpeople_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} ≠ {self.second_id}"


class SuggestionQuerySet(models.QuerySet["MergeSuggestion"]):
    """Sets of suggestions."""

    def waiting(self) -> "SuggestionQuerySet":
        """Those a human has to look at now: not put off, and both members still there."""
        put_off = Q(later_until__gt=timezone.now())
        gone = Q(first__merged_into__isnull=False) | Q(second__merged_into__isnull=False)
        erased = Q(first__erased_at__isnull=False) | Q(second__erased_at__isnull=False)
        return self.exclude(put_off).exclude(gone).exclude(erased)


class MergeSuggestion(models.Model):
    """Two members who may be one person, with the score and the reasons for it; made anew by every run of matching.

    `reasons`: [{"code": see `portal.members.matching`, "value": what both have, "points": share of the score}].
    """

    follows_merges = False  # computed anew from the identities after a merge, not moved with them

    first = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+", db_index=True)
    score = models.PositiveSmallIntegerField()
    reasons = models.JSONField(default=list)
    later_until = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField(default=timezone.now)

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        ordering = ["-score", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="mergesuggestion_unique"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="mergesuggestion_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} = {self.second_id}?"


class MatchingState(models.Model):
    """One row: what the last run of matching has seen, so that the next one knows whether there is anything new."""

    seen = models.JSONField(default=dict)
    ran_at = models.DateTimeField(null=True)
    merged = models.PositiveIntegerField(default=0)
    suggested = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="matchingstate_one_row")]
