"""The life of a group after it was founded: its moves, who asks to run it, what is still to do, its links elsewhere."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meetups.models.groups import Group
from portal.jobs.models import Leased


class GroupMove(models.Model):
    """One move of a group's life; rows are only ever added."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="moves")
    from_state = models.CharField(max_length=12, choices=Group.State)
    to_state = models.CharField(max_length=12, choices=Group.State)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reason = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.group}: {self.from_state} → {self.to_state}"


class OrganiserRequest(models.Model):
    """Somebody asks to run a group: one that sleeps, one that lacks a second organiser, or a community elsewhere."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("taken back")

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="organiser_requests")
    member = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="organiser_requests")
    note = models.TextField(_("why you"), max_length=2000, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING, editable=False)
    asked_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ["-pk"]
        permissions = [("answer_organiserrequest", _("Can answer who asks to run a group"))]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "member"], condition=Q(state="waiting"), name="organiser_request_waiting_once"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting") | Q(answered_at__isnull=False), name="organiser_request_answered_at"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} · {self.group}"


class OnboardingTask(models.Model):
    """One thing a new group has still to do; made at the approval."""

    class Key(models.TextChoices):
        FORUM_CATEGORY = "forum_category", _("a category on the forum")
        PUBLISH_LAUNCH = "publish_launch", _("publish the launch event")
        INTRODUCE = "introduce", _("introduce the group on the forum")
        DESCRIBE = "describe", _("say what the group is about")
        INVITE = "invite", _("tell the people who were interested")

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="onboarding")
    key = models.CharField(max_length=20, choices=Key)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["group", "key"], name="onboarding_task_once")]

    def __str__(self) -> str:
        return f"{self.group} · {self.get_key_display()}"


class ForumCategory(Leased):
    """The category a group gets on the forum: made through its API, or by hand when there is no key."""

    group = models.OneToOneField(Group, on_delete=models.CASCADE, related_name="forum_category")
    name = models.CharField(max_length=50)
    category_id = models.PositiveIntegerField(null=True, blank=True)
    url = models.URLField(max_length=500, blank=True)
    is_by_hand = models.BooleanField(default=False, help_text=_("There is no key: somebody of the team makes it."))
    error = models.TextField(blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    made_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = _("forum categories")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.group} · {self.name}"


class LinkCheck(Leased):
    """The weekly look at the address of a community elsewhere; `next_try_at` says when the next one is due."""

    class Found(models.TextChoices):
        REACHED = "reached", _("reached")
        GONE = "gone", _("gone")
        UNKNOWN = "unknown", _("not known")

    group = models.OneToOneField(Group, on_delete=models.CASCADE, related_name="link_check")
    found = models.CharField(max_length=10, choices=Found, blank=True)
    sentence = models.CharField(max_length=500, blank=True)
    failures = models.PositiveSmallIntegerField(default=0, help_text=_("Times in a row that it was gone."))
    checked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.group} · {self.found or self.state}"
