"""What people of the team hold of each criterion. Verdicts are rows: the newest of a criterion counts while it may."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from meetups.criteria import KEYS
from meetups.models import Application, ApplicationRevision, CriterionVerdict
from meetups.permissions import is_named_in, is_reviewer
from meetups.revisions import differences
from portal.jobs.transitions import MoveRefused
from portal.members.models import User

Verdict = CriterionVerdict.Verdict
LONGEST_REASON = 1000


@transaction.atomic
def give_verdict(
    *, application: Application, criterion: str, verdict: str, reason: str = "", actor: User, now: datetime
) -> CriterionVerdict:
    """Keep what a reviewer holds of one criterion of the present revision, or raise MoveRefused with a sentence."""
    locked = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    if not is_reviewer(actor):
        raise MoveRefused(_("Only reviewers give verdicts."), reason="actor")
    if is_named_in(actor, locked):
        raise MoveRefused(_("You are named in this application, so somebody else has to judge it."), reason="actor")
    if not locked.is_open:
        raise MoveRefused(_("This application is not under review."), reason="state")
    if criterion not in KEYS or verdict not in Verdict.values:
        raise MoveRefused(_("There is no such criterion or verdict."))
    reason = reason.strip()
    if verdict == Verdict.WAIVED and not reason:
        raise MoveRefused(_("Say why this criterion is waived."))
    if len(reason) > LONGEST_REASON:
        raise MoveRefused(_("The reason is too long: %(most)s letters at most.") % {"most": LONGEST_REASON})
    return CriterionVerdict.objects.create(
        application=locked,
        criterion=criterion,
        verdict=verdict,
        reason=reason,
        revision=locked.revision,
        given_by=actor,
        given_at=now,
    )


def latest_verdicts(application: Application) -> dict[str, CriterionVerdict]:
    """criterion -> its newest verdict, whether it still counts or not: one query."""
    newest = (
        CriterionVerdict.objects.filter(application=application)
        .select_related("given_by__member")
        .order_by("criterion", "-pk")
        .distinct("criterion")
    )
    return {row.criterion: row for row in newest}


def counting_verdicts(
    application: Application, latest: dict[str, CriterionVerdict] | None = None
) -> dict[str, CriterionVerdict]:
    """criterion -> its newest verdict, where the answers it was given on still stand: at most three queries.

    They stand when the verdict is of the present revision, or when no answer of that criterion changed since. Somebody
    who joins or leaves the organisers voids an earlier verdict on them, in the same revision too.
    """
    latest = latest_verdicts(application) if latest is None else latest
    older = {row.revision for row in latest.values()} - {application.revision}
    changed = _changed_since(application, older) if older else {}
    moved = _organisers_moved_at(application) if "organisers" in latest else None
    return {
        key: row
        for key, row in latest.items()
        if key not in changed.get(row.revision, ())
        and not (key == "organisers" and moved is not None and moved > row.given_at)
    }


def _changed_since(application: Application, revisions: Collection[int]) -> dict[int, Collection[str]]:
    """revision -> criteria whose answers differ from the present revision; all of them where a revision is not kept."""
    rows = ApplicationRevision.objects.filter(
        application=application, number__in=[*revisions, application.revision]
    ).values_list("number", "answers")
    kept = dict(rows)
    present = kept.get(application.revision)
    return {
        number: KEYS if present is None or number not in kept else differences(kept[number], present)
        for number in revisions
    }


def _organisers_moved_at(application: Application) -> datetime | None:
    seats = application.organisers.values_list("accepted_at", "declined_at")
    return max((at for seat in seats for at in seat if at is not None), default=None)
