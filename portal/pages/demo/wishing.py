"""Interest of the demo's people in towns: some without a group, one with a sleeping one, one that is nearly there."""

import random
from collections.abc import Sequence
from datetime import date, timedelta

from meetups.models import Interest
from portal.members.models import Member
from portal.pages.demo.people import Person
from portal.pages.demo.settling import Settled, midnight
from portal.pages.demo.towns import BY_NAME

SEED = 40_320
#: town -> how many people said something there. Kiel has all that can be pooled; Chennai's group sleeps.
WISHES = {"Kiel": 9, "Braga": 6, "Manchester": 5, "Chennai": 4, "Linz": 4, "Sofia": 3, "Bergen": 2, "Kisumu": 2}
#: What the first ones of each town would do besides coming; later ones only come.
_MORE = (("organise",), ("organise", "host"), ("speak",), ("sponsor",))


def wish(settled: Settled, crowd: Sequence[Person], *, today: date) -> list[Interest]:
    """Make all rows; dice of its own, so that nothing else of the demo changes with it."""
    rng = random.Random(SEED)  # noqa: S311  a demo wants the same dice every time
    free = [person for person in crowd if settled.members[person.number].user_id and person.left_on is None]
    rows: list[Interest] = []
    for town, number in WISHES.items():
        for seat, person in enumerate(_near(rng, free, town, number)):
            member = settled.members[person.number]
            more = _MORE[seat] if seat < len(_MORE) and seat < number - 2 else ()
            said_on = today - timedelta(days=rng.randint(2, 120))
            shows = rng.random() < 0.6 and member.visibility != Member.Visibility.HIDDEN
            rows += [
                Interest(
                    member=member,
                    place=settled.places[BY_NAME[town].geoname_id],
                    kind=kind,
                    wants_introduction=shows,
                    created_at=midnight(said_on) + timedelta(hours=rng.randint(6, 21)),
                    is_demo=True,
                )
                for kind in ("join", *more)
            ]
    return Interest.objects.bulk_create(rows)


def _near(rng: random.Random, people: Sequence[Person], town: str, number: int) -> list[Person]:
    """People of the town first, then of its country, then anybody."""
    wanted = BY_NAME[town]
    order = sorted(
        people,
        key=lambda person: (
            person.town != wanted,
            person.town.country_code != wanted.country_code,
            rng.random(),
        ),
    )
    return order[:number]
