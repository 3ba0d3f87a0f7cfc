"""What is imported: sources, their channels and streams, the runs, and what could not be read."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.jobs.models import Leased


class Source(models.Model):
    """One service we import from. Its token comes from the environment: SOURCE_<NAME>_TOKEN or ..._TOKEN_FILE."""

    name = models.SlugField(_("name"), max_length=40, unique=True)
    service = models.CharField(_("service"), max_length=20)
    base_url = models.URLField(_("address"), max_length=300)
    options = models.JSONField(_("options"), default=dict, blank=True)
    is_enabled = models.BooleanField(_("enabled"), default=True)
    last_good_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_error = models.TextField(blank=True, editable=False)
    is_demo = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class SourceQuota(models.Model):
    """What a service last said is left of an allowance; see `dashboard.services.quota.quota_left`."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="quotas")
    name = models.CharField(max_length=40)
    left = models.PositiveIntegerField()
    most = models.PositiveIntegerField(null=True, blank=True)
    resets_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "name"], name="sourcequota_unique")]

    def __str__(self) -> str:
        return f"{self.source} {self.name}"

    @property
    def share(self) -> float:
        """What is left of all, between 0 and 1; 1 where the service does not say how much there is."""
        return self.left / self.most if self.most else 1.0

    def is_reset(self, now: datetime) -> bool:
        """Whether a new allowance has begun since."""
        return self.resets_at is not None and self.resets_at <= now


class Channel(models.Model):
    """A repository, chat channel, forum category, subreddit or tag, keyed by the service's own stable id."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="channels")
    key = models.CharField(max_length=120)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    url = models.URLField(max_length=500, blank=True)
    is_archived = models.BooleanField(default=False)
    gone_at = models.DateTimeField(
        null=True, blank=True, help_text=_("Deleted, made private or moved elsewhere; it is read no more.")
    )

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="channel_unique")]

    def __str__(self) -> str:
        return self.name


#: Where dead letters of imported files hang: a stream that no importer reads, always switched off.
FILE_STREAM = "file"


class Stream(models.Model):
    """The part of a channel that is fetched and resumed on its own; its cursor moves in the transaction of its data."""

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="streams")
    name = models.CharField(max_length=30)
    cursor = models.JSONField(default=dict, blank=True)
    is_enabled = models.BooleanField(default=True)
    is_backfilled = models.BooleanField(
        default=False, help_text=_("The first import has reached the end of the history.")
    )
    last_good_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)
    next_try_at = models.DateTimeField(null=True, blank=True)
    n_items = models.PositiveBigIntegerField(_("items"), default=0, help_text=_("Rows it has brought so far."))
    reread_since = models.DateTimeField(
        null=True,
        blank=True,
        help_text=_("Read once more from the beginning since; dead letters from before go once it is through."),
    )

    class Meta:
        ordering = ["channel_id", "name"]
        constraints = [models.UniqueConstraint(fields=["channel", "name"], name="stream_unique")]

    def __str__(self) -> str:
        return f"{self.channel} {self.name}"

    @property
    def note(self) -> str:
        """What the last import had to leave out, as a sentence; no error."""
        note = self.cursor.get("note") if isinstance(self.cursor, dict) else None
        return note if isinstance(note, str) else ""


class ImportRun(Leased):
    """One import of one source; at most one is waiting or running for a source."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="runs")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="import_runs"
    )
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    n_new = models.PositiveIntegerField(_("new"), default=0)
    n_updated = models.PositiveIntegerField(_("updated"), default=0)
    n_skipped = models.PositiveIntegerField(_("unchanged"), default=0)
    n_rejected = models.PositiveIntegerField(_("rejected"), default=0)
    n_requests = models.PositiveIntegerField(_("requests"), default=0)
    at_stream = models.CharField(max_length=240, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["source"], condition=Q(state__in=["waiting", "running"]), name="importrun_one_open"
            )
        ]
        indexes = [models.Index(fields=["source", "-created_at"], name="importrun_source")]

    def __str__(self) -> str:
        return f"{self.source} {self.created_at:%Y-%m-%d %H:%M}"

    @property
    def is_open(self) -> bool:
        return self.state in {self.State.WAITING, self.State.RUNNING}

    def waits_until(self) -> datetime | None:
        """When a postponed run goes on."""
        return self.next_try_at if self.state == self.State.WAITING else None

    @property
    def n_items(self) -> int:
        """Everything it has read so far, changed or not."""
        return self.n_new + self.n_updated + self.n_skipped + self.n_rejected


class DeadLetter(models.Model):
    """An item no record could be made of, with the reason; the page it came with went on."""

    stream = models.ForeignKey(Stream, on_delete=models.CASCADE, related_name="dead_letters")
    external_id = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=300)
    payload = models.TextField(blank=True)
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["stream", "external_id", "reason"], name="deadletter_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.external_id}: {self.reason}"
