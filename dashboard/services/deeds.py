"""Contributions one by one: the last list behind every number; and what bots did, which counts nowhere else."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from django.db.models import Count, Q

from dashboard import words
from dashboard.models import Channel, Contribution
from dashboard.scope import Scope
from dashboard.services import activity
from dashboard.services.activity import start_of
from dashboard.services.identities import DELETED_PREFIX
from dashboard.services.reading import PersonName, person_name, somebody, unnamed
from dashboard.services.scoped import fetch, matching
from dashboard.services.summary_span import midnight
from portal.members.models import Identity, Member

#: A file of contributions holds no more rows than this: the newest.
MOST_IN_FILE: Final = 50_000
_CHUNK = 1000
_FIELDS: Final = (
    *("pk", "occurred_at", "kind", "title", "url", "channel_id"),
    *("identity__member_id", "identity__uid"),
)

#: Where a page of the list begins: before this moment and, within it, this row.
Mark = tuple[datetime, int]


@dataclass(frozen=True, slots=True)
class DeedRow:
    """One contribution; title and link only of people who may be named."""

    at: datetime
    person: PersonName
    deed: words.Words
    title: str
    url: str
    place: str
    place_pk: int
    label: str
    series: int


@dataclass(frozen=True, slots=True)
class BotRow:
    """A bot and what it did in the window."""

    name: str
    services: list[str]
    n: int


def deed_keys(scope: Scope, until_on: date, *, day: date | None, before: Mark | None, limit: int) -> list[Mark]:
    """(moment, row) of the newest contributions of a scope, or of one of its days, before a mark."""
    match = matching(scope, until_on)
    params = {**match.params, "limit": limit}
    more = ""
    if day is not None:
        params |= {"day": midnight(day), "day_end": midnight(day + timedelta(days=1))}
        more += " AND c.occurred_at >= %(day)s AND c.occurred_at < %(day_end)s"
    if before is not None:
        params |= {"before_at": before[0], "before_pk": before[1]}
        more += " AND (c.occurred_at, c.id) < (%(before_at)s, %(before_pk)s)"
    sql = f"SELECT c.occurred_at, c.id {match.rows}{more} ORDER BY c.occurred_at DESC, c.id DESC LIMIT %(limit)s"
    return [(at, pk) for at, pk in fetch(sql, params)]


def deed_rows(scope: Scope, keys: Iterable[Mark]) -> Iterator[DeedRow]:
    """The lines of some contributions, in their order, read in chunks of three queries."""
    wanted = [pk for _at, pk in keys]
    people: dict[int, _Author] = {}
    places: dict[int, activity.PlaceRow] = {}
    for start in range(0, len(wanted), _CHUNK):
        part = wanted[start : start + _CHUNK]
        found = {row[0]: row for row in Contribution.objects.filter(pk__in=part).values_list(*_FIELDS)}
        _learn(scope, people, places, found.values())
        yield from (_deed_row(found[pk], people, places) for pk in part if pk in found)


@dataclass(frozen=True, slots=True)
class _Author:
    """How a person may be called in this list, and whether what they did may be shown."""

    person: PersonName
    nobody: PersonName
    is_told: bool
    #: The list tells what the person does not: moment, kind and place stand beside their handle in another list.
    is_masked: bool


def _learn(
    scope: Scope, people: dict[int, _Author], places: dict[int, activity.PlaceRow], rows: Iterable[tuple[Any, ...]]
) -> None:
    """Read the people and places of some rows that are not known yet."""
    for member in Member.objects.in_bulk({row[6] for row in rows} - set(people)).values():
        is_told = member.is_named and (member.tells_employer or not scope.tells_of_people)
        nobody = unnamed(member)
        is_masked = scope.tells_of_people and not is_told
        people[member.pk] = _Author(person_name(member) if is_told else nobody, nobody, is_told, is_masked)
    new = {row[5] for row in rows} - set(places)
    for channel in Channel.objects.filter(pk__in=new).select_related("source"):
        places[channel.pk] = activity.place_row(channel, 0)


def _deed_row(row: tuple[Any, ...], people: dict[int, _Author], places: dict[int, activity.PlaceRow]) -> DeedRow:
    _pk, at, kind, title, url, place_pk, member, uid = row
    author, place = people[member], places[place_pk]
    is_gone = uid.startswith(DELETED_PREFIX)
    if author.is_masked:
        day = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        return DeedRow(day, somebody(), words.deed(""), "", "", "", 0, "", 0)
    return DeedRow(
        at=at,
        person=author.nobody if is_gone else author.person,
        deed=words.deed(kind),
        title=title if author.is_told else "",
        url=url if author.is_told else "",
        place=place.name,
        place_pk=place_pk,
        label=place.label,
        series=place.series,
    )


def bots(scope: Scope, until_on: date) -> list[BotRow]:
    """Known bots, the busiest first; those that did nothing in the window too."""
    did = Q(
        identities__contributions__deleted_at=None,
        identities__contributions__occurred_at__gte=midnight(start_of(scope, until_on)),
        identities__contributions__occurred_at__lt=midnight(until_on + timedelta(days=1)),
    )
    known: dict[Any, list[str]] = {}
    found = Member.objects.filter(bot_state=Member.BotState.BOT, merged_into=None, erased_at=None)
    for member, service in Identity.objects.filter(member__in=found).values_list("member", "service").distinct():
        known.setdefault(member, []).append(str(words.service_label(service)))
    counted = found.annotate(n=Count("identities__contributions", filter=did))
    rows = [BotRow(bot.display_name, sorted(known.get(bot.pk, [])), bot.n) for bot in counted]
    return sorted(rows, key=lambda row: (-row.n, row.name))
