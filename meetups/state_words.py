"""What a state of an application is called: by the team (the model's own labels), by its organisers, by everybody."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class StateWords:
    """`badge` is the shape of the badge; `public` is empty for states that the public list never shows."""

    applicant: Promise
    badge: str
    public: Promise | str = ""


WORDS: dict[str, StateWords] = {
    "draft": StateWords(_("Draft"), "new"),
    "submitted": StateWords(_("Sent in"), "wait", _("Waits to be read")),
    "in_review": StateWords(_("Being read"), "wait", _("Being read")),
    "changes_requested": StateWords(_("Your turn: changes asked for"), "wait", _("With its organisers")),
    "on_hold": StateWords(_("Put aside for a while"), "wait", _("Put aside for a while")),
    "approved": StateWords(_("Approved"), "good", _("Approved")),
    "declined": StateWords(_("Declined"), "off"),
    "redirected": StateWords(_("Sent on"), "off"),
    "withdrawn": StateWords(_("Withdrawn"), "off"),
    "lapsed": StateWords(_("Lapsed"), "off"),
}
