"""Meetup groups, who runs them and who joined."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.places.zones import validate_time_zone


class GroupQuerySet(models.QuerySet["Group"]):
    """Sets of groups."""

    def listed(self) -> "GroupQuerySet":
        """What the directory shows: everything but suspended groups."""
        return self.exclude(state=Group.State.SUSPENDED)

    def alive(self) -> "GroupQuerySet":
        """Groups that hold or could hold events."""
        return self.filter(state__in=[Group.State.ONBOARDING, Group.State.ACTIVE, Group.State.QUIET])


class Group(models.Model):
    """A meetup group: in a town, online, or a community elsewhere that is only listed. `state` is its life."""

    class Kind(models.TextChoices):
        MEETUP = "meetup", _("meetup")
        ONLINE = "online", _("online meetup")
        EXTERNAL = "external", _("community elsewhere")

    class State(models.TextChoices):
        ONBOARDING = "onboarding", _("getting ready")
        ACTIVE = "active", _("active")
        QUIET = "quiet", _("quiet")
        DORMANT = "dormant", _("dormant")
        ARCHIVED = "archived", _("archived")
        SUSPENDED = "suspended", _("suspended")

    class Platform(models.TextChoices):
        FACEBOOK = "facebook", "Facebook"
        LINKEDIN = "linkedin", "LinkedIn"
        MEETUP = "meetup_com", "Meetup"
        TELEGRAM = "telegram", "Telegram"
        WHATSAPP = "whatsapp", "WhatsApp"
        SLACK = "slack", "Slack"
        DISCORD = "discord", "Discord"
        XING = "xing", "XING"
        WEBSITE = "website", _("Website")
        OTHER = "other", _("Somewhere else")

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(max_length=120, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.MEETUP)
    state = models.CharField(_("status"), max_length=12, choices=State, default=State.ONBOARDING, editable=False)
    place = models.ForeignKey("places.Place", null=True, blank=True, on_delete=models.PROTECT, related_name="groups")
    region_label = models.CharField(_("region covered"), max_length=120, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC", validators=[validate_time_zone])
    languages = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    about = models.TextField(_("about"), max_length=5000, blank=True)
    forum_url = models.URLField(_("forum thread"), max_length=500, blank=True)
    external_url = models.URLField(_("address elsewhere"), max_length=500, blank=True)
    platform = models.CharField(_("platform"), max_length=12, choices=Platform, blank=True)
    search = models.TextField(editable=False, default="", help_text=_("Folded name, place names and country."))
    is_demo = models.BooleanField(default=False, editable=False)
    founded_at = models.DateTimeField(default=timezone.now, editable=False)
    last_held_at = models.DateTimeField(null=True, blank=True, editable=False)
    state_since = models.DateTimeField(default=timezone.now, editable=False)
    # The step announced ahead of it, and when: it is taken two weeks later, unless something happens until then.
    next_state = models.CharField(max_length=12, choices=State, blank=True, editable=False)
    announced_at = models.DateTimeField(null=True, blank=True, editable=False)
    members_told_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text=_("When the members heard of the announced step.")
    )
    state_before = models.CharField(
        max_length=12, choices=State, blank=True, editable=False, help_text=_("What a suspension interrupted.")
    )
    # Of communities elsewhere: since when nothing answers at the address, and the official group it became.
    link_gone_since = models.DateTimeField(null=True, blank=True, editable=False)
    became = models.ForeignKey(
        "self", null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="was_elsewhere"
    )

    objects = GroupQuerySet.as_manager()

    class Meta:
        ordering = ["slug"]
        permissions = [("suspend_group", _("Can suspend, restore and archive groups"))]
        indexes = [
            GinIndex(OpClass("search", name="gin_trgm_ops"), name="group_search_trgm"),
            models.Index(fields=["state", "kind"], name="group_state_kind"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(kind="meetup") | Q(place__isnull=False), name="group_meetup_has_place"),
            models.CheckConstraint(condition=~Q(kind="external") | ~Q(external_url=""), name="group_external_has_url"),
            models.CheckConstraint(
                condition=Q(next_state="") | Q(announced_at__isnull=False), name="group_next_state_announced"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("meetups:group_detail", args=[self.slug])

    @property
    def place_text(self) -> str:
        """Where the group is: its town and country, its region, or online."""
        if self.place_id:
            return self.region_label or str(self.place)
        return self.region_label or str(_("Online") if self.kind == self.Kind.ONLINE else _("Elsewhere"))

    @property
    def badge(self) -> tuple[str, str]:
        """(state of the badge, its word)."""
        if self.kind == self.Kind.EXTERNAL and self.state == self.State.ACTIVE:
            return ("late", str(_("Link gone"))) if self.link_gone_since else ("off", str(_("Elsewhere")))
        shapes = {"onboarding": "new", "active": "good", "quiet": "wait", "dormant": "wait", "suspended": "late"}
        return shapes.get(self.state, "off"), str(GROUP_WORDS.get(self.state, self.get_state_display()))

    @property
    def forum_category_url(self) -> str:
        """Its category on the forum, once that is made."""
        category = getattr(self, "forum_category", None)
        return category.url if category is not None else ""

    @property
    def accepts_members(self) -> bool:
        return self.kind != self.Kind.EXTERNAL and self.state not in {self.State.ARCHIVED, self.State.SUSPENDED}


GROUP_WORDS = {
    "onboarding": _("New group"),
    "active": _("Active"),
    "quiet": _("Quiet"),
    "dormant": _("Dormant"),
    "archived": _("Archived"),
    "suspended": _("Suspended"),
}


class OrganiserQuerySet(models.QuerySet["Organiser"]):
    """Sets of organisers."""

    def current(self) -> "OrganiserQuerySet":
        """Those who accepted and have not stepped down."""
        return self.filter(accepted_at__isnull=False, ended_at=None)


class Organiser(models.Model):
    """Somebody who runs a group. Invited by address until they accept; shown only once accepted."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="organisers")
    member = models.ForeignKey(
        "members.Member", null=True, blank=True, on_delete=models.PROTECT, related_name="organiser_of"
    )
    invited_email = models.EmailField(max_length=254, blank=True)
    invited_name = models.CharField(max_length=120, blank=True)
    invited_at = models.DateTimeField(default=timezone.now)
    token = models.CharField(max_length=64, unique=True, null=True, blank=True, editable=False)
    accepted_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_reason = models.CharField(max_length=300, blank=True)

    objects = OrganiserQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group", "member"], condition=Q(ended_at=None, member__isnull=False), name="organiser_once"
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(member__isnull=False), name="organiser_accepted_member"
            ),
        ]

    def __str__(self) -> str:
        return str(self.member) if self.member_id else self.invited_name


class GroupMembership(models.Model):
    """A member joined a group."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="memberships")
    member = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="group_memberships")
    joined_at = models.DateTimeField(default=timezone.now)
    hears_of_dates = models.BooleanField(_("new dates"), default=True)
    hears_of_changes = models.BooleanField(_("dates that are moved or called off"), default=True)
    hears_of_life = models.BooleanField(_("when the group needs help to go on"), default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "member"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.member} in {self.group}"
