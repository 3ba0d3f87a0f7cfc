"""The monthly slot of a group and the dates it becomes."""

import uuid
from datetime import datetime

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meetups.models.groups import Group
from meetups.recurrence import Slot
from portal.places.zones import validate_time_zone

#: A quarter of an hour to a day.
LENGTH = [MinValueValidator(15), MaxValueValidator(1440)]


class Series(models.Model):
    """A monthly slot in local wall time: ordinal × weekday × time, such as the first Friday at 18:00."""

    class Ordinal(models.IntegerChoices):
        FIRST = 1, _("first")
        SECOND = 2, _("second")
        THIRD = 3, _("third")
        FOURTH = 4, _("fourth")
        LAST = -1, _("last")

    class Weekday(models.IntegerChoices):
        MONDAY = 0, _("Monday")
        TUESDAY = 1, _("Tuesday")
        WEDNESDAY = 2, _("Wednesday")
        THURSDAY = 3, _("Thursday")
        FRIDAY = 4, _("Friday")
        SATURDAY = 5, _("Saturday")
        SUNDAY = 6, _("Sunday")

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="series")
    title = models.CharField(_("title"), max_length=160)
    ordinal = models.SmallIntegerField(_("which"), choices=Ordinal)
    weekday = models.SmallIntegerField(_("weekday"), choices=Weekday)
    starts_local = models.TimeField(_("starts at"))
    minutes = models.PositiveSmallIntegerField(_("length in minutes"), default=120, validators=LENGTH)
    time_zone = models.CharField(_("time zone"), max_length=64, validators=[validate_time_zone])
    venue_name = models.CharField(_("place of meeting"), max_length=160, blank=True)
    venue_address = models.CharField(_("address"), max_length=300, blank=True)
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"), null=True, blank=True)
    is_paused = models.BooleanField(_("paused"), default=False)
    publishes = models.BooleanField(
        _("publish at once"), default=False, help_text=_("New dates are public from the start instead of drafts.")
    )

    class Meta:
        verbose_name_plural = _("series")
        constraints = [
            models.CheckConstraint(condition=Q(minutes__gte=15, minutes__lte=1440), name="series_minutes"),
            models.CheckConstraint(
                condition=Q(ordinal__in=[1, 2, 3, 4, -1], weekday__range=(0, 6)), name="series_slot"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group}: {self.get_ordinal_display()} {self.get_weekday_display()}"

    @property
    def slot(self) -> Slot:
        return Slot(self.ordinal, self.weekday, self.starts_local, self.minutes, self.time_zone)

    @property
    def text(self) -> str:
        """Such as "first Friday of the month, 18:00"."""
        return str(
            _("%(which)s %(weekday)s of the month, %(time)s")
            % {
                "which": self.get_ordinal_display(),
                "weekday": self.get_weekday_display(),
                "time": self.starts_local.strftime("%H:%M"),
            }
        )


class EventQuerySet(models.QuerySet["Event"]):
    """Sets of events."""

    def public(self) -> "EventQuerySet":
        """What visitors may see: everything but drafts, of groups that are not suspended."""
        return self.exclude(state=Event.State.DRAFT).exclude(group__state=Group.State.SUSPENDED)

    def upcoming(self, now: datetime) -> "EventQuerySet":
        """Public events that have not ended, soonest first; cancelled ones stay visible as such."""
        return self.public().filter(ends_at__gte=now).order_by("starts_at", "pk")

    def past(self, now: datetime) -> "EventQuerySet":
        """Public events that have ended, newest first."""
        return self.public().filter(ends_at__lt=now).order_by("-starts_at", "-pk")

    def happened(self, now: datetime) -> "EventQuerySet":
        """Past events that took place as far as anybody knows: held, or published and over; newest first."""
        return self.past(now).exclude(state=Event.State.CANCELLED)


class Event(models.Model):
    """One date of a group (or of none: camps and conferences). Local wall time is the truth, UTC a copy of it."""

    class Kind(models.TextChoices):
        MEETUP = "meetup", _("meetup")
        ONLINE = "online", _("online meetup")
        CAMP = "camp", _("camp")
        CONFERENCE = "conference", _("conference")

    class Format(models.TextChoices):
        PRESENTATIONS = "presentations", _("presentations")
        HACKATHON = "hackathon", _("hackathon")
        SOCIAL = "social", _("social")
        WORKSHOP = "workshop", _("workshop")
        COWORKING = "coworking", _("co-working")
        HELP = "help", _("help session")
        SPRINT = "sprint", _("contributor sprint")
        OTHER = "other", _("something else")

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")
        CANCELLED = "cancelled", _("cancelled")
        HELD = "held", _("held")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    group = models.ForeignKey(Group, null=True, blank=True, on_delete=models.PROTECT, related_name="events")
    series = models.ForeignKey(Series, null=True, blank=True, on_delete=models.SET_NULL, related_name="events")
    original_on = models.DateField(
        null=True,
        blank=True,
        editable=False,
        help_text=_("The local date the series gave it; identifies the occurrence."),
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.MEETUP)
    format = models.CharField(_("format"), max_length=14, choices=Format, default=Format.PRESENTATIONS)
    state = models.CharField(_("status"), max_length=10, choices=State, default=State.DRAFT, editable=False)
    title = models.CharField(_("title"), max_length=160)
    slug = models.SlugField(max_length=160, editable=False)
    about = models.TextField(_("about"), max_length=10000, blank=True)
    starts_local = models.DateTimeField(_("starts"), help_text=_("Wall time at the place, stored as if it were UTC."))
    minutes = models.PositiveSmallIntegerField(_("length in minutes"), default=120, validators=LENGTH)
    time_zone = models.CharField(_("time zone"), max_length=64, validators=[validate_time_zone])
    starts_at = models.DateTimeField(editable=False, db_index=True)
    ends_at = models.DateTimeField(editable=False, db_index=True)
    venue_name = models.CharField(_("place of meeting"), max_length=160, blank=True)
    venue_address = models.CharField(_("address"), max_length=300, blank=True)
    online_url = models.URLField(_("meeting link"), max_length=500, blank=True)
    capacity = models.PositiveIntegerField(_("places"), null=True, blank=True)
    attended = models.PositiveIntegerField(_("people present"), null=True, blank=True, editable=False)
    cancel_reason = models.CharField(max_length=300, blank=True, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    created_by = models.ForeignKey(
        "members.Member",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="events_created",
    )
    is_demo = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["series", "original_on"], name="event_occurrence_once"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="event_ends_after_start"),
            models.CheckConstraint(
                condition=Q(kind__in=["camp", "conference"]) | Q(group__isnull=False), name="event_meetup_has_group"
            ),
        ]
        indexes = [
            models.Index(fields=["group", "starts_at"], name="event_group_start"),
            # When each of 5,000 groups meets next is read from this index alone.
            models.Index(
                fields=["group", "starts_at", "id"],
                include=["ends_at", "time_zone"],
                condition=Q(state="published"),
                name="event_coming",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("meetups:event_detail", args=[self.pk, self.slug])

    @property
    def is_cancelled(self) -> bool:
        return self.state == self.State.CANCELLED

    @property
    def is_online(self) -> bool:
        return self.kind == self.Kind.ONLINE or (bool(self.online_url) and not self.venue_name)

    def has_begun(self, now: datetime) -> bool:
        return self.starts_at <= now
