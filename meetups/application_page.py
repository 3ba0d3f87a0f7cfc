"""What the pages of an application show: its parts, the criteria beside them, its history."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from meetups import criteria, hosts, recurrence
from meetups.languages import language_name
from meetups.models import Application, ApplicationEvent, ApplicationOrganiser, VenueConfirmation
from meetups.rooms import ACCESS
from meetups.services import evidence

TITLES: dict[str, tuple[Promise, Promise]] = {
    "interest": (_("Interest"), _("Interest")),
    "place": (_("Place"), _("Reach")),
    "organisers": (_("Organisers"), _("Organisers")),
    "room": (_("Room"), _("Platform")),
    "launch": (_("Launch"), _("Launch")),
    "rhythm": (_("Rhythm"), _("Rhythm")),
}
QUESTIONS: dict[str, tuple[Promise, Promise]] = {
    "interest": (_("Who would come?"), _("Who would come?")),
    "place": (_("Where in the world?"), _("Who can follow you?")),
    "organisers": (_("Who runs it with you?"), _("Who runs it with you?")),
    "room": (_("Where will you meet?"), _("Where will you meet online?")),
    "launch": (_("When do you begin?"), _("When do you begin?")),
    "rhythm": (_("Which day of each month?"), _("Which day of each month?")),
}
_RHYTHM = _(
    "The same day each month is easier to keep than a new date every time. The fifth Friday exists in a few months "
    "only, so it is not on the list."
)
LEADS: dict[str, tuple[Promise, Promise]] = {
    "interest": (
        _("A group begins with two people who want to come. A thread on the forum is where they find each other."),
        _("A group begins with two people who want to come. A thread on the forum is where they find each other."),
    ),
    "place": (
        _("A town or a region that one can reach in an evening, and that no other group looks after yet."),
        _("An online group needs no town. It needs languages people speak and hours at which they are awake."),
    ),
    "organisers": (
        _("Two at least, so that nobody carries it alone; better still from two companies. Each says yes themselves."),
        _("Two at least, so that nobody carries it alone; better still from two companies. Each says yes themselves."),
    ),
    "room": (
        _(
            "An office or a community space, so that everyone can come: people who do not drink, who bring a child, "
            "who use a wheelchair. Bars and pubs cannot be used."
        ),
        _("A platform that people can join without paying, and an account that will still be there next month."),
    ),
    "launch": (
        _("Four weeks from now or later is best: people need time to hear of it."),
        _("Four weeks from now or later is best: people need time to hear of it."),
    ),
    "rhythm": (
        _RHYTHM,
        _RHYTHM,
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """One part in the row of steps."""

    number: int
    key: str
    title: str | Promise
    state: str


@dataclass(frozen=True, slots=True)
class Panel:
    """The six criteria beside the form."""

    results: list[criteria.Result]
    current: str = ""

    @property
    def met(self) -> int:
        return sum(result.status == criteria.Status.MET for result in self.results)

    @property
    def bars(self) -> list[str]:
        shapes = {criteria.Status.MET: "good", criteria.Status.WAITING: "wait", criteria.Status.NOT_YET: "none"}
        return [
            "new" if r.key == self.current and r.status != criteria.Status.MET else shapes[r.status]
            for r in self.results
        ]


def read_panel(application: Application, *, now: datetime, current: str = "") -> Panel:
    """The criteria as of now; `current` is the part the reader looks at."""
    return Panel(evidence.judge(application, now=now), current)


def steps(application: Application, panel: Panel) -> list[Step]:
    """The six parts in order, each done, waiting, current or open."""
    online = int(application.is_online)
    shapes = {criteria.Status.MET: "done", criteria.Status.WAITING: "wait", criteria.Status.NOT_YET: "open"}
    return [
        Step(
            result.number,
            result.key,
            TITLES[result.key][online],
            "now" if result.key == panel.current else shapes[result.status],
        )
        for result in panel.results
    ]


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The part before and the part after."""

    before: str
    after: str
    before_title: str | Promise
    after_title: str | Promise


