"""The demo's communities elsewhere, looked at; a suggestion that waits; and what its new groups have to do."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from meetups.links import link_key
from meetups.models import CommunitySuggestion, Group, LinkCheck, OnboardingTask
from meetups.services.onboarding import Key, make_tasks
from portal.pages.demo.people import Person
from portal.pages.demo.places_of_work import DOMAIN
from portal.pages.demo.settling import Settled
from portal.pages.demo.towns import BY_NAME

#: In the order of the table of groups: where they live, what the last look found, and how often in a row it was gone.
_LOOKS = (
    ("telegram", "reached", "The page answers.", 0),
    ("facebook", "unknown", "The site does not show the page to programs (status 400).", 0),
    ("website", "gone", "There is no such host any more.", 3),
)


def dwell(groups: Mapping[str, Group], settled: Settled, crowd: Sequence[Person], *, now: datetime) -> None:
    """Make all rows; no dice, so nothing else of the demo changes with it. Nobody ever looks at these links."""
    outside = [group for group in groups.values() if group.kind == Group.Kind.EXTERNAL]
    checks = []
    for number, group in enumerate(outside):
        platform, found, sentence, failures = _LOOKS[number % len(_LOOKS)]
        at = now - timedelta(days=1 + number, hours=5 * number)
        group.platform = platform
        group.link_gone_since = at if failures else None
        checks.append(
            LinkCheck(
                group=group,
                state=LinkCheck.State.DONE,
                found=found,
                sentence=sentence,
                failures=failures,
                checked_at=at,
            )
        )
    Group.objects.bulk_update(outside, ["platform", "link_gone_since"])
    LinkCheck.objects.bulk_create(checks)
    _begin([group for group in groups.values() if group.state == Group.State.ONBOARDING], now)
    _suggest(settled, crowd, now)


def _begin(new: Sequence[Group], now: datetime) -> None:
    """A demo has no forum of its own: its categories count as made."""
    for group in new:
        make_tasks(group)
    OnboardingTask.objects.filter(group__in=new, key=Key.FORUM_CATEGORY).update(done_at=now)


def _suggest(settled: Settled, crowd: Sequence[Person], now: datetime) -> None:
    person = next(one for one in crowd if settled.members[one.number].user_id and one.left_on is None)
    url = f"https://chat.{DOMAIN}/bergen"
    CommunitySuggestion.objects.create(
        name="Bergen Kaffeprat",
        platform=Group.Platform.SLACK,
        url=url,
        link_key=link_key(url),
        place=settled.places[BY_NAME["Bergen"].geoname_id],
        languages=["nb", "en"],
        note="About thirty people, active every week.",
        suggested_by=settled.members[person.number],
        asked_at=now - timedelta(days=2),
        is_demo=True,
    )
