"""Members, their identities at the sources, merges, roles, and the changes others react to."""

from django.apps import apps
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.members import bots


class MemberQuerySet(models.QuerySet["Member"]):
    """Sets of members."""

    def people(self) -> "MemberQuerySet":
        """Everyone but known bots and those merged into another."""
        return self.exclude(bot_state=Member.BotState.BOT).filter(merged_into=None, erased_at=None)

    def to_be_judged(self) -> "MemberQuerySet":
        """Bots by a service's word and members named as bots are, of whom no human has said what they are."""
        accounts = apps.get_model("members", "Identity")._base_manager.filter(member=OuterRef("pk"))
        named = Q(username_key__regex=bots.PATTERN) | Q(username_key__in=bots.KNOWN) | Q(is_bot_hint=True)
        unsaid = self.filter(merged_into=None, erased_at=None).exclude(by_hand__contains=["bot_state"])
        looks_so = Q(bot_state=Member.BotState.BOT) | Q(Exists(accounts.filter(named)))
        return unsaid.filter(looks_so).exclude(bot_state=Member.BotState.HUMAN)


class Member(models.Model):
    """A person (or bot) in the community; needs no account. Shown by handle only until they sign in."""

    class Visibility(models.TextChoices):
        PUBLIC = "public", _("name, handle and profile")
        HANDLE = "handle", _("public handle only")
        HIDDEN = "hidden", _("counted, named nowhere")

    class BotState(models.TextChoices):
        UNKNOWN = "unknown", _("not looked at")
        HUMAN = "human", _("a person")
        BOT = "bot", _("a bot")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="member"
    )
    name = models.CharField(_("name"), max_length=120, blank=True)
    handle = models.CharField(_("handle"), max_length=80, blank=True, db_index=True)
    public_id = models.SlugField(max_length=40, unique=True, editable=False)
    about = models.TextField(_("about"), max_length=2000, blank=True)
    place = models.ForeignKey("places.Place", null=True, blank=True, on_delete=models.SET_NULL, related_name="members")
    languages = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    skills = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    visibility = models.CharField(max_length=10, choices=Visibility, default=Visibility.HANDLE)
    bot_state = models.CharField(max_length=10, choices=BotState, default=BotState.UNKNOWN)
    by_hand = ArrayField(
        models.CharField(max_length=40),
        default=list,
        db_default=[],
        blank=True,
        editable=False,
        help_text=_("Names of the fields that a human set: no import and no merge writes them again."),
    )
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="merged_members"
    )
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)
    is_demo = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = MemberQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.display_name

    def get_absolute_url(self) -> str:
        return reverse("pages:member", args=[self.public_id])

    @property
    def is_bot(self) -> bool:
        return self.bot_state == self.BotState.BOT

    @property
    def display_name(self) -> str:
        """What a page may call the person: name, handle or "a member", by their own wish."""
        return self._shown_as or str(_("a member"))

    @property
    def is_named(self) -> bool:
        """Whether pages and files may name the person, and have something to name them by."""
        return bool(self._shown_as)

    @property
    def tells_employer(self) -> bool:
        """Whether pages and files may say where the person works: only of people who chose to be shown by name."""
        return self.visibility == self.Visibility.PUBLIC and self.erased_at is None

    @property
    def _shown_as(self) -> str:
        if self.erased_at is not None or self.visibility == self.Visibility.HIDDEN:
            return ""
        return (self.name if self.visibility == self.Visibility.PUBLIC else "") or self.handle


class Role(models.Model):
    """A dated task somebody was given: ambassador, liaison of a region, member of the team."""

    class Kind(models.TextChoices):
        AMBASSADOR = "ambassador", _("ambassador")
        LIAISON = "liaison", _("liaison of a region")
        TEAM = "team", _("team member")

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="roles")
    kind = models.CharField(max_length=12, choices=Kind)
    region = models.ForeignKey("places.Region", null=True, blank=True, on_delete=models.PROTECT, related_name="roles")
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="liaison") | Q(region__isnull=False), name="role_liaison_has_region"
            ),
            models.CheckConstraint(condition=Q(until_on=None) | Q(until_on__gt=models.F("from_on")), name="role_dates"),
        ]

    def __str__(self) -> str:
        return f"{self.member} · {self.get_kind_display()}"


class Merge(models.Model):
    """Who was merged into whom; `identity_ids` and `restore` make the way back exact.

    `restore`: {"kept": {field: value before}, "gone": {...}, "moved": {"app.model.field": [primary keys]}}.
    """

    kept = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="merges_kept")
    gone = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="merges_gone")
    identity_ids = ArrayField(models.BigIntegerField(), default=list)
    restore = models.JSONField(default=dict, editable=False)
    reason = models.CharField(max_length=200)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="merges"
    )
    merged_at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(kept=models.F("gone")), name="merge_two_members")]

    def __str__(self) -> str:
        return f"{self.gone_id} → {self.kept_id}"


class MemberChange(models.Model):
    """A merge, affiliation, opt-out or erasure that summaries above must follow; written in the same transaction."""

    class Kind(models.TextChoices):
        MERGE = "merge", _("merge")
        AFFILIATION = "affiliation", _("affiliation")
        VISIBILITY = "visibility", _("visibility")
        BOT = "bot", _("bot or not")
        ERASURE = "erasure", _("erasure")

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=12, choices=Kind)
    changed_at = models.DateTimeField(default=timezone.now)
    consumed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["id"], name="memberchange_open", condition=Q(consumed_at=None))]

    def __str__(self) -> str:
        return f"{self.member_id} {self.kind}"
