"""The parts of the reader's own page, each with what its template needs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.urls import reverse

from dashboard.services.grants import shown_to
from meetups.models import Group, Interest, OrganiserRequest
from portal.members.models import Affiliation, Identity, Member
from portal.pages.me_forms import DaysForm, EndForm
from portal.places.models import Place

#: Services as people call them; anything else is shown as it is.
SERVICE_NAMES = {
    "github": "GitHub",
    "slack": "Slack",
    "discourse": "Discourse",
    "reddit": "Reddit",
    "stackexchange": "Stack Exchange",
    "openid_connect": "OpenID Connect",
}


@dataclass(frozen=True, slots=True)
class Job:
    """One affiliation as the person sees it; `last_on` counts as a day there."""

    pk: int
    organisation: str
    from_on: date | None
    last_on: date | None
    is_pending: bool
    is_current: bool
    source: str
    end_form: EndForm | None
    days_form: DaysForm | None


@dataclass(frozen=True, slots=True)
class Account:
    """An account at a source that is known to be this person's."""

    pk: int
    service: str
    site: str
    name: str
    url: str
    is_verified: bool


def jobs(
    member: Member,
    *,
    today: date,
    end_form: tuple[int, EndForm] | None = None,
    days_form: tuple[int, DaysForm] | None = None,
) -> list[Job]:
    """The person's affiliations, open claims first, then newest first. The forms are those with errors."""
    rows = member.affiliations.shown().select_related("organisation").order_by("-days__startswith", "-pk")
    made = [_job(row, today, end_form, days_form) for row in rows]
    return sorted(made, key=lambda job: not job.is_pending)


def _job(row: Affiliation, today: date, returned: tuple[int, EndForm] | None, days: tuple[int, DaysForm] | None) -> Job:
    last_on = row.days.upper - timedelta(days=1) if row.days.upper else None
    is_pending = row.confirmed_at is None
    is_current = not is_pending and (last_on is None or last_on >= today)
    form = (
        returned[1]
        if returned and returned[0] == row.pk
        else EndForm(initial={"last_on": today}, prefix=f"end{row.pk}")
    )
    return Job(
        pk=row.pk,
        organisation=row.organisation.name,
        from_on=row.days.lower,
        last_on=last_on,
        is_pending=is_pending,
        is_current=is_current,
        source=row.get_source_display(),
        end_form=form if is_current else None,
        days_form=None if is_pending else _days_form(row.pk, row.days.lower, last_on, days),
    )


def _days_form(pk: int, first: date | None, last: date | None, returned: tuple[int, DaysForm] | None) -> DaysForm:
    if returned and returned[0] == pk:
        return returned[1]
    return DaysForm(initial={"from_on": first, "last_on": last}, prefix=f"days{pk}")


def accounts(member: Member) -> list[Account]:
    """The person's accounts at the sources; the portal's own identity says nothing new."""
    rows: Iterable[Identity] = member.identities.exclude(service="portal").order_by("service", "site", "pk")
    return [
        Account(
            pk=row.pk,
            service=SERVICE_NAMES.get(row.service, row.service),
            site=row.site,
            name=row.username or row.name or row.uid,
            url=row.url,
            is_verified=row.verified_at is not None,
        )
        for row in rows
    ]


def groups(member: Member) -> list[dict[str, Any]]:
    """Groups the person runs or joined, those they run first."""
    run = {
        seat.group
        for seat in member.organiser_of.filter(ended_at=None, accepted_at__isnull=False).select_related("group")
    }
    memberships = {row.group: row for row in member.group_memberships.select_related("group")}
    joined = set(memberships)
    return [
        {
            "name": group.name,
            # A suspended group has no page.
            "url": "" if group.state == Group.State.SUSPENDED else group.get_absolute_url(),
            "is_organiser": group in run,
            "group": group,
            "membership": memberships.get(group),
        }
        for group in sorted(run | joined, key=lambda group: (group not in run, group.slug))
    ]


def questions(member: Member) -> list[dict[str, Any]]:
    """Groups the person asked to run, while the answer is awaited."""
    rows = member.organiser_requests.filter(state=OrganiserRequest.State.WAITING).select_related("group")
    return [
        {"name": row.group.name, "url": reverse("meetups:organiser_request", args=[row.pk]), "at": row.asked_at}
        for row in rows
    ]


def applications(member: Member) -> list[dict[str, Any]]:
    """Applications the person sent or drafts, newest first."""
    return [
        {
            "name": str(row),
            "url": row.get_absolute_url(),
            "state": row.words.applicant,
            "badge": row.words.badge,
            "at": row.submitted_at or row.created_at,
        }
        for row in member.applications.order_by("-pk")[:20]
    ]


def interests(member: Member) -> list[dict[str, Any]]:
    """What the person said they would do, town by town."""
    rows = Interest.objects.filter(member=member, withdrawn_at=None).select_related("place")
    said: dict[Place, list[str]] = {}
    for row in rows.order_by("place__name", "place", "pk"):
        said.setdefault(row.place, []).append(str(row.get_kind_display()))
    return [
        {
            "place": str(place),
            "slug": place.slug,
            "url": reverse("meetups:place_detail", args=[place.slug]),
            "kinds": kinds,
        }
        for place, kinds in said.items()
    ]


def parts(
    member: Member,
    *,
    today: date,
    end_form: tuple[int, EndForm] | None = None,
    days_form: tuple[int, DaysForm] | None = None,
) -> dict[str, Any]:
    """Everything below the profile form."""
    all_jobs = jobs(member, today=today, end_form=end_form, days_form=days_form)
    return {
        "claims": [job for job in all_jobs if job.is_pending],
        "jobs": [job for job in all_jobs if not job.is_pending],
        "accounts": accounts(member),
        "groups": groups(member),
        "questions": questions(member),
        "applications": applications(member),
        "interests": interests(member),
        "grants": shown_to(member)[:20],
        "connect_url": reverse("socialaccount_connections"),
    }
