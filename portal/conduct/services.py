"""What may be done with a report: take it in, open it, move it, note something, keep somebody out."""

import re
from collections.abc import Collection
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from portal.conduct.models import NamedPerson, Report, ReportNote, ReportView
from portal.conduct.subjects import Subject, subject_of
from portal.conduct.team import team
from portal.conduct.transitions import REPORT, TEAM
from portal.jobs.transitions import MoveRefused, UnknownMove
from portal.mail import services as mail
from portal.members.models import Member, User


@sensitive_variables()
def receive_report(
    *,
    what_happened: str,
    when_where: str = "",
    subject_label: str = "",
    subject_url: str = "",
    contact: str = "",
    reporter: Member | None = None,
    keep_out: Collection[Member] = (),
    now: datetime,
) -> Report:
    """Keep a report and tell those of the team who may read it. Without a reporter nothing leads to an account.

    Kept out are those the reporter ticked, the person whose profile it is about, and everybody of the team whom the
    line "who is it about" names: one reader too few can be mended, one too many cannot.
    """
    subject = subject_of(subject_url)
    with transaction.atomic():
        report = Report.objects.create(
            subject_type=subject.type,
            subject_key=subject.key,
            subject_url=subject_url,
            subject_label=subject_label,
            what_happened=what_happened,
            when_where=when_where,
            contact=contact,
            reporter=reporter,
            created_at=now,
            changed_at=now,
        )
        people = {member.pk for member in keep_out} | _profile_owner(subject) | _team_named_in(subject_label)
        NamedPerson.objects.bulk_create(NamedPerson(report=report, member_id=pk, named_at=now) for pk in sorted(people))
        _tell_team(report)
    return report


def _profile_owner(subject: Subject) -> set[int]:
    """The member whose profile the subject is, and whom they became by merging."""
    found: set[int] = set()
    if subject.type != "member":
        return found
    member = Member.objects.filter(public_id=subject.key).first()
    while member is not None and member.pk not in found:
        found.add(member.pk)
        member = member.merged_into
    return found


def _team_named_in(text: str) -> set[int]:
    found = set()
    for member in Member.objects.filter(user__in=team()).select_related("user"):
        email = member.user.email if member.user else ""
        names = filter(None, (member.name, member.handle, member.public_id, email))
        if any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE) for name in names):
            found.add(member.pk)
    return found


def readers_of(report: Report) -> list[User]:
    """Those of the team for whom the report exists."""
    out = NamedPerson.objects.filter(report=report, member__user__isnull=False).values("member__user")
    readers = team().exclude(pk__in=out)
    if report.reporter_id:
        readers = readers.exclude(member=report.reporter_id)
    return list(readers.order_by("pk"))


def _tell_team(report: Report) -> None:
    """A mail that says that there is a report and where, and nothing of what stands in it."""
    context = {"url": f"{settings.SITE_URL}{reverse('admin:conduct_report_change', args=[report.pk])}"}
    about = f"report:{report.public_id}"
    readers = readers_of(report)
    for user in readers:
        mail.queue(
            kind="report_received",
            about=about,
            address=user.email,
            recipient_key=f"user:{user.pk}",
            language=user.language,
            time_zone=user.time_zone or "UTC",
            context=context,
        )
    if not readers and settings.COMMUNITY.contact_email:
        # Nobody can read it: whoever looks after the site has to put somebody into the team.
        mail.queue(
            kind="report_without_reader",
            about=about,
            address=settings.COMMUNITY.contact_email,
            recipient_key="team",
            context={"url": f"{settings.SITE_URL}{reverse('admin:conduct_report_changelist')}"},
        )


def open_report(*, report: Report, viewer: User, now: datetime) -> ReportView:
    """Note that somebody has the report on the screen."""
    return ReportView.objects.create(report=report, viewer=viewer, viewer_name=viewer.get_full_name()[:254], at=now)


def _locked(report: Report, actor: User) -> Report:
    """The report as it is now, for somebody for whom it exists."""
    Report.objects.select_for_update().get(pk=report.pk)
    found = Report.objects.visible_to(actor).filter(pk=report.pk).first()
    if found is None:
        raise MoveRefused(_("This report is not yours to handle."), reason="actor")
    return found


def _note(
    report: Report, actor: User, text: str, now: datetime, from_state: str = "", to_state: str = ""
) -> ReportNote:
    return ReportNote.objects.create(
        report=report,
        author=actor,
        author_name=actor.get_full_name()[:254],
        from_state=from_state,
        to_state=to_state,
        text=text,
        at=now,
    )


def move_report(
    *, report: Report, to: str, actor: User, now: datetime, expected: str = "", note: str = ""
) -> ReportNote:
    """Move a report, under a lock. Whoever takes it into triage is its assignee. Raises MoveRefused with a sentence.

    `expected` is the state the actor saw: somebody else may have been faster.
    """
    with transaction.atomic():
        current = _locked(report, actor)
        if expected and expected != current.state:
            raise MoveRefused(_("Somebody else moved this report meanwhile: look again."), reason="state")
        try:
            REPORT.check(source=current.state, target=to, actors={TEAM})
        except UnknownMove as unknown:
            raise MoveRefused(_("There is no such move for this report."), reason="state") from unknown
        source, current.state, current.changed_at = current.state, to, now
        if to == Report.State.TRIAGE:
            current.assignee = actor
        current.save(update_fields=["state", "assignee", "changed_at"])
        return _note(current, actor, note, now, source, to)


def add_note(*, report: Report, actor: User, text: str, now: datetime) -> ReportNote:
    """Append a note. Raises MoveRefused for whom the report does not exist."""
    with transaction.atomic():
        return _note(_locked(report, actor), actor, text, now)


def keep_out(*, report: Report, member: Member, actor: User, now: datetime) -> bool:
    """From now on the report does not exist for this person; False when that was so before."""
    with transaction.atomic():
        current = _locked(report, actor)
        _named, is_new = NamedPerson.objects.get_or_create(report=current, member=member, defaults={"named_at": now})
        if is_new:
            if current.assignee_id and current.assignee_id == member.user_id:
                Report.objects.filter(pk=current.pk).update(assignee=None)
            _note(current, actor, _("Kept out: %(who)s.") % {"who": member.display_name}, now)
        return is_new
