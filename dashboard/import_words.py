"""What a page says about an import: what may be missing, what to do. Pure: plain values in, words out."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dashboard.words import Words

#: A source that was not read for so long is late, even where nothing failed.
LATE_AFTER = timedelta(days=1)

#: What a source brings, for "... may be missing".
BROUGHT: dict[str, Words] = {
    "github": gettext_lazy("issues, changes, reviews and comments"),
    "slack": gettext_lazy("chat messages and replies"),
    "discourse": gettext_lazy("forum topics and answers"),
    "portal": gettext_lazy("meetups held, and applications decided"),
    "reddit": gettext_lazy("Reddit threads and comments"),
    "stackexchange": gettext_lazy("questions, answers and comments on Stack Overflow"),
}


@dataclass(frozen=True, slots=True)
class Health:
    """How a source is, by a shape and a word, and a sentence for everybody; empty where there is nothing to say."""

    badge: str
    word: str
    sentence: str


def health_of(
    *, service: str, last_good_at: datetime | None, has_error: bool, is_partly: bool, is_late: bool, is_on: bool = True
) -> Health:
    """What everybody may know: since when what is missing, never why."""
    what = BROUGHT.get(service) or _("contributions")
    named = {"what": what}
    if not is_on:
        return Health("off", _("switched off"), _("It is not read at the moment; what it brought before is counted."))
    if last_good_at is None:
        if has_error:
            return Health("late", _("not read yet"), _("It could not be read yet: no %(what)s are counted.") % named)
        return Health("new", _("waiting"), _("It waits for its first import."))
    since = {"what": _capital(str(what)), "day": f"{last_good_at:%-d %B %Y, %H:%M}"}
    if has_error and not is_partly:
        return Health("late", _("ill"), _("%(what)s since %(day)s UTC may be missing.") % since)
    if has_error:
        return Health(
            "late", _("partly ill"), _("A part of it could not be read: some %(what)s may be missing.") % named
        )
    if is_late:
        return Health("wait", _("late"), _("%(what)s since %(day)s UTC are not counted yet.") % since)
    return Health("good", _("complete"), "")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def what_to_do(
    *, error: str, is_enabled: bool, next_try_at: datetime | None, is_reddit: bool, variable: str, now: datetime
) -> str:
    """What the team should do about a stream or a source that failed; the error itself says what happened."""
    if not is_enabled:
        if error:
            return _("It stays off until somebody looks: put right what the sentence says, then switch it on again.")
        return _("Switched off by the team; switch it on when it is to be read again.")
    if not error:
        return ""
    if next_try_at is not None and next_try_at > now:
        return _("Nothing: it is tried again at %(time)s UTC by itself.") % {"time": f"{next_try_at:%H:%M}"}
    if "401" in error or "403" in error or "token" in error.lower():
        advice = _("Look at the token in %(variable)s, test the connection, then import.") % {"variable": variable}
        return f"{advice} {_('Reddit gives keys only to applications it has approved.')}" if is_reddit else advice
    return _("It is tried again with the next import; if it stays, test the connection.")


def left_of_time(*, n_done: int, n_all: int, seconds: float) -> str:
    """About how long a run still takes, by the streams it has finished; "" while nobody can know."""
    if n_done < 1 or n_all <= n_done or seconds < 1:
        return ""
    left = seconds / n_done * (n_all - n_done)
    if left < 60:
        return _("less than a minute left")
    minutes = round(left / 60)
    if minutes < 90:
        return ngettext("about %(n)s minute left", "about %(n)s minutes left", minutes) % {"n": minutes}
    hours = round(minutes / 60)
    return ngettext("about %(n)s hour left", "about %(n)s hours left", hours) % {"n": hours}
