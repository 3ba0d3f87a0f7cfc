"""Work that no source brings: proposed with a link as evidence, and counted on a second person's word."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dashboard import grants
from portal.members.models import Member


class GrantQuerySet(models.QuerySet["Grant"]):
    """Sets of grants."""

    def confirmed(self) -> "GrantQuerySet":
        return self.filter(state=Grant.State.CONFIRMED)

    def about(self, member: Member) -> "GrantQuerySet":
        """What the member did, and what they proposed of others."""
        return self.filter(Q(member=member) | Q(proposed_by=member))


class Grant(models.Model):
    """One piece of work, or one month in a role. Confirmed, it is a contribution of the portal's own source."""

    class Work(models.TextChoices):
        TRANSLATION = "translation", _("a translation")
        ARTICLE = "article", _("an article")
        TUTORIAL = "tutorial", _("a tutorial")
        VIDEO = "video", _("a video")
        DESIGN = "design", _("design work")
        TALK = grants.TALK, _("a talk at a meetup or camp")
        TALK_CONFERENCE = grants.TALK_CONFERENCE, _("a talk at a conference")
        ROLE_LEAD = "role_lead", _("a month as lead of a team")
        ROLE_ASSISTANT = "role_assistant", _("a month as assistant lead")
        ROLE_MEMBER = "role_member", _("a month as member of a team")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("waits for the team")
        CONFIRMED = "confirmed", _("confirmed")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("taken back")

    work = models.CharField(_("kind of work"), max_length=20, choices=Work)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="grants", verbose_name=_("who did it"))
    title = models.CharField(_("title"), max_length=200)
    url = models.URLField(_("evidence"), max_length=500, blank=True)
    link_key = models.CharField(max_length=500, editable=False, help_text=_("The address in one form to compare."))
    done_on = models.DateField(_("day"), help_text=_("Of a month in a role its first."))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PROPOSED, editable=False)
    reason = models.CharField(_("reason"), max_length=1000, blank=True)
    proposed_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, related_name="grants_proposed", verbose_name=_("proposed by")
    )
    proposed_at = models.DateTimeField(_("proposed"), default=timezone.now)
    decided_by = models.ForeignKey(
        Member,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="grants_decided",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.PROTECT, related_name="grants_withdrawn"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = GrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("contribution added by hand")
        verbose_name_plural = _("contributions added by hand")
        ordering = ["-pk"]
        permissions = [("decide_grant", _("Can decide on contributions added by hand"))]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by=None) | (~Q(decided_by=F("proposed_by")) & ~Q(decided_by=F("member"))),
                name="grant_second_person",
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_by=None, decided_at=None)
                | Q(state__in=["confirmed", "refused"], decided_by__isnull=False, decided_at__isnull=False)
                | Q(state="withdrawn"),
                name="grant_decided",
            ),
            models.CheckConstraint(
                condition=Q(state="withdrawn", withdrawn_at__isnull=False)
                | (~Q(state="withdrawn") & Q(withdrawn_at=None)),
                name="grant_withdrawn",
            ),
            models.CheckConstraint(condition=~Q(state="refused") | ~Q(reason=""), name="grant_refusal_reason"),
            models.CheckConstraint(
                condition=~Q(work__in=grants.ROLES) | Q(done_on__day=1), name="grant_role_from_first"
            ),
            models.UniqueConstraint(
                fields=["link_key"],
                condition=Q(state__in=["proposed", "confirmed"]) & ~Q(work__in=grants.ROLES) & ~Q(link_key=""),
                name="grant_evidence_once",
            ),
            models.UniqueConstraint(
                fields=["member", "done_on"],
                condition=Q(state__in=["proposed", "confirmed"], work__in=grants.ROLES),
                name="grant_role_month_once",
            ),
        ]
        indexes = [models.Index(fields=["proposed_at"], name="grant_waiting", condition=Q(state="proposed"))]

    def __str__(self) -> str:
        return self.title or str(self.get_work_display())

    @property
    def is_role(self) -> bool:
        return grants.is_role(self.work)

    @property
    def is_open(self) -> bool:
        return self.state == self.State.PROPOSED

    @property
    def badge(self) -> str:
        """How `{% badge %}` draws the state."""
        return {self.State.PROPOSED: "wait", self.State.CONFIRMED: "good", self.State.REFUSED: "late"}.get(
            self.State(self.state), "off"
        )
