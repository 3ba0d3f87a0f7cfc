"""What is said about an application: between its organisers and the team, and inside the team. Rows are only added."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from meetups.models import Application, ApplicationComment
from meetups.permissions import is_applicant, is_named_in, is_reviewer
from meetups.services import review_letters
from portal.jobs.transitions import MoveRefused
from portal.members.models import User

LONGEST = 5000
#: Lines that go out as mail which one person may write in an hour, to one application.
MOST_AN_HOUR = 10


@transaction.atomic
def comment(*, application: Application, author: User, text: str, is_public: bool, now: datetime) -> ApplicationComment:
    """Add a line. Reviewers write to the organisers (public) or for the team alone; organisers write to the team.

    Public lines are mailed to the other side, so they are for applications under review and limited by the hour.
    Somebody of the team who is named in the application is one of its organisers here, and nothing else.
    """
    locked = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    is_team = is_reviewer(author) and not is_named_in(author, locked)
    _check_author(locked, author, is_team=is_team, is_public=is_public)
    text = text.strip()
    if not text:
        raise MoveRefused(_("Write something first."))
    if len(text) > LONGEST:
        raise MoveRefused(_("This is too long: %(most)s letters at most.") % {"most": LONGEST})
    if is_public:
        _check_rate(locked, author, now)
    row = ApplicationComment.objects.create(
        application=locked, author=author, text=text, is_public=is_public, is_from_team=is_team, at=now
    )
    if is_public:
        review_letters.comment_written(row)
    return row


def _check_author(application: Application, author: User, *, is_team: bool, is_public: bool) -> None:
    if not is_team and not is_applicant(author, application):
        raise MoveRefused(_("You have no part in this application."), reason="actor")
    if not is_team and not is_public:
        raise MoveRefused(_("Notes for the team are written by the team."), reason="actor")
    if not application.was_sent:
        raise MoveRefused(_("This application was not sent in yet."), reason="state")
    if is_public and not application.is_open:
        raise MoveRefused(_("This application is decided; nobody waits for an answer any more."), reason="state")


def _check_rate(application: Application, author: User, now: datetime) -> None:
    written = ApplicationComment.objects.filter(
        application=application, author=author, is_public=True, at__gt=now - timedelta(hours=1)
    )
    if written.count() >= MOST_AN_HOUR:
        raise MoveRefused(_("That was a lot for one hour. Each line is a mail to somebody: go on a little later."))
