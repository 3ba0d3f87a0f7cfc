"""Which word of a host counts for the room an application names now."""

from collections.abc import Iterable

from meetups.models import Application, VenueConfirmation


def word_for(application: Application, asked: Iterable[VenueConfirmation]) -> VenueConfirmation | None:
    """The newest answer about the very room named now; where nobody answered, the newest question; or None."""
    about = [row for row in asked if row.is_about(application)]
    answered = [row for row in about if row.answered_at is not None]
    if answered:
        return max(answered, key=lambda row: (row.answered_at, row.pk))
    return max(about, key=lambda row: row.pk, default=None)
