"""Whether an application may be approved now, and by whom. Nothing here writes; the caller holds the lock."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from meetups.checking.companies import normal_company
from meetups.criteria import CRITERIA, KEYS, NOTICE
from meetups.models import Application, CriterionVerdict
from meetups.services import checks, readiness, verdicts
from portal.members.models import Affiliation, Member, User

Verdict = CriterionVerdict.Verdict
ENOUGH = {Verdict.MET, Verdict.WAIVED}


def obstacles(application: Application, *, actor: User | None, now: datetime) -> list[str]:
    """Sentences that say what stands in the way of an approval; none means that it may be approved."""
    counting = verdicts.counting_verdicts(application)
    return [
        *_structure(application),
        *_verdicts(application, counting),
        *_checks(application, now),
        *_launch(application, counting, now),
        *_company(application, actor, now),
    ]


def _structure(application: Application) -> Iterable[str]:
    if application.organisers.accepted().count() < readiness.ENOUGH_ORGANISERS:
        yield _("Fewer than two organisers have accepted.")
    if not application.group_name or not (application.is_online or application.place_id):
        yield _("The application has no name or no place.")


def titles(application: Application, keys: Iterable[str]) -> str:
    """The criteria by their titles, in the order of the handbook."""
    wanted = set(keys)
    return ", ".join(str(CRITERIA[key][1 if application.is_online else 0]) for key in KEYS if key in wanted)


def _verdicts(application: Application, counting: dict[str, CriterionVerdict]) -> Iterable[str]:
    if without := [key for key in KEYS if key not in counting]:
        yield _("No verdict on the present answers: %(criteria)s.") % {"criteria": titles(application, without)}
    if not_met := [key for key, row in counting.items() if row.verdict not in ENOUGH]:
        yield _("Judged as not met: %(criteria)s.") % {"criteria": titles(application, not_met)}


def _checks(application: Application, now: datetime) -> Iterable[str]:
    """The newest look at each criterion is of these answers and of this week; what it found is for people to judge."""
    latest = checks.latest_checks(application)
    if stale := [key for key in KEYS if not checks.is_fresh(latest.get(key), now=now)]:
        yield _("Not checked by the machine within the last seven days: %(criteria)s. Check again first.") % {
            "criteria": titles(application, stale)
        }


def _launch(application: Application, counting: dict[str, CriterionVerdict], now: datetime) -> Iterable[str]:
    today, day = application.today(now), application.launch_on
    if day is None:
        return
    if day < today:
        yield _("The launch date is past. Ask the organisers for a new one, then approve.")
        return
    verdict = counting.get("launch")
    is_waived = verdict is not None and verdict.verdict == Verdict.WAIVED
    if day < today + NOTICE and not is_waived:
        yield _(
            "The launch on %(day)s is less than four weeks ahead. Ask the organisers to move it, or waive the "
            "criterion with a reason."
        ) % {"day": date_format(day)}


def _company(application: Application, actor: User | None, now: datetime) -> Iterable[str]:
    """Who decides works for none of the organisers' companies. Nothing known of either side: nothing in the way."""
    lead = Member.objects.filter(user=actor).first() if actor else None
    if lead is None:
        return
    seats = list(application.organisers.accepted())
    today = now.date()
    people = [seat.member_id for seat in seats if seat.member_id is not None]
    affiliations = (
        Affiliation.objects.shown()
        .filter(member__in=[*people, lead.pk], days__contains=today)
        .select_related("organisation")
    )
    ours = {normal_company(row.organisation.name): row.organisation.name for row in affiliations if row.member == lead}
    theirs = {normal_company(row.organisation.name) for row in affiliations if row.member != lead}
    theirs |= {normal_company(seat.organisation) for seat in seats}
    if shared := sorted(name for bare, name in ours.items() if bare and bare in theirs):
        yield _("You and an organiser are both from %(company)s, so another lead has to decide.") % {
            "company": shared[0]
        }
