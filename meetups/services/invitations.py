"""Organisers of an application: invited by name and address, and theirs is the answer."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from meetups.mailboxes import bare_address
from meetups.models import Application, ApplicationOrganiser
from meetups.services import letters
from meetups.services.applications import organiser_left
from meetups.services.drafts import current_organisation, new_token
from portal.jobs.transitions import MoveRefused
from portal.mail.models import Message
from portal.members.models import Member, User

MOST_SEATS = 8
#: Mails all applications of one applicant may send in a day, so that nobody writes to strangers through us.
MOST_INVITATIONS_A_DAY = 10


@transaction.atomic
def invite(*, application: Application, name: str, email: str, now: datetime) -> ApplicationOrganiser:
    """Ask somebody to organise; a mail with a page to answer on goes out."""
    Member.objects.select_for_update(no_key=True).get(pk=application.applicant_id)
    locked = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    if not (locked.is_editable or locked.is_open):
        raise MoveRefused(_("This application is decided."), reason="state")
    seats = list(locked.organisers.all())
    living = [seat for seat in seats if seat.declined_at is None]
    if len(living) >= MOST_SEATS:
        raise MoveRefused(_("Eight organisers are enough for an application; more can join the group later."))
    if any(bare_address(seat.email) == bare_address(email) for seat in living):
        raise MoveRefused(_("This address belongs to an organiser of this application already."))
    _check_mails(locked, now)
    gone = next((seat for seat in seats if bare_address(seat.email) == bare_address(email)), None)
    seat = ApplicationOrganiser(application=locked) if gone is None else gone
    seat.name, seat.email, seat.token, seat.invited_at = name.strip(), email.strip().lower(), new_token(), now
    seat.organisation, seat.shows_name, seat.declined_at = "", False, None
    seat.save()
    letters.invitation(seat)
    return seat


def _check_mails(application: Application, now: datetime) -> None:
    """Counts what was sent, not the seats: an invitation that was taken back, or whose draft was withdrawn, too."""
    theirs = Application.objects.filter(applicant=application.applicant_id)
    sent = Message.objects.filter(
        kind="organiser_invited",
        about__in=[letters.about(one) for one in theirs.only("public_id")],
        created_at__gte=now - timedelta(days=1),
    )
    if sent.count() >= MOST_INVITATIONS_A_DAY:
        raise MoveRefused(_("That were many invitations for one day. Go on tomorrow."))


@transaction.atomic
def accept(
    *,
    seat: ApplicationOrganiser,
    member: Member,
    now: datetime,
    has_agreed: bool = True,
    shows_name: bool = False,
) -> ApplicationOrganiser:
    """The invited person says yes, with the account they are signed in with, and to the promises; that is kept.

    `shows_name`: the public list of open applications may name them.
    """
    if not has_agreed:
        raise MoveRefused(
            _("To be an organiser you need to accept the promises and the Code of Conduct: tick the box.")
        )
    application = Application.objects.select_for_update(of=("self",)).get(pk=seat.application_id)
    locked = ApplicationOrganiser.objects.select_for_update().get(pk=seat.pk)
    if locked.is_accepted:
        raise MoveRefused(_("This invitation was accepted already."), reason="state")
    if locked.declined_at is not None:
        raise MoveRefused(_("You said no. If that changes, ask to be invited again."), reason="state")
    if not (application.is_editable or application.is_open):
        raise MoveRefused(_("This application is decided."), reason="state")
    others = application.organisers.filter(declined_at=None).exclude(pk=locked.pk).select_related("member__user")
    mailbox = bare_address(member.user.email) if member.user else ""
    if any(other.member_id == member.pk or bare_address(other.email) == mailbox for other in others):
        raise MoveRefused(
            _("You are an organiser of this application already. The second one has to be somebody else.")
        )
    locked.member, locked.accepted_at, locked.agreed_at, locked.shows_name = member, now, now, shows_name
    locked.organisation = current_organisation(member, application.today(now))
    try:
        with transaction.atomic():
            locked.save()
    except IntegrityError as error:
        raise MoveRefused(_("You are an organiser of this application already.")) from error
    letters.invitation_answered(locked, accepted=True)
    return locked


@transaction.atomic
def decline(*, seat: ApplicationOrganiser, now: datetime, by: User | None = None) -> ApplicationOrganiser:
    """The invited person says no, or somebody who had accepted leaves; the applicant withdraws instead.

    Who has the mailed link may say no; a seat that was accepted is left by its member alone, signed in (`by`).
    """
    application = Application.objects.select_for_update(of=("self",)).get(pk=seat.application_id)
    locked = (
        ApplicationOrganiser.objects.select_for_update(of=("self",))
        .select_related("application__applicant__user", "member")
        .get(pk=seat.pk)
    )
    if locked.declined_at is not None:
        return locked
    if not (application.is_editable or application.is_open):
        raise MoveRefused(_("This application is decided."), reason="state")
    member = locked.member if locked.accepted_at is not None else None
    if member is not None and (by is None or member.user_id != by.pk):
        raise MoveRefused(_("This invitation was accepted. Only who accepted it can step back, signed in."))
    if member is not None and member.pk == locked.application.applicant_id:
        raise MoveRefused(_("You began this application; withdraw it if you no longer want it."))
    # Who accepted and left stays named here, and so never decides about it; a new invitation makes a new seat.
    locked.declined_at, locked.accepted_at, locked.agreed_at = now, None, None
    locked.save(update_fields=["declined_at", "accepted_at", "agreed_at"])
    letters.invitation_answered(locked, accepted=False)
    organiser_left(seat=locked, now=now)
    return locked


@transaction.atomic
def take_back(*, seat: ApplicationOrganiser) -> None:
    """Withdraw an invitation nobody answered; the name and address are deleted with it."""
    Application.objects.select_for_update(of=("self",)).get(pk=seat.application_id)
    locked = ApplicationOrganiser.objects.select_for_update(of=("self",)).filter(pk=seat.pk).first()
    if locked is not None and not locked.is_waiting:
        raise MoveRefused(_("Only an invitation without an answer can be taken back."), reason="state")
    if locked is not None:
        locked.delete()


def show_name(*, application: Application, member: Member, shows: bool) -> bool:
    """Whether the public list names this organiser: theirs alone to say. False for who is none."""
    seats = ApplicationOrganiser.objects.accepted().filter(application=application, member=member)
    return bool(seats.update(shows_name=shows))
