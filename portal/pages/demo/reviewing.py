"""What a review leaves behind in the demo: checks, verdicts and a few lines; as the services write them."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from meetups.criteria import KEYS
from meetups.models import Application, CriterionCheck, CriterionVerdict
from meetups.services import conversation, verdicts
from portal.members.models import User

Outcome, Verdict = CriterionCheck.Outcome, CriterionVerdict.Verdict

#: criterion -> what the machine says where nothing is remarkable, and the values that rests on.
_PASSES: dict[str, tuple[str, Mapping[str, object]]] = {
    "interest": ("Four people besides the organisers wrote in the thread.", {"posters": 4, "interested here": 2}),
    "place": ("No other group within fifty kilometres.", {"radius km": 50}),
    "organisers": ("Two organisers have accepted, from different companies.", {"accepted": 2}),
    "room": ("The host confirmed the room by mail.", {"confirmed": True}),
    "launch": ("More than four weeks ahead, and on no public holiday.", {}),
    "rhythm": ("The launch is one of the monthly dates.", {"dates in a year": 12}),
}
#: town -> criterion -> what is remarkable there.
_REMARKS: dict[str, dict[str, tuple[str, str]]] = {
    "Bari": {"organisers": (Outcome.WARN, "Both organisers name the same company; two would be better.")},
    "Jaipur": {"room": (Outcome.WARN, "The host was asked by mail and has not answered yet.")},
    "Perth": {"room": (Outcome.FAIL, "Nobody is named who could confirm the room.")},
    "Gdańsk": {"interest": (Outcome.UNKNOWN, "The forum did not answer; we ask again.")},
    "Dresden": {"room": (Outcome.FAIL, "The name says guest house: that is a room for guests, not for everybody.")},
    "Halifax": {"place": (Outcome.WARN, "Another group meets within reach of the town.")},
}
#: town -> criterion -> the reviewer's verdict; where only some are judged, the review is under way.
_JUDGED: dict[str, dict[str, tuple[str, str]]] = {
    "Jaipur": {
        "interest": (Verdict.MET, ""),
        "place": (Verdict.MET, ""),
        "launch": (Verdict.WAIVED, "The hall is free on that evening only."),
    },
    "Perth": {"interest": (Verdict.MET, ""), "room": (Verdict.NOT_MET, "Who confirms the room?")},
    "Gdańsk": {"place": (Verdict.MET, ""), "organisers": (Verdict.MET, "")},
    "Rosario": dict.fromkeys(KEYS, (Verdict.MET, "")),
    "Dresden": {**dict.fromkeys(KEYS, (Verdict.MET, "")), "room": (Verdict.NOT_MET, "A restaurant in all but name.")},
}
#: town -> (by whom, public, text), after the claim.
_LINES: dict[str, tuple[tuple[str, bool, str], ...]] = {
    "Jaipur": (
        ("reviewer", True, "A lovely plan. Has the hall answered you?"),
        ("team", True, "They said yes on the telephone, the written word is to come this week."),
        ("reviewer", False, "Let us wait for the host before we decide; the rest is fine."),
    ),
    "Perth": (("reviewer", False, "The co-op has a new lift, as far as I know. They should say so themselves."),),
    "Rosario": (("lead", False, "I know the theatre: step-free, and they are glad to have us."),),
}


def check(application: Application, town: str, *, now: datetime) -> None:
    """The machine has looked at all six, a few minutes after `now`; what waits to be done is done by this."""
    CriterionCheck.objects.filter(application=application, state=CriterionCheck.State.WAITING).delete()
    at = now + timedelta(minutes=3)
    CriterionCheck.objects.bulk_create(
        CriterionCheck(
            application=application,
            criterion=key,
            revision=application.revision,
            state=CriterionCheck.State.DONE,
            asked_at=now,
            checked_at=at,
            outcome=_REMARKS.get(town, {}).get(key, (Outcome.PASS, ""))[0],
            explanation=_REMARKS.get(town, {}).get(key, ("", ""))[1] or _PASSES[key][0],
            evidence={} if key in _REMARKS.get(town, {}) else dict(_PASSES[key][1]),
        )
        for key in KEYS
    )


def review(application: Application, town: str, actors: Mapping[str, User | None], *, now: datetime) -> None:
    """What the reviewer holds of it and what is said, from an hour after `now` on."""
    reviewer = actors["reviewer"]
    for number, (criterion, (verdict, reason)) in enumerate(_JUDGED.get(town, {}).items()):
        if reviewer is not None:
            verdicts.give_verdict(
                application=application,
                criterion=criterion,
                verdict=verdict,
                reason=reason,
                actor=reviewer,
                now=now + timedelta(minutes=60 + 7 * number),
            )
    for number, (role, is_public, text) in enumerate(_LINES.get(town, ())):
        author = application.applicant.user if role == "team" else actors[role]
        if author is not None:
            conversation.comment(
                application=application, author=author, text=text, is_public=is_public,
                now=now + timedelta(hours=2 + 9 * number),
            )  # fmt: skip
