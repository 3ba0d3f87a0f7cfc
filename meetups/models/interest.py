"""Wishes for a place: who would join, organise, host, speak or sponsor there, before there is a group."""

from django.db import models
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.members.models import Member


class InterestQuerySet(models.QuerySet["Interest"]):
    """Sets of interests."""

    def standing(self) -> "InterestQuerySet":
        """Not withdrawn, and said by somebody who is still here: no bot, nobody merged away or erased."""
        return self.filter(
            withdrawn_at=None, member__merged_into=None, member__erased_at=None
        ).exclude(member__bot_state=Member.BotState.BOT)  # fmt: skip

    def introducible(self) -> "InterestQuerySet":
        """Those whose people asked to be introduced and may be named at all."""
        return self.standing().filter(wants_introduction=True).exclude(member__visibility=Member.Visibility.HIDDEN)

    def tally(self) -> dict[str, int]:
        """Kind -> how many people; under "people" how many in all, under "guests" those who would not organise."""
        organising = self.filter(kind=Interest.Kind.ORGANISE).order_by().values("member")
        return self.aggregate(
            **{kind: Count("pk", filter=Q(kind=kind)) for kind in Interest.Kind.values},
            people=Count("member", distinct=True),
            guests=Count("member", distinct=True, filter=~Q(member__in=organising)),
        )


class Interest(models.Model):
    """One thing a member would do at a place. Taking it back keeps the row, so that saying it again is the same row."""

    class Kind(models.TextChoices):
        JOIN = "join", _("join")
        ORGANISE = "organise", _("co-organise")
        HOST = "host", _("host")
        SPEAK = "speak", _("speak")
        SPONSOR = "sponsor", _("sponsor")

    member = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="interests")
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="interests")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    wants_introduction = models.BooleanField(_("wants to be introduced to the others"), default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    is_demo = models.BooleanField(default=False, editable=False)

    objects = InterestQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["member", "place", "kind"], name="interest_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["join", "organise", "host", "speak", "sponsor"]), name="interest_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.place}"
