"""Links that put a calendar, or one date, into the programs people use. Pure: nothing is asked of those programs."""

from dataclasses import dataclass
from datetime import UTC
from urllib.parse import quote, urlencode, urlsplit

from meetups.calendars import plain
from meetups.feeds import absolute, entry_of
from meetups.models import Event

GOOGLE = "https://calendar.google.com/calendar/render"
OUTLOOK = "https://outlook.live.com/calendar/0"
OFFICE = "https://outlook.office.com/calendar/0"
_STAMP = "%Y%m%dT%H%M%SZ"
DETAILS = 900


@dataclass(frozen=True, slots=True)
class Ways:
    """One calendar in several programs: its address, the same as `webcal`, and what opens it on the web."""

    url: str
    webcal: str
    google: str
    outlook: str
    office: str


def ways_to_subscribe(*, path: str, name: str) -> Ways:
    url = absolute(path)
    webcal = f"webcal://{urlsplit(url).netloc}{path}"
    from_web = urlencode({"url": url, "name": name}, quote_via=quote)
    return Ways(
        url=url,
        webcal=webcal,
        google=f"{GOOGLE}?{urlencode({'cid': webcal}, quote_via=quote)}",
        outlook=f"{OUTLOOK}/addfromweb?{from_web}",
        office=f"{OFFICE}/addfromweb?{from_web}",
    )


@dataclass(frozen=True, slots=True)
class OneDate:
    """One date in several programs."""

    google: str
    outlook: str
    office: str


def ways_to_keep(event: Event) -> OneDate:
    entry = entry_of(event)
    starts, ends = (at.astimezone(UTC) for at in (entry.starts_at, entry.ends_at))
    text, title = plain(entry.text, DETAILS), plain(entry.title)
    google = {
        "action": "TEMPLATE",
        "text": title,
        "dates": f"{starts:{_STAMP}}/{ends:{_STAMP}}",
        "ctz": entry.zone,
        "details": text,
        "location": plain(entry.place),
    }
    compose = {
        "rru": "addevent",
        "path": "/calendar/action/compose",
        "subject": title,
        "startdt": f"{starts:%Y-%m-%dT%H:%M:%SZ}",
        "enddt": f"{ends:%Y-%m-%dT%H:%M:%SZ}",
        "body": text,
        "location": plain(entry.place),
    }
    outlook = f"deeplink/compose?{urlencode(compose, quote_via=quote)}"
    return OneDate(f"{GOOGLE}?{urlencode(google, quote_via=quote)}", f"{OUTLOOK}/{outlook}", f"{OFFICE}/{outlook}")
