"""Criterion 1: a thread on the forum in which two people who are not its organisers say that they would come."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from meetups.checking.findings import Finding, Notes
from meetups.checking.threads import Poster
from portal.places.names import fold

ENOUGH_PEOPLE = 2


@dataclass(frozen=True, slots=True)
class Thread:
    """What the forum says about a topic. `is_international` is None where the community names no such category."""

    title: str = ""
    category: str = ""
    is_international: bool | None = None
    is_regular: bool = True
    is_visible: bool = True
    is_deleted: bool = False
    is_closed: bool = False
    is_archived: bool = False
    posters: Sequence[Poster] = ()
    posts: int = 0
    posts_read: int = 0


@dataclass(frozen=True, slots=True)
class People:
    """Whom we know among those who may write. Numbers and names are the forum's own, names of people folded.

    `member_of` tells which member an account belongs to, so that a second account is nobody new.
    """

    organiser_uids: Collection[str] = ()
    organiser_usernames: Collection[str] = ()
    organiser_names: Collection[str] = ()
    bot_uids: Collection[str] = ()
    member_of: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Facts:
    """The answers, and what was found out.

    `refusal`: the address is none of a thread; `lost`: the forum does not show it (a sentence each);
    `trouble`: the forum could not be asked (whole: no `thread`, or not all that is needed beside it).
    """

    url: str = ""
    note: str = ""
    thread: Thread | None = None
    refusal: str = ""
    lost: str = ""
    trouble: str = ""
    retry_at: datetime | None = None
    earlier: Sequence[str] = ()
    later: Sequence[str] = ()
    people: People = field(default_factory=People)
    interested_here: int = 0


def check(facts: Facts) -> Finding:
    """The finding for a thread, or for its absence."""
    notes = Notes()
    evidence: dict[str, Any] = {"interested_here": facts.interested_here}
    if facts.url:
        evidence["thread"] = facts.url
        _judge_link(facts, notes, evidence)
    elif facts.note.strip():
        notes.warn(_("People are named, but no thread on the forum is linked: ask for one, or ask them."))
        evidence["named"] = facts.note.strip()
    else:
        notes.fail(_("No thread on the forum is linked and nobody is named."))
    _other_applications(facts, notes, evidence)
    return notes.finding(evidence, retry_at=facts.retry_at)


def _judge_link(facts: Facts, notes: Notes, evidence: dict[str, Any]) -> None:
    if facts.refusal:
        notes.fail(facts.refusal)
    elif facts.lost:
        notes.fail(facts.lost)
    if facts.trouble:
        notes.unknown(facts.trouble)
    if facts.thread is not None:
        _judge_thread(facts.thread, notes, evidence)
        if not facts.thread.is_deleted:
            _count_people(facts, facts.thread, notes, evidence)


def _judge_thread(thread: Thread, notes: Notes, evidence: dict[str, Any]) -> None:
    evidence |= {"title": thread.title, "posts": thread.posts, "posts_read": thread.posts_read}
    if thread.category:
        evidence["category"] = thread.category
    if thread.is_deleted:
        notes.fail(_("The thread was removed from the forum."))
    elif not thread.is_regular:
        notes.fail(_("The link leads to a message or a banner, not to a thread that everybody can read."))
    elif not thread.is_visible:
        notes.fail(_("The thread is hidden on the forum, so nobody can come across it."))
    if thread.is_closed:
        notes.warn(_("The thread is closed: nobody else can say that they would come."))
    if thread.is_archived:
        notes.warn(_("The thread is archived: nobody else can say that they would come."))
    if thread.is_international is False:
        where = thread.category or _("no category")
        notes.warn(
            _("The thread stands in %(category)s and not in the International category; it can be moved there.")
            % {"category": f"“{where}”"}
        )


def _count_people(facts: Facts, thread: Thread, notes: Notes, evidence: dict[str, Any]) -> None:
    """Distinct people without the organisers; who bears an organiser's name may be one, so they count half."""
    sure, doubtful = _sorted_out(thread.posters, facts.people)
    evidence["people"] = [poster.username for poster in sure]
    if doubtful:
        evidence["perhaps_organisers"] = [poster.username for poster in doubtful]
    named = {"people": ", ".join(poster.username for poster in sure), "count": len(sure)}
    if len(sure) >= ENOUGH_PEOPLE:
        notes.say(_("%(count)s people besides the organisers write in the thread: %(people)s.") % named)
    elif len(sure) + len(doubtful) >= ENOUGH_PEOPLE:
        names = ", ".join(poster.username for poster in doubtful)
        notes.warn(_("%(names)s may be an organiser's own account: the name is the same.") % {"names": names})
    elif facts.trouble:
        return
    elif thread.posts_read < thread.posts:
        notes.warn(
            _("The first %(read)s of %(posts)s posts were read, and fewer than two other people write in them.")
            % {"read": thread.posts_read, "posts": thread.posts}
        )
    elif sure:
        notes.fail(_("Only one person besides the organisers writes in the thread: %(people)s.") % named)
    else:
        notes.fail(_("Nobody besides the organisers writes in the thread."))


def _sorted_out(posters: Sequence[Poster], people: People) -> tuple[list[Poster], list[Poster]]:
    """(certainly others, perhaps organisers), one per person."""
    sure: list[Poster] = []
    doubtful: list[Poster] = []
    seen: set[int] = set()
    usernames = {name.casefold() for name in people.organiser_usernames}
    names = {fold(name) for name in people.organiser_names} - {""}
    for poster in posters:
        if poster.uid in people.bot_uids or poster.uid in people.organiser_uids:
            continue
        if poster.username.casefold() in usernames:
            continue
        member = people.member_of.get(poster.uid)
        if member is not None and member in seen:
            continue
        if member is not None:
            seen.add(member)
        is_doubtful = fold(poster.name) in names or fold(poster.username) in names
        (doubtful if is_doubtful else sure).append(poster)
    return sure, doubtful


def _other_applications(facts: Facts, notes: Notes, evidence: dict[str, Any]) -> None:
    """The interest in one thread is counted once: for who came first."""
    if facts.earlier:
        names = ", ".join(facts.earlier)
        notes.fail(_("Another open application rests on the same thread: %(names)s.") % {"names": names})
    if facts.later:
        names = ", ".join(facts.later)
        notes.warn(_("A later application rests on the same thread: %(names)s.") % {"names": names})
    if facts.earlier or facts.later:
        evidence["same_thread"] = [*facts.earlier, *facts.later]
