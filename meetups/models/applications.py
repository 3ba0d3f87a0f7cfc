"""The application to found a group: a decision, with the history of how it was reached."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meetups import deadlines
from meetups.models.events import Series
from meetups.models.groups import Group
from meetups.recurrence import Slot
from meetups.state_words import WORDS, StateWords
from portal.members.models import Member


class ApplicationQuerySet(models.QuerySet["Application"]):
    """Sets of applications."""

    def undecided(self) -> "ApplicationQuerySet":
        """Sent in and not decided; drafts are not counted."""
        return self.filter(state__in=Application.OPEN_STATES)

    def sent(self) -> "ApplicationQuerySet":
        """Those the team may read: sent in at least once. A draft belongs to its organisers alone."""
        return self.filter(submitted_at__isnull=False)

    def of_member(self, member: Member) -> "ApplicationQuerySet":
        """Those the member runs, alone or with others."""
        seat = ApplicationOrganiser.objects.filter(
            application=OuterRef("pk"), member=member, accepted_at__isnull=False, declined_at=None
        )
        return self.filter(Exists(seat))


class Application(models.Model):
    """Answers to the six criteria, saved part by part; `meetups.services.applications.move` alone moves the state."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("submitted")
        IN_REVIEW = "in_review", _("in review")
        CHANGES_REQUESTED = "changes_requested", _("changes asked for")
        ON_HOLD = "on_hold", _("on hold")
        APPROVED = "approved", _("approved")
        DECLINED = "declined", _("declined")
        REDIRECTED = "redirected", _("sent on to another group")
        WITHDRAWN = "withdrawn", _("withdrawn")
        LAPSED = "lapsed", _("lapsed")

    OPEN_STATES = [State.SUBMITTED, State.IN_REVIEW, State.CHANGES_REQUESTED, State.ON_HOLD]

    class Kind(models.TextChoices):
        MEETUP = "meetup", _("in a town or region")
        ONLINE = "online", _("online")

    class VenueKind(models.TextChoices):
        OFFICE = "office", _("Office")
        COWORKING = "coworking", _("Co-working space")
        LIBRARY = "library", _("Library")
        COMMUNITY = "community", _("Community centre")
        UNIVERSITY = "university", _("University")
        OTHER = "other", _("Something else")

    class Decline(models.TextChoices):
        COVERED = "covered", _("the place has a group already")
        CRITERIA = "criteria", _("criteria not met")
        CONDUCT = "conduct", _("Code of Conduct")
        DUPLICATE = "duplicate", _("sent in twice")
        OTHER = "other", _("another reason")

    public_id = models.UUIDField(unique=True, editable=False)
    state = models.CharField(_("state"), max_length=18, choices=State, default=State.DRAFT, editable=False)
    kind = models.CharField(_("kind of group"), max_length=10, choices=Kind, default=Kind.MEETUP)
    applicant = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="applications")
    group_name = models.CharField(_("name of the group"), max_length=120, blank=True)
    # 1 interest
    forum_url = models.URLField(_("forum thread"), max_length=500, blank=True)
    interest_note = models.TextField(_("who is interested"), max_length=2000, blank=True)
    # 2 place, or language and time zones of an online group
    place = models.ForeignKey(
        "places.Place", null=True, blank=True, on_delete=models.PROTECT, related_name="applications"
    )
    region_label = models.CharField(_("region covered"), max_length=120, blank=True)
    languages = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    time_zones_served = models.CharField(_("time zones served"), max_length=200, blank=True)
    # 3 organisers: see ApplicationOrganiser
    community_note = models.TextField(_("what you do in the community"), max_length=2000, blank=True)
    # 4 room, or platform of an online group
    venue_kind = models.CharField(_("kind of room"), max_length=12, choices=VenueKind, blank=True)
    venue_name = models.CharField(_("name of the place"), max_length=160, blank=True)
    venue_address = models.CharField(_("address"), max_length=300, blank=True)
    venue_capacity = models.PositiveIntegerField(_("room for how many"), null=True, blank=True)
    venue_contact_name = models.CharField(_("who confirms for the place"), max_length=120, blank=True)
    venue_contact_email = models.EmailField(_("their e-mail address"), max_length=254, blank=True)
    venue_access = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    platform = models.CharField(_("platform"), max_length=80, blank=True)
    platform_account = models.CharField(_("whose account hosts"), max_length=160, blank=True)
    # 5 launch
    launch_on = models.DateField(_("launch date"), null=True, blank=True)
    launch_time = models.TimeField(_("launch time"), null=True, blank=True)
    launch_title = models.CharField(_("title of the launch event"), max_length=160, blank=True)
    # 6 rhythm
    slot_ordinal = models.SmallIntegerField(_("which"), choices=Series.Ordinal, null=True, blank=True)
    slot_weekday = models.SmallIntegerField(_("weekday"), choices=Series.Weekday, null=True, blank=True)
    slot_time = models.TimeField(_("starts at"), null=True, blank=True)
    slot_minutes = models.PositiveSmallIntegerField(_("length in minutes"), default=120)
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    # the decision
    agreed_at = models.DateTimeField(
        _("guidelines and Code of Conduct accepted"), null=True, blank=True, editable=False
    )
    revision = models.PositiveIntegerField(default=0, editable=False)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="assigned_applications"
    )
    submitted_at = models.DateTimeField(null=True, blank=True, editable=False)
    answer_by_on = models.DateField(null=True, blank=True, editable=False)
    review_by_on = models.DateField(null=True, blank=True, editable=False)
    decided_at = models.DateTimeField(null=True, blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="decided_applications",
    )
    decline_reason = models.CharField(max_length=12, choices=Decline, blank=True, editable=False)
    group = models.OneToOneField(
        Group, null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="application"
    )
    redirected_to = models.ForeignKey(
        Group, null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="redirected_applications"
    )
    redirected_to_application = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="redirected_applications",
    )
    previous = models.ForeignKey(
        "self", null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="retries"
    )
    community = models.ForeignKey(
        Group,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="official_applications",
        help_text=_("The community elsewhere that becomes official with it."),
    )
    is_demo = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    state_since = models.DateTimeField(default=timezone.now, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["place"],
                condition=Q(kind="meetup", state__in=["submitted", "in_review", "changes_requested", "on_hold"]),
                name="application_one_open_per_place",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "declined", "redirected"]) | Q(decided_at__isnull=False),
                name="application_decided_at",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(group__isnull=False), name="application_approved_group"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "withdrawn", "lapsed"]) | Q(submitted_at__isnull=False),
                name="application_submitted_at",
            ),
        ]
        permissions = [
            ("review_application", _("Can review applications")),
            ("decide_application", _("Can approve and decline applications")),
        ]

    def __str__(self) -> str:
        return self.group_name or str(_("a new group"))

    def get_absolute_url(self) -> str:
        return reverse("meetups:application_detail", args=[self.public_id])

    @property
    def is_online(self) -> bool:
        return self.kind == self.Kind.ONLINE

    @property
    def is_editable(self) -> bool:
        """Whether the organisers may change answers now."""
        return self.state in {self.State.DRAFT, self.State.CHANGES_REQUESTED}

    def today(self, now: datetime) -> date:
        """The day it is where the group meets."""
        return now.astimezone(ZoneInfo(self.time_zone or "UTC")).date()

    @property
    def words(self) -> StateWords:
        """What its state is called by its organisers and by everybody, and the badge it has."""
        return WORDS[self.state]

    @property
    def idle_since(self) -> datetime:
        """When the organisers last had it in hand: a draft when it was written, changes when they were asked for."""
        return self.changed_at if self.state == self.State.DRAFT else self.state_since

    @property
    def asked_for_on(self) -> date:
        """The day by which changes are asked for, where the group meets."""
        return deadlines.asked_for_on(self.today(self.state_since))

    @property
    def lapses_on(self) -> date | None:
        """The day it lapses when nobody goes on with it; None in states that do not."""
        return deadlines.lapses_on(self.state, self.today(self.idle_since))

    @property
    def was_sent(self) -> bool:
        """Whether the team has ever received it."""
        return self.submitted_at is not None

    @property
    def is_open(self) -> bool:
        """Sent in and not decided."""
        return self.state in self.OPEN_STATES

    @property
    def slot(self) -> Slot | None:
        """The monthly slot, once it is complete."""
        if self.slot_ordinal is None or self.slot_weekday is None or self.slot_time is None or not self.time_zone:
            return None
        return Slot(self.slot_ordinal, self.slot_weekday, self.slot_time, self.slot_minutes, self.time_zone)

    @property
    def slot_text(self) -> str:
        """Such as "first Friday of the month, 18:00"; empty while parts are missing."""
        if self.slot_ordinal is None or self.slot_weekday is None or self.slot_time is None:
            return ""
        return str(
            _("%(which)s %(weekday)s of the month, %(time)s")
            % {
                "which": self.get_slot_ordinal_display(),
                "weekday": self.get_slot_weekday_display(),
                "time": self.slot_time.strftime("%H:%M"),
            }
        )


