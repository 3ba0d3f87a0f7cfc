"""Ways to take part, by what somebody likes to do; each leads somewhere that is set up."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Way:
    """`link` is a key of the community's links, or the name of a page of ours (with a colon)."""

    title: Words
    text: Words
    first: Words
    link: str
    time: Words

    def url(self, links: Mapping[str, str]) -> str:
        return reverse(self.link) if ":" in self.link else links.get(self.link, "")


HALF_HOUR = _("Half an hour")
EVENING = _("An evening")
WHENEVER = _("As it comes")

#: (heading, what joins them, ways)
GROUPS: tuple[tuple[Words, Words, tuple[Way, ...]], ...] = (
    (
        _("You use it"),
        _("You know what works and what does not. That is worth more than you think."),
        (
            Way(
                _("Test"),
                _("Take a change somebody proposes, try it out, and write what you saw."),
                _("Find a change"),
                "code",
                HALF_HOUR,
            ),
            Way(
                _("Report"),
                _("Something is odd? Say what you did, what you expected and what came."),
                _("Open an issue"),
                "code",
                HALF_HOUR,
            ),
            Way(
                _("Answer"),
                _("Somebody on the forum is stuck where you were last year."),
                _("Open questions"),
                "forum",
                HALF_HOUR,
            ),
        ),
    ),
    (
        _("You make things"),
        _("Every one of these is reviewed by a person who was new once."),
        (
            Way(
                _("Code"),
                _("Begin with something marked as small. A reviewer stays with you to the end."),
                _("Look at the code"),
                "code",
                EVENING,
            ),
            Way(
                _("Write"),
                _("The best docs are written by those who just found out."),
                _("How the handbook works"),
                "handbook",
                EVENING,
            ),
            Way(
                _("Translate"),
                _("Bring it into your language, one screen at a time."),
                _("Ask in the chat"),
                "chat",
                HALF_HOUR,
            ),
            Way(
                _("Design"),
                _("Make a page calmer, a form shorter, a colour readable."),
                _("Ask in the chat"),
                "chat",
                EVENING,
            ),
        ),
    ),
    (
        _("You like people"),
        _("A community is mostly chairs, tea and somebody who says hello."),
        (
            Way(
                _("Come to a meetup"),
                _("An evening a month, for every state of knowledge."),
                _("Find a group"),
                "meetups:group_list",
                EVENING,
            ),
            Way(
                _("Give a talk"),
                _("Ten minutes on something that went wrong are the talks people remember."),
                _("See what is on"),
                "meetups:event_list",
                EVENING,
            ),
            Way(
                _("Found a group"),
                _("Two people, a room that is not a bar, and a date."),
                _("Start an application"),
                "meetups:application_start",
                WHENEVER,
            ),
        ),
    ),
    (
        _("You are a company"),
        _("Give people time for it, and it shows: in the ranking, and in what you learn."),
        (
            Way(
                _("Let people work on it"),
                _("A day a month each is a lot. The ranking counts what came of it."),
                _("How credit works"),
                "dashboard:rules",
                WHENEVER,
            ),
            Way(
                _("Become a partner"),
                _("The directory lists who helps others to use it."),
                _("The partner programme"),
                "partner_programme",
                WHENEVER,
            ),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class ShownWay:
    """A way with the address it leads to here."""

    way: Way
    url: str


def shown(links: Mapping[str, str]) -> list[tuple[Words, Words, list[ShownWay]]]:
    """The groups with the ways that lead somewhere in this community; groups without any are left out."""
    groups = []
    for title, text, ways in GROUPS:
        open_ways = [ShownWay(way, way.url(links)) for way in ways]
        open_ways = [one for one in open_ways if one.url]
        if open_ways:
            groups.append((title, text, open_ways))
    return groups
