"""Loading an invented community by COPY, for measurements. Never beside a real one unless told so."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from dashboard.invented import BOTS, HIDDEN_ONE_IN, SERVICES, Community, Work
from dashboard.models import Channel, Contribution, Source
from dashboard.services.identities import deleted_uid
from dashboard.services.sources import site_of
from dashboard.services.staleness import mark_stale
from portal.members.models import Affiliation, Identity, Member, Organisation

Progress = Callable[[int], object]
EVERY = 50_000
_CONTRIBUTION = (
    *("source_id", "external_id", "channel_id", "identity_id", "kind", "state", "thread", "title", "url"),
    *("occurred_at", "credited_at", "content_hash", "deleted_at"),
)


class NotEmpty(Exception):
    """There are people or sources already; the text says what to do."""


def load(
    *,
    contributions: int,
    people: int,
    seed: int,
    until: date,
    is_beside: bool = False,
    progress: Progress | None = None,
) -> None:
    """Fill the database with an invented community; all of it or nothing. Summaries are stale afterwards.

    Raises NotEmpty when there is anything already, unless `is_beside`; a second invented one is always refused.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        _refuse_unless_empty(is_beside)
        community = Community(contributions, people, seed, until)
        sources, channels = _sources()
        members = _members(cursor, community)
        identities = _identities(cursor, community, sources, members)
        _affiliations(cursor, community, members)
        rows = _rows(community.works(), sources, channels, identities)
        _copy(cursor, Contribution, _CONTRIBUTION, rows, progress)
        mark_stale(timezone.now())
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE dashboard_contribution, members_identity, members_member, members_affiliation")


def _refuse_unless_empty(is_beside: bool) -> None:
    if Source.objects.filter(name__startswith="benchmark-").exists():
        raise NotEmpty("An invented community is loaded already: use a database of its own for another.")
    if not is_beside and (Source.objects.exists() or Member.objects.exists()):
        raise NotEmpty(
            "The database holds people or sources. An invented community counts on every page, so load it into a "
            "database of its own; --beside-real-data loads it all the same."
        )


def _sources() -> tuple[list[Source], list[list[int]]]:
    """Switched off: nobody imports them."""
    sources, channels = [], []
    for service, _share, number, *_kinds in SERVICES:
        source = Source.objects.create(
            name=f"benchmark-{service}",
            service=service,
            base_url=f"https://{service}.benchmark.example.org",
            is_enabled=False,
            is_demo=True,
            last_good_at=timezone.now(),
        )
        made = Channel.objects.bulk_create(
            Channel(source=source, key=str(n), name=f"{service}/channel-{n}", kind="channel") for n in range(number)
        )
        sources.append(source)
        channels.append([channel.pk for channel in made])
    return sources, channels


def _copy(
    cursor: CursorWrapper,
    model: type[Any],
    columns: tuple[str, ...],
    rows: Iterable[tuple[Any, ...]],
    progress: Progress | None = None,
) -> None:
    """Copy rows of some columns; every other one gets what a new object would have."""
    usual = [
        field
        for field in model._meta.concrete_fields
        if field.column not in columns and not field.primary_key and not field.generated
    ]
    rest = tuple(field.get_db_prep_save(field.get_default(), connection) for field in usual)
    names = ", ".join([*columns, *(field.column for field in usual)])
    with cursor.copy(f"COPY {model._meta.db_table} ({names}) FROM STDIN") as copy:
        for number, row in enumerate(rows, start=1):
            copy.write_row(row + rest)
            if progress is not None and number % EVERY == 0:
                progress(number)


def _members(cursor: CursorWrapper, community: Community) -> list[int]:
    """Keys of the people, in order, and last those of the sources' nobodies."""
    now = timezone.now()
    columns = ("name", "handle", "public_id", "visibility", "bot_state", "is_demo", "created_at", "erased_at")
    nobodies = len(SERVICES)

    def rows() -> Iterator[tuple[Any, ...]]:
        for n in range(community.people + nobodies):
            is_nobody = n >= community.people
            visibility = "hidden" if is_nobody or n % HIDDEN_ONE_IN == 3 else "public" if n % 3 == 0 else "handle"
            bot = "bot" if n in BOTS else "unknown"
            name, handle = ("", "") if is_nobody else (f"Person {n}", f"person-{n}")
            yield name, handle, f"benchmark-{n}", visibility, bot, True, now, now if is_nobody else None

    _copy(cursor, Member, columns, rows())
    found = dict(Member.objects.filter(public_id__startswith="benchmark-").values_list("public_id", "pk"))
    return [found[f"benchmark-{n}"] for n in range(community.people + nobodies)]


def _identities(
    cursor: CursorWrapper, community: Community, sources: list[Source], members: list[int]
) -> dict[tuple[int, int], int]:
    """(number of the person, number of the service) -> key; the nobody of a service has the number -1."""
    columns = ("service", "site", "uid", "username", "name", "is_bot_hint", "member_id", "created_at")
    now = timezone.now()

    def rows() -> Iterator[tuple[Any, ...]]:
        for person in range(community.people):
            for service in community.accounts_of(person):
                source = sources[service]
                about = (str(person), f"person-{person}", f"Person {person}", person in BOTS)
                yield source.service, site_of(source), *about, members[person], now
        for service, source in enumerate(sources):
            nobody = members[community.people + service]
            yield source.service, site_of(source), deleted_uid(source), "", "", False, nobody, now

    _copy(cursor, Identity, columns, rows())
    by_service = {source.service: number for number, source in enumerate(sources)}
    sites = [site_of(source) for source in sources]
    found = {}
    for service, uid, pk in Identity.objects.filter(site__in=sites).values_list("service", "uid", "pk").iterator():
        found[int(uid) if uid.isdecimal() else -1, by_service[service]] = pk
    return found


def _affiliations(cursor: CursorWrapper, community: Community, members: list[int]) -> None:
    made = Organisation.objects.bulk_create(
        Organisation(name=f"Company {n}", slug=f"benchmark-{n}", is_demo=True) for n in range(community.organisations)
    )
    now = timezone.now()
    rows = (
        (
            members[one.person],
            made[one.organisation].pk,
            f"[{one.first or ''},{one.until or ''})",
            now if one.is_confirmed else None,
        )
        for one in community.belongings()
    )
    columns = ("member_id", "organisation_id", "days", "confirmed_at")
    _copy(cursor, Affiliation, columns, rows)


def _rows(
    works: Iterable[Work], sources: list[Source], channels: list[list[int]], identities: dict[tuple[int, int], int]
) -> Iterator[tuple[Any, ...]]:
    for work in works:
        source = sources[work.service]
        yield (
            source.pk,
            f"{work.kind}:{work.number}",
            channels[work.service][work.channel],
            identities[-1 if work.person is None else work.person, work.service],
            work.kind,
            work.state,
            work.thread,
            f"Invented {work.kind} {work.number}",
            f"{source.base_url}/{work.number}",
            work.occurred_at,
            work.credited_at,
            work.number.to_bytes(16),
            work.occurred_at if work.is_deleted else None,
        )