class ApplicationOrganiserQuerySet(models.QuerySet["ApplicationOrganiser"]):
    """Sets of seats in an application."""

    def accepted(self) -> "ApplicationOrganiserQuerySet":
        """Those who said yes themselves and did not leave; two seats of one person, once merged, are one."""
        return self.filter(accepted_at__isnull=False, declined_at=None, member__isnull=False, member__merged_into=None)

    def waiting(self) -> "ApplicationOrganiserQuerySet":
        """Invited and not answered."""
        return self.filter(accepted_at=None, declined_at=None)


class ApplicationOrganiser(models.Model):
    """One of the at least two organisers: the applicant, or somebody invited who accepts (and agrees) themselves."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="organisers")
    member = models.ForeignKey(
        "members.Member", null=True, blank=True, on_delete=models.PROTECT, related_name="application_seats"
    )
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail address"), max_length=254)
    organisation = models.CharField(_("organisation"), max_length=120, blank=True)
    shows_name = models.BooleanField(_("show my name in the public list of applications"), default=False)
    token = models.CharField(max_length=64, unique=True, editable=False)
    invited_at = models.DateTimeField(default=timezone.now, editable=False)
    accepted_at = models.DateTimeField(null=True, blank=True, editable=False)
    declined_at = models.DateTimeField(null=True, blank=True, editable=False)
    agreed_at = models.DateTimeField(_("promises and Code of Conduct accepted"), null=True, blank=True, editable=False)

    objects = ApplicationOrganiserQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "email"], name="application_organiser_email"),
            # A seat that was left keeps its member, who stays named in the application; a new seat is open to them.
            models.UniqueConstraint(
                fields=["application", "member"],
                condition=Q(member__isnull=False, declined_at=None),
                name="application_organiser_member",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_accepted(self) -> bool:
        return self.accepted_at is not None and self.declined_at is None and self.member_id is not None

    @property
    def is_waiting(self) -> bool:
        return self.accepted_at is None and self.declined_at is None


class ApplicationEvent(models.Model):
    """One move of an application; rows are only ever added."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="history")
    from_state = models.CharField(max_length=18, choices=Application.State)
    to_state = models.CharField(max_length=18, choices=Application.State)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="application_events"
    )
    public_note = models.TextField(blank=True)
    criteria = ArrayField(
        models.CharField(max_length=12), default=list, blank=True, help_text=_("Criteria that changes were asked for.")
    )
    private_note = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=0)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.from_state} → {self.to_state}"
