"""Where an application may be sent on to: groups and open applications near its place, to choose from."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from meetups.models import Application, Group
from portal.places.distances import near

GROUP, APPLICATION = "group", "application"
NEAR_KM = 250
MOST = 8


def near_targets(application: Application) -> list[tuple[str, str]]:
    """(key, words) nearest first; of an online application those that speak one of its languages."""
    groups = Group.objects.listed().exclude(kind=Group.Kind.EXTERNAL).exclude(pk=application.group_id or 0)
    others = Application.objects.undecided().exclude(pk=application.pk)
    if application.is_online or application.place is None:
        speaking = {"kind": "online", "languages__overlap": application.languages}
        rows: list[Any] = [*groups.filter(**speaking)[:MOST], *others.filter(**speaking)[:MOST]]
    else:
        rows = [*_around(groups, application), *_around(others, application)]
        rows.sort(key=lambda one: (one.distance_km, str(one)))
    return [(_key(row), _words(row)) for row in rows[:MOST]]


def _around(rows: QuerySet[Any], application: Application) -> list[Any]:
    place = application.place
    assert place is not None  # noqa: S101  the caller asked
    at = {"latitude": place.latitude, "longitude": place.longitude, "km": NEAR_KM, "prefix": "place__"}
    return list(near(rows.filter(kind="meetup").select_related("place"), **at)[:MOST])  # type: ignore[arg-type]


def _key(row: Group | Application) -> str:
    return f"{GROUP}:{row.pk}" if isinstance(row, Group) else f"{APPLICATION}:{row.pk}"


def _words(row: Any) -> str:
    is_group = isinstance(row, Group)
    parts = [str(row), str(row.place) if row.place else str(_("Online"))]
    if hasattr(row, "distance_km"):
        parts.append(_("%(km)d km") % {"km": round(row.distance_km)})
    state = row.badge[1] if is_group else row.get_state_display()
    parts.append((_("group: %(state)s") if is_group else _("application: %(state)s")) % {"state": state})
    return " · ".join(parts)


def target_of(key: str) -> Group | Application | None:
    """What a key of `near_targets` stands for, if it still may be chosen."""
    kind, _colon, number = key.partition(":")
    if not (number.isascii() and number.isdigit()):
        return None
    rows: QuerySet[Any] = Group.objects.listed() if kind == GROUP else Application.objects.undecided()
    found: Group | Application | None = rows.filter(pk=int(number)).first()
    return found
