"""What the form of filters offers: only what occurs in the window, and what is chosen now."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from dashboard import words
from dashboard.filters import PUBLIC_LEVELS, Asked
from dashboard.models import Channel, DayCount, MemberWindow, OrganisationWindow
from dashboard.scope import INDEPENDENT, Scope
from dashboard.services.activity import start_of
from dashboard.services.overview import window_end
from portal.places.countries import country_choices

#: A list of choices holds the largest so many; what is not in it is found on the lists' own pages.
MOST: Final = 300
Choice = tuple[str, "str | Promise"]


@dataclass(frozen=True, slots=True)
class Field:
    """One select: its name, label, choices and what is chosen."""

    name: str
    label: str
    choices: list[Choice]
    chosen: str


def fields(asked: Asked) -> list[Field]:
    """The selects of the form, with at most six queries."""
    scope = asked.scope
    first = {
        "channel": _("everywhere"),
        "kind": _("any kind"),
        "organisation": _("any organisation"),
        "country": _("any country"),
        "level": _("any level"),
    }
    offered = _offered(scope)
    found = []
    for name, any_of_it in first.items():
        value = str(getattr(scope, name) or "")
        choices: list[Choice] = [("", any_of_it), *offered[name]]
        if value and value not in dict(choices):
            choices.append((value, asked.form.told.get(name) or value))
        found.append(Field(name, str(asked.form.fields[name].label), choices, value))
    return found


def _offered(scope: Scope) -> dict[str, list[Choice]]:
    until_on = window_end(scope.days)
    if until_on is None:
        return {key: [] for key in ("channel", "kind", "organisation", "country", "level")}
    occurring = DayCount.objects.filter(day__range=(start_of(scope, until_on), until_on)).order_by()
    channels = Channel.objects.filter(pk__in=occurring.values("channel")).select_related("source")
    if scope.sources:
        channels = channels.filter(source__name__in=scope.sources)
    kinds = sorted(occurring.values_list("kind", flat=True).distinct(), key=lambda kind: str(words.line(kind)))
    organisations = OrganisationWindow.objects.filter(days=scope.days).order_by("-n")[:MOST]
    named = sorted(
        organisations.values_list("organisation__slug", "organisation__name"), key=lambda pair: pair[1].casefold()
    )
    codes = (
        MemberWindow.objects.filter(days=scope.days).order_by().values_list("member__place__country_code", flat=True)
    )
    return {
        "channel": [(str(one.pk), _place(one)) for one in channels.order_by("source__name", "name")[:MOST]],
        "kind": [(kind, words.line(kind)) for kind in kinds],
        "organisation": [(INDEPENDENT, _("volunteers: no confirmed employer")), *named],
        "country": list(country_choices([code for code in codes.distinct() if code])),
        "level": [(key, words.level(key)) for key in PUBLIC_LEVELS],
    }


def _place(channel: Channel) -> str:
    label = words.service_label(channel.source.service)
    return channel.name if label == channel.name else f"{label} · {channel.name}"
