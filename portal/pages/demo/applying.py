"""Applications of the demo in every state, moved by the real service so that their history is a real one."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.contrib.auth.models import Group as AuthGroup
from django.db.models import Max

from meetups import recurrence
from meetups.models import Application, Group
from meetups.services import applications, drafts, invitations
from meetups.services.applications import Words
from portal.mail.models import Message
from portal.members.models import User
from portal.pages.demo import reviewing
from portal.pages.demo.people import Person
from portal.pages.demo.places_of_work import DOMAIN
from portal.pages.demo.settling import Settled, midnight
from portal.pages.demo.signins import STAFF_GROUPS
from portal.pages.demo.towns import BY_NAME

State = Application.State


@dataclass(frozen=True, slots=True)
class Step:
    """A move: to which state, by whom of the cast ("team" is the applicant, "" the system), after how many days."""

    to: str
    by: str
    days: int
    public: str = ""
    private: str = ""
    criteria: tuple[str, ...] = ()
    reason: str = ""
    review_in: int = 0
    target: str = ""


_SENT = Step(State.SUBMITTED, "team", 3)
_CLAIMED = Step(State.IN_REVIEW, "reviewer", 2)


@dataclass(frozen=True, slots=True)
class Plan:
    """An application to be: `age` in days; a `half` one has only its first answers."""

    town: str
    name: str
    room: str
    age: int
    steps: tuple[Step, ...] = ()
    half: bool = False


PLANS = (
    Plan("Linz", "Linz Marketingtisch", "", 4, half=True),
    Plan("Kisumu", "Kisumu Lakeside Campaigns", "Jumuia Library, Oginga Street", 9),
    Plan("Bari", "Bari Automazione Aperta", "Lumen Sala 2, via del Porto", 5, (_SENT,)),
    Plan("Curitiba", "Curitiba Contribui", "Biblioteca Araucária, sala 4", 16, (_SENT,)),
    Plan("Jaipur", "Jaipur Pink Segments", "Amber Makers Hall, Bazaar Road", 11, (_SENT, _CLAIMED)),
    Plan("Perth", "Perth Swan River Meetup", "Riverside Co-op, Level 1", 18, (
        _SENT, _CLAIMED,
        Step(State.CHANGES_REQUESTED, "reviewer", 3, criteria=("room",),
             public="Please tell us who confirms the room, and whether one can get in without steps."),
    )),
    Plan("Gdańsk", "Gdańsk Kampanie", "Stocznia Wspólna, ul. Doki 3", 25, (
        _SENT, _CLAIMED,
        Step(State.ON_HOLD, "reviewer", 4, private="The forum thread is being merged with an older one.", review_in=14),
    )),
    Plan("Rosario", "Rosario Automatiza", "Teatro Rosario, sala chica", 27, (
        _SENT, _CLAIMED,
        Step(State.APPROVED, "lead", 14, public="Welcome! Everything is there, and the room looks lovely."),
    )),
    Plan("Dresden", "Dresden am Elbufer", "Gasthaus zur Fähre", 80, (
        _SENT, _CLAIMED,
        Step(State.DECLINED, "lead", 6, reason="criteria",
             public="A guest house is not a room for everybody. With another one we would gladly look again."),
    )),
    Plan("Halifax", "Halifax Harbour Mailers", "Citadel Library, Room 5", 61, (
        _SENT, _CLAIMED,
        Step(State.REDIRECTED, "reviewer", 5, target="Boston Open Campaigns",
             public="Boston looks for people to hold a hybrid evening: they would love to have you."),
    )),
    Plan("Da Nang", "Da Nang Beach Automation", "Mekong Green Office", 47, (_SENT, Step(State.WITHDRAWN, "team", 9))),
    Plan("Mombasa", "Mombasa Coast Campaigns", "", 120, (Step(State.LAPSED, "", 91),), half=True),
)  # fmt: skip


def apply(
    rng: random.Random, settled: Settled, cast: Mapping[str, Person], crowd: Sequence[Person], *, today: date
) -> list[Application]:
    """Make all applications. Their mails are kept as sent without being sent: demo addresses lead nowhere."""
    last_mail = Message.objects.aggregate(last=Max("pk"))["last"] or 0
    actors = {role: settled.members[person.number].user for role, person in cast.items()}
    for role, names in STAFF_GROUPS.items():
        user = actors[role]
        if user is not None:
            user.groups.add(*AuthGroup.objects.filter(name__in=names))
    people = _applicants(rng, settled, cast, crowd)
    made = []
    for number, plan in enumerate(PLANS):
        pair = people[2 * number : 2 * number + 2]
        made.append(_apply(plan, pair, settled, actors, today))
    Message.objects.filter(pk__gt=last_mail).update(state=Message.State.DONE, sent_at=midnight(today))
    return made


def _applicants(
    rng: random.Random, settled: Settled, cast: Mapping[str, Person], crowd: Sequence[Person]
) -> list[Person]:
    """Two people with accounts for each plan, none from the lead's company; the cast's member begins the first."""
    member = cast["member"]
    taken = {person.number for person in cast.values()}
    own = {stint.company.name for stint in cast["lead"].stints}
    free = [
        person
        for person in crowd
        if settled.members[person.number].user_id
        and person.number not in taken
        and own.isdisjoint(stint.company.name for stint in person.stints)
    ]
    return [member, *rng.sample(free, 2 * len(PLANS) - 1)]


def _apply(
    plan: Plan, pair: Sequence[Person], settled: Settled, actors: Mapping[str, User | None], today: date
) -> Application:
    first, second = (settled.members[person.number] for person in pair)
    now = midnight(today - timedelta(days=plan.age)) + timedelta(hours=10)
    if first.user is None or second.user is None:
        raise ValueError("applicants need accounts")
    values = _answers(plan, settled, pair[0], today)
    application = drafts.start_draft(member=first, user=first.user, kind="meetup", now=now, values=values)
    if not plan.half:
        seat = invitations.invite(application=application, name=second.name, email=second.user.email, now=now)
        invitations.accept(seat=seat, member=second, now=now + timedelta(hours=20))
    for step in plan.steps:
        now += timedelta(days=step.days)
        actor = first.user if step.by == "team" else actors.get(step.by)
        if step.to == State.APPROVED:  # the machine looks once more before an approval
            reviewing.check(application, plan.town, now=now - timedelta(hours=2))
        application = applications.move(
            application=application, to=step.to, actor=actor, now=now, words=_words(step, now)
        )
        if step.to == State.SUBMITTED:
            reviewing.check(application, plan.town, now=now)
        if step.to == State.IN_REVIEW:
            reviewing.review(application, plan.town, actors, now=now)
    return application


def _words(step: Step, now: datetime) -> Words:
    return Words(
        public_note=step.public,
        private_note=step.private,
        criteria=list(step.criteria),
        reason=step.reason,
        review_by_on=now.date() + timedelta(days=step.review_in) if step.review_in else None,
        target=Group.objects.get(name=step.target) if step.target else None,
    )


def _answers(plan: Plan, settled: Settled, person: Person, today: date) -> dict[str, object]:
    """The first two parts of a half application, all six of a whole one."""
    place = settled.places[BY_NAME[plan.town].geoname_id]
    values: dict[str, object] = {
        "group_name": plan.name,
        "interest_note": "Two colleagues and somebody from the forum would come.",
        "place": place,
        "time_zone": place.time_zone,
        "languages": list(BY_NAME[plan.town].languages),
    }
    if plan.half:
        return values
    room, _comma, street = plan.room.partition(", ")
    launch_on = recurrence.day_in_month(*_later(today, plan.age), 2, 3)
    return values | {
        "forum_url": f"https://forum.{DOMAIN}/t/{plan.town.lower().replace(' ', '-')}/{4000 + plan.age}",
        "community_note": "We answer on the forum and have tested a dozen changes.",
        "venue_kind": "library" if "Biblio" in room or "Library" in room else "community",
        "venue_name": room,
        "venue_address": f"{street}, {plan.town}" if street else plan.town,
        "venue_capacity": 25,
        "venue_contact_name": "" if plan.town == "Perth" else "The front desk",
        "venue_contact_email": "" if plan.town == "Perth" else f"desk@room.{DOMAIN}",
        "launch_on": launch_on,
        "launch_time": time(18),
        "launch_title": "A first evening",
        "slot_ordinal": 2,
        "slot_weekday": 3,
        "slot_time": time(18),
    }


def _later(today: date, age: int) -> tuple[int, int]:
    """The month in which a group applied for `age` days ago would first meet: four weeks after any approval."""
    day = today - timedelta(days=age) + timedelta(days=84)
    return day.year, day.month
