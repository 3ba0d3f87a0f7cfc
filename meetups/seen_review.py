"""What the organisers of a sent application see of its review: checks, verdicts, changes, and the conversation."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from meetups.application_page import TITLES
from meetups.check_page import CheckView, read_checks
from meetups.models import Application, ApplicationComment, ApplicationEvent, CriterionCheck, CriterionVerdict
from meetups.revisions import Change, differences
from meetups.services.verdicts import counting_verdicts

#: What the machine found, said to those whose answers it looked at: (state of the badge, words). It never decides.
FOUND: dict[str, tuple[str, Promise]] = {
    "pass": ("good", _("Looks good")),
    "warn": ("wait", _("Worth a look")),
    "fail": ("wait", _("Something is missing")),
    "unknown": ("off", _("Could not be looked up")),
}
NOT_YET: tuple[str, Promise] = ("off", _("Not looked at yet"))
HELD: dict[str, tuple[str, Promise]] = {
    "met": ("good", _("The team: met")),
    "waived": ("good", _("The team: fine as it is")),
    "not_met": ("wait", _("The team: still open")),
}


@dataclass(frozen=True, slots=True)
class Seen:
    """One criterion in review: what the machine found, what the team holds, what changed since the last time."""

    number: int
    key: str
    title: str | Promise
    found: tuple[str, str | Promise]
    sentences: str
    held: tuple[str, str | Promise] | None
    changes: list[Change]


@dataclass(frozen=True, slots=True)
class Review:
    """The review as the organisers read it; `asked` are the parts that changes were asked for, with their addresses."""

    criteria: list[Seen]
    lines: list[ApplicationComment]
    asked: list[tuple[str | Promise, str]]
    has_changes: bool

    @property
    def met(self) -> int:
        return sum(seen.held is not None and seen.held[0] == "good" for seen in self.criteria)


def read_review(application: Application, *, history: list[ApplicationEvent], now: datetime) -> Review | None:
    """Nothing before it was sent; then a fixed number of queries. `history` is newest first."""
    if not application.was_sent:
        return None
    verdicts, changes = counting_verdicts(application), _changes(application)
    seen = [
        _seen(view, verdicts.get(view.key), changes.get(view.key, [])) for view in read_checks(application, now=now)
    ]
    lines = application.comments.filter(is_public=True).select_related("author__member").order_by("pk")
    return Review(seen, list(lines), _asked(application, history), bool(changes))


def _seen(view: CheckView, verdict: CriterionVerdict | None, changes: list[Change]) -> Seen:
    check = view.check if view.check is not None and view.check.outcome else None
    return Seen(
        number=view.number,
        key=view.key,
        title=view.title,
        found=FOUND[check.outcome] if check else NOT_YET,
        sentences=check.explanation if check and not _names_suspended(check) else "",
        held=HELD[verdict.verdict] if verdict else None,
        changes=changes,
    )


def _names_suspended(check: CriterionCheck) -> bool:
    """Whether the sentences tell of a group that was suspended: that is for the team."""
    around = check.evidence.get("neighbours") or []
    return any(isinstance(row, dict) and row.get("state") == "suspended" for row in around)


def _changes(application: Application) -> dict[str, list[Change]]:
    """criterion -> what reads differently since it was sent the time before."""
    kept = list(application.revisions.order_by("-number")[:2])
    return differences(kept[1].answers, kept[0].answers) if len(kept) == 2 else {}


def _asked(application: Application, history: list[ApplicationEvent]) -> list[tuple[str | Promise, str]]:
    if application.state != Application.State.CHANGES_REQUESTED:
        return []
    event = next((event for event in history if event.to_state == Application.State.CHANGES_REQUESTED), None)
    online = int(application.is_online)
    return [
        (TITLES[key][online], reverse("meetups:application_part", args=[application.public_id, key]))
        for key in (event.criteria if event else [])
        if key in TITLES
    ]
