"""What a group or an event would like to be given; offers and who gives are kept by the partners app."""

import uuid
from datetime import date

from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meetups import money
from meetups.models.events import Event
from meetups.models.groups import Group


class SponsorshipNeedQuerySet(models.QuerySet["SponsorshipNeed"]):
    """Sets of needs."""

    def standing(self) -> "SponsorshipNeedQuerySet":
        """Neither fulfilled nor closed, soonest first."""
        return self.filter(state__in=SponsorshipNeed.STANDING).order_by("needed_by_on", "pk")

    def shown(self, today: date) -> "SponsorshipNeedQuerySet":
        """What visitors read: standing, not past its day, of groups that are not suspended."""
        return self.standing().filter(needed_by_on__gte=today).exclude(group__state=Group.State.SUSPENDED)

    def open(self, today: date) -> "SponsorshipNeedQuerySet":
        """What somebody could still answer."""
        return self.shown(today).filter(state=SponsorshipNeed.State.OPEN)


class SponsorshipNeed(models.Model):
    """Food for a sprint, a speaker's travel: of a group, or of one event (camps have no group). No money moves here.

    `meetups.services.needs` alone states, matches and closes it. Without an amount it is asked for in kind.
    """

    class Category(models.TextChoices):
        FOOD = "food", _("food and drinks")
        ROOM = "room", _("a room")
        TRAVEL = "travel", _("a speaker's travel")
        EQUIPMENT = "equipment", _("equipment")
        PRINT = "print", _("print and stickers")
        ACCESS = "access", _("interpreting and access")
        OTHER = "other", _("something else")

    class State(models.TextChoices):
        OPEN = "open", _("open")
        MATCHED = "matched", _("promised")
        FULFILLED = "fulfilled", _("fulfilled")
        CLOSED = "closed", _("closed")

    STANDING = [State.OPEN, State.MATCHED]

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    group = models.ForeignKey(
        Group, null=True, blank=True, on_delete=models.CASCADE, related_name="needs", help_text=_("Empty for camps.")
    )
    event = models.ForeignKey(Event, null=True, blank=True, on_delete=models.CASCADE, related_name="needs")
    title = models.CharField(_("what is needed"), max_length=120)
    category = models.CharField(_("kind"), max_length=10, choices=Category)
    amount = models.DecimalField(
        _("amount"), max_digits=9, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(1)]
    )
    currency = models.CharField(
        _("currency"), max_length=3, blank=True, validators=[RegexValidator(r"^[A-Z]{3}$", _("Three letters: EUR."))]
    )
    note = models.TextField(_("more about it"), max_length=1000, blank=True)
    needed_by_on = models.DateField(_("needed by"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN, editable=False)
    state_since = models.DateTimeField(default=timezone.now, editable=False)
    closed_because = models.CharField(max_length=300, blank=True, editable=False)
    stated_by = models.ForeignKey(
        "members.Member", null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="needs_stated"
    )
    stated_at = models.DateTimeField(default=timezone.now, editable=False)
    is_demo = models.BooleanField(default=False, editable=False)

    objects = SponsorshipNeedQuerySet.as_manager()

    class Meta:
        ordering = ["needed_by_on", "pk"]
        indexes = [models.Index(fields=["state", "needed_by_on"], name="need_state_day")]
        constraints = [
            models.CheckConstraint(
                condition=Q(group__isnull=False) | Q(event__isnull=False), name="need_of_group_or_event"
            ),
            models.CheckConstraint(
                # Spelt out: a check that compares with nothing comes out as unknown, which passes.
                condition=Q(amount__isnull=True, currency="")
                | Q(amount__isnull=False, amount__gt=0, currency__regex=r"^[A-Z]{3}$"),
                name="need_amount_has_currency",
            ),
            models.CheckConstraint(condition=~Q(title=""), name="need_says_what"),
            models.CheckConstraint(condition=~Q(state="closed") | ~Q(closed_because=""), name="need_closed_says_why"),
            models.CheckConstraint(
                condition=Q(state__in=["open", "matched", "fulfilled", "closed"]), name="need_state_known"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Where it is read: on the page of its event, else of its group."""
        home = self.event or self.group
        return f"{home.get_absolute_url()}#need-{self.pk}" if home else ""

    @property
    def is_in_kind(self) -> bool:
        return self.amount is None

    @property
    def amount_text(self) -> str:
        """ "€250", or that the thing itself is asked for."""
        return money.in_words(self.amount, self.currency) if self.amount is not None else str(_("in kind"))

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def is_settled(self) -> bool:
        return self.state not in self.STANDING

    @property
    def badge(self) -> tuple[str, str]:
        """(state of the badge, its word)."""
        return NEED_WORDS[self.state][0], str(NEED_WORDS[self.state][1])


NEED_WORDS = {
    "open": ("new", _("Open")),
    "matched": ("wait", _("Promised")),
    "fulfilled": ("good", _("Fulfilled")),
    "closed": ("off", _("Closed")),
}
