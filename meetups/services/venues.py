"""The host of a room says by a mailed link whether the group may meet there."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from meetups.hosts import word_for
from meetups.models import Application, Criterion, VenueConfirmation
from meetups.permissions import is_applicant
from meetups.rooms import drinking_word
from meetups.services import checks, letters, venue_letters
from meetups.services.drafts import new_token
from meetups.services.invitations import bare_address
from portal.jobs.transitions import MoveRefused
from portal.mail.models import Message
from portal.members.models import Member, User

#: Mails to hosts that all applications of one applicant may send in a day.
MOST_ASKED_A_DAY = 5
#: A host who was asked has this long before the same question comes again.
ASK_AGAIN_AFTER = timedelta(days=2)
MOST_ASKED_OF_ONE = 3


@transaction.atomic
def ask_host(*, application: Application, by: User, now: datetime) -> VenueConfirmation:
    """Mail the host of the room as it is named now; the same question to the same host is the same row, mailed again.

    Raises MoveRefused with a sentence: for strangers, without room or address, after an answer, and beyond the limits.
    """
    Member.objects.select_for_update(no_key=True).get(pk=application.applicant_id)
    locked = Application.objects.select_for_update(of=("self",)).select_related("applicant").get(pk=application.pk)
    if not is_applicant(by, locked):
        raise MoveRefused(_("Only the organisers ask for their room."), reason="actor")
    _check_room(locked)
    asked = list(locked.venue_confirmations.all())
    _check_answer(word_for(locked, asked))
    again = next(
        (row for row in asked if row.email == locked.venue_contact_email.lower() and row.is_about(locked)), None
    )
    _check_mails(locked, again, now)
    if again is None:
        again = VenueConfirmation.objects.create(
            application=locked,
            token=new_token(),
            email=locked.venue_contact_email.lower(),
            contact_name=locked.venue_contact_name,
            venue_name=locked.venue_name,
            venue_address=locked.venue_address,
            asked_at=now,
        )
    else:
        again.asked_at, again.contact_name = now, locked.venue_contact_name
        again.save(update_fields=["asked_at", "contact_name"])
    venue_letters.host_asked(again)
    return again


def _check_room(application: Application) -> None:
    if not (application.is_editable or application.is_open):
        raise MoveRefused(_("This application is decided."), reason="state")
    if application.is_online:
        raise MoveRefused(_("An online group has no room to ask for."))
    if not application.venue_name or not application.venue_address:
        raise MoveRefused(_("Name the room and its address first, so that the host knows what is asked for."))
    if drinking_word(application.venue_name):
        raise MoveRefused(_("Bars and pubs cannot be used. Choose another room first."))
    if not application.venue_contact_email:
        raise MoveRefused(_("Give the e-mail address of somebody who may say yes for the house."))
    mailbox = bare_address(application.venue_contact_email)
    if any(bare_address(seat.email) == mailbox for seat in application.organisers.filter(declined_at=None)):
        raise MoveRefused(
            _("This is the address of an organiser. The word has to come from somebody else of the house.")
        )


def _check_answer(word: VenueConfirmation | None) -> None:
    if word is not None and word.confirmed_at is not None:
        raise MoveRefused(_("%(host)s has confirmed this room already.") % {"host": word.host}, reason="state")
    if word is not None and word.declined_at is not None:
        raise MoveRefused(_("%(host)s said no to this room. Choose another one.") % {"host": word.host}, reason="state")


def _check_mails(application: Application, again: VenueConfirmation | None, now: datetime) -> None:
    """Counts what was sent, whatever became of the application it was sent for."""
    theirs = Application.objects.filter(applicant=application.applicant_id).only("public_id")
    sent = Message.objects.filter(kind="venue_asked", about__in=[letters.about(one) for one in theirs])
    if sent.filter(created_at__gte=now - timedelta(days=1)).count() >= MOST_ASKED_A_DAY:
        raise MoveRefused(_("That were many questions to hosts for one day. Go on tomorrow."))
    if again is None:
        return
    if now < again.asked_at + ASK_AGAIN_AFTER:
        raise MoveRefused(_("We wrote to %(host)s not long ago. Give them two days.") % {"host": again.host})
    if sent.filter(recipient_key=venue_letters.room_key(again)).count() >= MOST_ASKED_OF_ONE:
        raise MoveRefused(
            _("We wrote to %(host)s three times. Speak to them yourself, or choose another room.")
            % {"host": again.host}
        )


def confirm(*, confirmation: VenueConfirmation, note: str, now: datetime) -> VenueConfirmation:
    """The host says yes, for the room as it was named when they were asked."""
    return _answer(confirmation, note=note, now=now, says_yes=True)


def decline(
    *, confirmation: VenueConfirmation, note: str, now: datetime, knows_nobody: bool = False
) -> VenueConfirmation:
    """The host says no; a yes can become a no later. `knows_nobody`: they report who asked in their name."""
    return _answer(confirmation, note=note, now=now, says_yes=False, knows_nobody=knows_nobody)


@transaction.atomic
def _answer(
    confirmation: VenueConfirmation, *, note: str, now: datetime, says_yes: bool, knows_nobody: bool = False
) -> VenueConfirmation:
    application = Application.objects.select_for_update(of=("self",)).get(pk=confirmation.application_id)
    locked = VenueConfirmation.objects.select_for_update().get(pk=confirmation.pk)
    locked.application = application
    if not (application.is_editable or application.is_open):
        raise MoveRefused(_("This application is closed; nobody waits for the answer any more."), reason="state")
    if not locked.is_about(application):
        raise MoveRefused(_("The group has named another room since; there is nothing to answer."), reason="state")
    if locked.is_answered and says_yes == (locked.confirmed_at is not None):
        return locked
    words = [_("I do not know these people.")] if knows_nobody else []
    locked.note = " ".join([*words, note.strip()]).strip()[:1000]
    locked.confirmed_at, locked.declined_at = (now, None) if says_yes else (None, now)
    locked.save(update_fields=["note", "confirmed_at", "declined_at"])
    # While the team has it; what organisers are changing is looked at when they send it in.
    if application.is_open and not application.is_editable:
        checks.request_check(application=application, criterion=Criterion.ROOM, now=now)
    venue_letters.host_answered(locked)
    if knows_nobody:
        venue_letters.host_knows_nobody(locked)
    return locked
