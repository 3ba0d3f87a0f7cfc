"""Who is counted and not named, and who was erased: no public page, file or feed says their name."""

import re
from collections import Counter, deque
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import Resolver404, resolve, reverse

from dashboard import kinds
from dashboard.importers.records import Account
from dashboard.services import summaries
from dashboard.services.store import store
from meetups.models import Event, Interest
from portal.members.models import Identity, Member
from portal.members.services import add_affiliation, set_visibility
from portal.pages import privacy
from tests.browser.addresses import file_names, page_names, public_views
from tests.dashboard.factories import ChannelFactory, record
from tests.meetups.factories import (
    ApplicationFactory,
    EventFactory,
    GroupFactory,
    GroupMembershipFactory,
    OrganiserFactory,
)
from tests.members.factories import OrganisationFactory, UserFactory
from tests.partners.factories import PartnerFactory
from tests.places.factories import town

pytestmark = pytest.mark.django_db

LINK = re.compile(r'(?:href|src|action|hx-get)="(/[^"#]*)"')
PEOPLE = {"hidden": "Hildegard Verborgen", "erased": "Erasmus Verschwunden", "shown": "Sabine Sichtbar"}
#: Lists repeat themselves: so many addresses of each view are opened.
MOST_PER_VIEW = 6


def active(who: str, name: str, now: datetime) -> Member:
    """Somebody who turns up everywhere: code, chat, an employer, a group, an event, an interest, an application."""
    handle = name.lower().replace(" ", "-")
    channel = ChannelFactory()
    account = Account(who, handle, name, email=f"{handle}@example.org", url=f"https://github.com/{handle}")
    done = [
        record(
            f"{who}{n}",
            kind,
            account=account,
            occurred_at=now,
            credited_at=now,
            state=state,
            # A question is shown to be answered, whoever asked it: in the words of its title.
            title="How is this done?" if kind == kinds.QUESTION else f"{name} did this",
        )
        for n, (kind, state) in enumerate(
            [(kinds.CHANGE, "merged"), (kinds.ISSUE, "open"), (kinds.QUESTION, ""), (kinds.MESSAGE, "")]
        )
    ]
    store(source=channel.source, channel=channel, records=done, now=now)
    member = Identity.objects.get(uid=who).member
    member.user = UserFactory(email=f"{handle}@example.org")
    member.name, member.visibility, member.about = name, "public", f"I am {name}"
    member.save()
    group = GroupFactory(place=town("Köln" if who == "hidden" else "Berlin" if who == "erased" else "Lagos"))
    OrganiserFactory(group=group, member=member, accepted_at=now)
    GroupMembershipFactory(group=group, member=member)
    EventFactory(group=group, created_by=member)
    Interest.objects.create(member=member, place=group.place, kind=Interest.Kind.values[0])
    application = ApplicationFactory(applicant=member, state="submitted", submitted_at=now)
    application.organisers.update(name=name, shows_name=True, accepted_at=now, member=member)
    organisation = OrganisationFactory(name=f"Agency {who}")
    PartnerFactory(organisation=organisation)
    add_affiliation(member=member, organisation=organisation, from_on=None)
    return member


def resolve_name(address: str) -> str:
    try:
        return resolve(address.partition("?")[0]).view_name
    except Resolver404:
        return "nothing"


def walk(client: Client) -> dict[str, str]:
    """Address and text of every page and file that a stranger can reach by links or by name."""
    plain = {view.name for view in public_views() if not view.has_arguments}
    waiting = deque(reverse(name) for name in sorted(plain & {*page_names(), *file_names()}))
    found: dict[str, str] = {}
    seen: Counter[str] = Counter()
    while waiting:
        address = waiting.popleft()
        if (
            address in found
            or seen[resolve_name(address)] >= MOST_PER_VIEW
            or address.startswith(("/static/", "/accounts/", "/admin/", "/cover"))
        ):
            continue
        seen[resolve_name(address)] += 1
        answer = client.get(address)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        found[address] = body.decode("utf-8", "replace")
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            waiting.extend(link.replace("&amp;", "&") for link in LINK.findall(found[address]))
    return found


def test_no_public_page_or_file_names_who_is_hidden_or_erased(client: Client):
    now = datetime.now(UTC)
    people = {who: active(who, name, now) for who, name in PEOPLE.items()}
    set_visibility(member=people["hidden"], visibility="hidden")
    old = people["erased"].get_absolute_url()
    privacy.erase(member=people["erased"], now=now)
    summaries.rebuild(today=now.date())
    pages = walk(client)
    for address in (people["hidden"].get_absolute_url(), old):
        assert client.get(address).status_code == 404
    assert Event.objects.count() == 3
    assert any("Sabine" in text for text in pages.values()), "the walk reaches no page with a name at all"
    for word in ("hildegard", "verborgen", "erasmus", "verschwunden"):
        assert [address for address, text in pages.items() if word in text.lower()] == []
    assert reverse("dashboard:people") in pages
