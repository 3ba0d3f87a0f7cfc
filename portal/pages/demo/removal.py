"""Taking the demo away: set by set in the order of the foreign keys, in one transaction; what is real stays."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from dashboard.models import (
    Alert,
    Contribution,
    Grant,
    MemberWindow,
    MonthlyUpdate,
    OpenQuestion,
    Report,
    Source,
    StartingPoint,
)
from dashboard.services import summaries
from meetups.models import (
    Application,
    ApplicationComment,
    ApplicationEvent,
    ApplicationOrganiser,
    ApplicationRevision,
    CommunitySuggestion,
    CriterionCheck,
    CriterionVerdict,
    Event,
    Group,
    Interest,
    Organiser,
    OrganiserRequest,
    VenueConfirmation,
)
from partners.models import Partner, PartnerApplication, RankingRun, Standing
from portal.mail.models import Message
from portal.members.models import Affiliation, Identity, Member, Merge, Organisation, Role, User
from portal.pages.demo import signins
from portal.pages.demo.places_of_work import DOMAIN
from portal.pages.services import remember_demo


@dataclass(frozen=True, slots=True)
class Removed:
    """What went, and how many members stayed because something real belongs to them."""

    people: int
    groups: int
    contributions: int
    kept: int


def remove(*, now: datetime) -> Removed:
    """Delete every row of the demo and what hangs on it; rebuild the summaries. Safe to run twice."""
    with transaction.atomic():
        kept = _keep_the_real()
        contributions = _remove_activity()
        groups = _remove_meetups()
        people = _remove_people()
        summaries.mark_stale(now)
    signins.forget()
    summaries.rebuild(today=now.astimezone(UTC).date())
    remember_demo(False)
    return Removed(people, groups, contributions, kept)


def _delete(rows: QuerySet[Model]) -> int:
    """One DELETE, without loading what it deletes: only for sets that nothing else hangs on any more."""
    return rows._raw_delete(rows.db)


def _keep_the_real() -> int:
    """A demo member stays, as a real one, when a real account or identity, or a real member's merge, belongs to it."""
    real = Identity.objects.filter(member=OuterRef("pk")).exclude(_is_demo_site())
    merged = Member.objects.filter(merged_into=OuterRef("pk"), is_demo=False)
    lives = Exists(real) | Exists(merged) | Q(user__isnull=False, user__is_demo=False)
    found = list(Member.objects.filter(lives, is_demo=True).values_list("pk", flat=True))
    return Member.objects.filter(pk__in=found).update(is_demo=False)


def _is_demo_site() -> Q:
    return Q(site__endswith=f".{DOMAIN}")


def _remove_activity() -> int:
    MonthlyUpdate.objects.filter(report__is_demo=True).delete()
    OpenQuestion.objects.filter(contribution__source__is_demo=True).delete()
    about = Q(contribution__source__is_demo=True) | Q(member__is_demo=True) | Q(source__is_demo=True)
    Alert.objects.filter(about).delete()
    Report.objects.filter(is_demo=True).delete()
    people = ("member", "proposed_by", "decided_by", "withdrawn_by")
    Grant.objects.filter(reduce(or_, (Q(**{f"{role}__is_demo": True}) for role in people))).delete()
    MemberWindow.objects.filter(first__source__is_demo=True).update(first=None)
    _delete(StartingPoint.objects.filter(contribution__source__is_demo=True))
    removed = _delete(Contribution.objects.filter(source__is_demo=True))
    Source.objects.filter(is_demo=True).delete()
    return removed


def _remove_meetups() -> int:
    applications = Application.objects.filter(
        Q(is_demo=True) | Q(applicant__is_demo=True) | Q(group__is_demo=True)
    ).values("pk")
    doomed = list(applications.values_list("pk", "public_id"))
    keys = [key for key, _public_id in doomed]
    Message.objects.filter(
        Q(about__in=[f"application:{public_id}" for _key, public_id in doomed])
        | Q(address__endswith=f"@{DOMAIN}")
        | Q(address__endswith=f".{DOMAIN}")
    ).delete()
    Application.objects.filter(previous__in=keys).update(previous=None)
    Application.objects.filter(redirected_to__is_demo=True).update(redirected_to=None)
    Application.objects.filter(redirected_to_application__in=keys).update(redirected_to_application=None)
    # Only rows of demo applications may be deleted from what is otherwise only ever added to.
    Application.objects.filter(pk__in=keys, is_demo=False).update(is_demo=True)
    for rows in (ApplicationEvent, ApplicationRevision, ApplicationComment, CriterionVerdict, CriterionCheck):
        _delete(rows.objects.filter(application__in=keys))
    VenueConfirmation.objects.filter(application__in=keys).delete()
    ApplicationOrganiser.objects.filter(Q(application__in=keys) | Q(member__is_demo=True)).delete()
    Application.objects.filter(pk__in=keys).delete()
    _remove_suggestions()
    Interest.objects.filter(Q(is_demo=True) | Q(member__is_demo=True)).delete()
    Event.objects.filter(Q(is_demo=True) | Q(group__is_demo=True)).delete()
    OrganiserRequest.objects.filter(Q(group__is_demo=True) | Q(member__is_demo=True)).delete()
    Organiser.objects.filter(Q(group__is_demo=True) | Q(member__is_demo=True)).delete()
    groups = Group.objects.filter(is_demo=True)
    count = groups.count()
    groups.delete()
    return count


def _remove_suggestions() -> None:
    suggested = CommunitySuggestion.objects.filter(Q(is_demo=True) | Q(suggested_by__is_demo=True))
    Message.objects.filter(about__in=[f"suggestion:{key}" for key in suggested.values_list("pk", flat=True)]).delete()
    suggested.delete()


def _remove_programme() -> None:
    """Months that rank partners of the demo go with them; only those may be deleted."""
    _delete(Standing.objects.filter(run__in=RankingRun.objects.filter(is_demo=True).values("pk")))
    _delete(RankingRun.objects.filter(is_demo=True))
    applications = PartnerApplication.objects.filter(organisation__is_demo=True)
    applications.update(is_demo=True)
    applications.delete()
    Partner.objects.filter(organisation__is_demo=True).delete()


def _remove_people() -> int:
    gone = Member.objects.filter(is_demo=True)
    Identity.objects.filter(_is_demo_site()).delete()
    Affiliation.objects.filter(Q(member__is_demo=True) | Q(organisation__is_demo=True)).delete()
    Role.objects.filter(member__is_demo=True).delete()
    Merge.objects.filter(Q(kept__is_demo=True) | Q(gone__is_demo=True)).delete()
    _remove_programme()
    Organisation.objects.filter(is_demo=True).delete()
    gone.update(merged_into=None)
    count = gone.count()
    gone.delete()
    User.objects.filter(is_demo=True).delete()
    return count
