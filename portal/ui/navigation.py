"""The links of header and footer by URL name; a name that no installed app answers is left out."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise

SECTIONS: tuple[tuple[Words, str], ...] = (
    (_("Meetups"), "meetups:group_list"),
    (_("Events"), "meetups:event_list"),
    (_("Dashboard"), "dashboard:overview"),
    (_("Partners"), "partners:partner_list"),
    (_("Start here"), "pages:start"),
)
FOOTER: tuple[tuple[Words, tuple[tuple[Words, str], ...]], ...] = (
    (
        _("Meet"),
        (
            (_("Find a meetup"), "meetups:group_list"),
            (_("All events"), "meetups:event_list"),
            (_("Found a group"), "meetups:application_start"),
            (_("Groups on their way"), "meetups:application_list"),
        ),
    ),
    (
        _("Contribute"),
        (
            (_("Start here"), "pages:start"),
            (_("Dashboard"), "dashboard:overview"),
            (_("Monthly updates"), "updates:update_list"),
            (_("How credit works"), "dashboard:rules"),
        ),
    ),
    (
        _("Organisations"),
        (
            (_("Partner directory"), "partners:partner_list"),
            (_("Ranking rules"), "partners:rules"),
            (_("Why companies contribute"), "partners:why"),
            (_("What groups need"), "partners:need_list"),
        ),
    ),
)

ACCOUNT: tuple[tuple[Words, str], ...] = (
    (_("Your page"), "pages:me"),
    (_("E-mail addresses"), "account_email"),
    (_("Password"), "account_change_password"),
    (_("Sign-in services"), "socialaccount_connections"),
    (_("Second factor"), "mfa_index"),
    (_("Sessions"), "usersessions_list"),
)


@dataclass(frozen=True, slots=True)
class NavLink:
    label: Words
    url: str
    is_current: bool = False


def links(entries: Iterable[tuple[Words, str]], path: str = "") -> list[NavLink]:
    """The entries that lead somewhere; the longest address that the path starts with is the current one."""
    found = []
    for label, name in entries:
        try:
            found.append((label, reverse(name)))
        except NoReverseMatch:
            continue
    current = max((url for _label, url in found if url != "/" and path.startswith(url)), key=len, default=None)
    return [NavLink(label, url, url == current) for label, url in found]