def around(application: Application, part: str) -> Neighbours:
    """What stands on both sides of a part; the last one leads to the check page (an empty `after`)."""
    online, keys = int(application.is_online), list(TITLES)
    at = keys.index(part)
    before = keys[at - 1] if at else ""
    after = keys[at + 1] if at + 1 < len(keys) else ""
    return Neighbours(
        before, after, TITLES[before][online] if before else "", TITLES[after][online] if after else _("Check and send")
    )


def coming_dates(application: Application, *, now: datetime, count: int = 12) -> list[recurrence.Occurrence]:
    """The slot's next dates, once it is complete."""
    slot = application.slot
    if slot is None:
        return []
    today = application.today(now)
    start = max(today, application.launch_on) if application.launch_on else today
    return recurrence.expand(slot, start=start, count=count)


@dataclass(frozen=True, slots=True)
class ApplicationPage:
    """The page of one application as its organisers and the team read it."""

    application: Application
    panel: Panel
    parts: list[tuple[criteria.Result, list[tuple[str, object]]]]
    seats: list[ApplicationOrganiser]
    history: list[ApplicationEvent]
    host: "Host | None"


def read_application_page(application: Application, *, now: datetime) -> ApplicationPage:
    panel, answers = read_panel(application, now=now), answers_by_part(application)
    return ApplicationPage(
        application=application,
        panel=panel,
        parts=[(result, answers[result.key]) for result in panel.results],
        seats=list(application.organisers.filter(declined_at=None).select_related("member").order_by("pk")),
        history=list(application.history.order_by("-pk")),
        host=host_of(application),
    )


@dataclass(frozen=True, slots=True)
class Host:
    """What the host of the room said, and whether they can be asked now; `word` is about the room as it is named."""

    word: VenueConfirmation | None
    is_outdated: bool
    can_ask: bool


def host_of(application: Application) -> Host | None:
    """Where asking for a room has come to, in one query; an online group has no host."""
    if application.is_online:
        return None
    asked = list(application.venue_confirmations.all())
    word = hosts.word_for(application, asked)
    is_complete = bool(application.venue_name and application.venue_address and application.venue_contact_email)
    is_alive = application.is_editable or application.is_open
    return Host(word, bool(asked) and word is None, is_complete and is_alive and not (word and word.is_answered))


def answers_by_part(application: Application) -> dict[str, list[tuple[str, object]]]:
    """part -> (label, answer) of what was said there, for reading; what this kind of group is not asked is left out."""
    a = application
    access = dict(ACCESS)
    launch = date_format(a.launch_on, "l j F Y") if a.launch_on else ""
    starts = a.launch_time.strftime("%H:%M") if a.launch_time else ""
    town: list[tuple[object, object]] = [(_("Town"), a.place), (_("Region covered"), a.region_label)]
    reach: list[tuple[object, object]] = [(_("Time zones served"), a.time_zones_served)]
    room: list[tuple[object, object]] = [
        (_("Kind of room"), a.get_venue_kind_display()),
        (_("Name of the place"), a.venue_name),
        (_("Room for how many"), a.venue_capacity),
        (_("Address"), a.venue_address),
        (_("Who confirms"), a.venue_contact_name),
        (_("Getting in"), ", ".join(str(access.get(key, key)) for key in a.venue_access)),
    ]
    platform: list[tuple[object, object]] = [
        (_("Platform"), a.platform),
        (_("Whose account hosts"), a.platform_account),
    ]
    languages = (_("Languages"), ", ".join(language_name(code) for code in a.languages))
    parts: dict[str, list[tuple[object, object]]] = {
        "interest": [
            (_("Name"), a.group_name),
            (_("Forum thread"), a.forum_url),
            (_("Who is interested"), a.interest_note),
        ],
        "place": [*(reach if a.is_online else town), languages],
        "organisers": [(_("In the community"), a.community_note)],
        "room": platform if a.is_online else room,
        "launch": [(_("Date"), launch), (_("Starts at"), starts), (_("Title"), a.launch_title)],
        "rhythm": [(_("Each month"), a.slot_text), (_("Minutes"), a.slot_minutes), (_("Time zone"), a.time_zone)],
    }
    return {key: [(str(label), value) for label, value in rows] for key, rows in parts.items()}
