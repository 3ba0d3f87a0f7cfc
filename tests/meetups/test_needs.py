"""What groups and events need: stating it, its moves, its pages, and who may."""

import uuid
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from meetups import money
from meetups.models import Event, Group, SponsorshipNeed
from meetups.services import events, needs
from portal.jobs.transitions import MoveRefused
from portal.members.models import Member
from tests.meetups.factories import EventFactory, GroupFactory, NeedFactory
from tests.members.factories import UserFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)
State = SponsorshipNeed.State


def state(group: Group | None, **values: object) -> SponsorshipNeed:
    words = {"title": "Pizza", "category": "food", "needed_by_on": TODAY + timedelta(days=9), "by": None, "now": NOW}
    return needs.state_need(group=group, **{**words, **values})


def answers(**values: object) -> dict[str, object]:
    day = (timezone.localdate() + timedelta(days=9)).isoformat()
    return {"title": "Pizza for thirty", "category": "food", "needed_by_on": day, "currency": "EUR", **values}


def address(group: Group) -> str:
    return f"{group.get_absolute_url()}needs/"


def test_need_is_stated_in_money_or_in_kind(group: Group, organiser: Member) -> None:
    need = state(group, by=organiser, amount=Decimal("180.00"), currency="EUR", note="  Late.  ")
    assert (need.state, need.group, need.event, need.note, need.stated_by) == ("open", group, None, "Late.", organiser)
    assert (need.amount_text, need.is_in_kind) == ("€180", False)
    gift = state(group, currency="EUR")
    assert (gift.currency, gift.is_in_kind, gift.amount_text) == ("", True, "in kind")
    with translation.override("de"):
        assert money.in_words(Decimal("1234.50"), "EUR") == "1.234,50\xa0€"
        assert money.in_words(Decimal("1234"), "EUR") == "1.234\xa0€"
    assert money.currency_of("ke", TODAY) == "KES"
    assert money.currency_of("de", TODAY) == "EUR" == money.currency_of("", TODAY)


def test_same_form_sent_twice_states_one_need_and_a_foreign_key_none(group: Group, organiser: Member) -> None:
    key = uuid.uuid4()
    first = state(group, by=organiser, key=key)
    assert state(group, by=organiser, key=key) == first
    other = state(GroupFactory(), by=organiser, key=key)
    assert other.pk != first.pk
    assert (group.needs.count(), SponsorshipNeed.objects.count()) == (1, 2)


@pytest.mark.parametrize(
    ("days", "event", "reason"),
    [(-1, {}, "day"), (367, {}, "day"), (11, {"in_days": 10}, "day"), (5, {"in_days": 10, "state": "draft"}, "event"),
     (0, {"in_days": -1}, "event"), (5, {"in_days": 10, "group": "other"}, "event")],
)  # fmt: skip
def test_need_is_refused_with_a_word_on_what_is_wrong(group: Group, days: int, event: dict, reason: str) -> None:
    values: dict[str, object] = {"needed_by_on": TODAY + timedelta(days=days)}
    if event:
        of_group = GroupFactory() if event.pop("group", "") else group
        starts = NOW + timedelta(days=event.pop("in_days"))
        values["event"] = EventFactory(group=of_group, starts_at=starts, **event)
    with pytest.raises(MoveRefused) as refusal:
        state(group, **values)
    assert refusal.value.reason == reason
    assert not SponsorshipNeed.objects.exists()


@pytest.mark.parametrize(
    "group_values",
    [{"state": "dormant"}, {"state": "suspended"}, {"kind": "external", "external_url": "https://example.org/"}],
)
def test_only_official_groups_that_are_awake_ask(group_values: dict[str, str]) -> None:
    with pytest.raises(MoveRefused, match="official groups"):
        state(GroupFactory(**group_values))


def test_a_group_asks_for_a_handful_at_once(group: Group) -> None:
    rows = [NeedFactory(group=group) for _ in range(needs.MOST_STANDING)]
    with pytest.raises(MoveRefused, match="at most"):
        state(group)
    needs.move_need(need=rows[0], to=State.FULFILLED, actors={"organiser"}, now=NOW)
    assert state(group).is_open


def test_moves_go_by_the_table_and_closing_says_why(group: Group) -> None:
    need = state(group)
    with pytest.raises(MoveRefused, match="may not move"):
        needs.move_need(need=need, to=State.MATCHED, actors={"organiser"}, now=NOW)
    assert needs.move_need(need=need, to=State.MATCHED, actors={"system"}, now=NOW).badge == ("wait", "Promised")
    assert needs.move_need(need=need, to=State.OPEN, actors={"system"}, now=NOW).is_open
    with pytest.raises(MoveRefused, match="Say why"):
        needs.move_need(need=need, to=State.CLOSED, actors={"organiser"}, now=NOW, reason="  ")
    closed = needs.move_need(need=need, to=State.CLOSED, actors={"organiser"}, now=NOW, reason="Cooked ourselves.")
    assert (closed.is_settled, closed.closed_because) == (True, "Cooked ourselves.")
    for to in State:
        with pytest.raises(MoveRefused, match="cannot become"):
            needs.move_need(need=need, to=to, actors={"organiser", "system", "keeper"}, now=NOW, reason="x")


@pytest.mark.parametrize(
    ("values", "constraint"),
    [({"group": None}, "need_of_group_or_event"), ({"amount": Decimal(5)}, "need_amount_has_currency"),
     ({"currency": "EUR"}, "need_amount_has_currency"), ({"amount": Decimal(-5), "currency": "EUR"}, "need_amount"),
     ({"amount": Decimal(5), "currency": "e€"}, "need_amount_has_currency"), ({"title": ""}, "need_says_what"),
     ({"state": "closed"}, "need_closed_says_why"), ({"state": "sold"}, "need_state_known")],
)  # fmt: skip
def test_database_refuses_what_no_need_is(values: dict[str, object], constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        NeedFactory(**values)


def test_needs_of_a_date_go_with_it_and_past_ones_close_where_they_are(group: Group) -> None:
    event = EventFactory(group=group, starts_at=NOW + timedelta(days=10))
    of_date, other = state(group, event=event), state(group)
    events.cancel_event(event=event, reason="Flood", now=NOW)
    of_date.refresh_from_db()
    assert (of_date.state, of_date.closed_because) == ("closed", "The event was called off.")
    # Midnight has passed in Auckland, not in Honolulu.
    east, west = GroupFactory(time_zone="Pacific/Auckland"), GroupFactory(time_zone="Pacific/Honolulu")
    gone, stays = (NeedFactory(group=one, needed_by_on=TODAY) for one in (east, west))
    promised = NeedFactory(group=east, needed_by_on=TODAY, state=State.MATCHED)
    assert needs.close_past_needs(now=NOW) == 1
    assert [one.state for one in SponsorshipNeed.objects.filter(pk__in=[gone.pk]).all()] == ["closed"]
    left = SponsorshipNeed.objects.standing()
    assert set(left) == {other, stays, promised}


def test_organisers_state_and_close_on_their_page(signed_in, group: Group, organiser: Member) -> None:
    event = EventFactory(group=group, title="Sprint night")
    client = signed_in(organiser)
    page = client.get(address(group)).content.decode()
    assert "Sprint night" in page
    assert "volunteer and unpaid" in page
    answer = client.post(address(group), answers(amount="180", event=event.pk))
    assert answer["Location"] == address(group)
    need = SponsorshipNeed.objects.get()
    assert (need.event, need.amount, need.currency, need.stated_by) == (event, Decimal(180), "EUR", organiser)
    assert client.post(f"{address(group)}{need.pk}/close/", {"reason": ""}).status_code == 200
    need.refresh_from_db()
    assert need.is_open
    client.post(f"{address(group)}{need.pk}/close/", {"reason": "We cook"})
    need.refresh_from_db()
    assert (need.state, need.closed_because) == ("closed", "We cook")
    assert "We cook" in client.get(address(group)).content.decode()
    again = NeedFactory(group=group)
    assert client.get(f"{address(group)}{again.pk}/fulfilled/").status_code == 405
    client.post(f"{address(group)}{again.pk}/fulfilled/")
    again.refresh_from_db()
    assert again.state == "fulfilled"


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [({"title": " "}, "title", "few words"), ({"category": "gold"}, "category", "Select a valid"),
     ({"needed_by_on": "2020-01-01"}, "needed_by_on", "from today on"), ({"amount": "0"}, "amount", "greater than"),
     ({"amount": "5", "currency": ""}, "currency", "which currency"), ({"currency": "XQX"}, "currency", "no currency"),
     ({"event": "999999"}, "event", "valid choice")],
)  # fmt: skip
def test_bad_answers_get_a_sentence_and_lose_nothing(signed_in, group, organiser, wrong, field, words) -> None:
    answer = signed_in(organiser).post(address(group), answers(note="Kept <b>words</b>", **wrong))
    assert answer.status_code == 200
    assert words in str(answer.context["form"].errors[field])
    assert "Kept &lt;b&gt;words&lt;/b&gt;" in answer.content.decode()
    assert not SponsorshipNeed.objects.exists()


def test_nobody_else_states_or_moves_a_need(signed_in, group, organiser, other_organiser, member, stranger) -> None:
    need = NeedFactory(group=group)
    paths = [address(group), f"{address(group)}{need.pk}/close/", f"{address(group)}{need.pk}/fulfilled/"]
    for who in (other_organiser, member, stranger):
        client = signed_in(who)
        assert [client.post(path, answers(reason="x")).status_code for path in paths] == [403, 403, 403]
    assert {signed_in(None).post(path)["Location"].split("?")[0] for path in paths} == {"/accounts/login/"}
    # Another group's need is not reached through one's own group.
    foreign = NeedFactory()
    client = signed_in(organiser)
    assert client.post(f"{address(group)}{foreign.pk}/fulfilled/").status_code == 404
    assert client.post(f"{address(group)}{foreign.pk}/close/", {"reason": "x"}).status_code == 404
    assert set(SponsorshipNeed.objects.values_list("state", flat=True)) == {"open"}


def test_everybody_reads_open_needs_on_the_pages_of_group_and_event(client, group: Group) -> None:
    event = EventFactory(group=group, title="Sprint night")
    NeedFactory(group=group, title="A projector", amount=Decimal(90), currency="GBP")
    NeedFactory(group=group, event=event, title="Soup", state=State.MATCHED)
    NeedFactory(group=group, title="Long ago", needed_by_on=timezone.localdate() - timedelta(days=2))
    NeedFactory(group=group, title="Had it", state=State.FULFILLED)
    NeedFactory(title="Of others")
    html = client.get(group.get_absolute_url()).content.decode()
    assert [word in html for word in ("A projector", "£90", "Soup", "Promised", "No money is paid")] == [True] * 5
    assert [word in html for word in ("Long ago", "Had it", "Of others")] == [False] * 3
    of_event = client.get(event.get_absolute_url()).content.decode()
    assert "Soup" in of_event
    assert "A projector" not in of_event
    Group.objects.filter(pk=group.pk).update(state="suspended")
    assert set(SponsorshipNeed.objects.shown(timezone.localdate()).values_list("title", flat=True)) == {"Of others"}


def test_team_asks_for_a_camp_and_closes_in_the_admin(client) -> None:
    staff = UserFactory(is_staff=True)
    client.force_login(staff)
    base = "/admin/meetups/sponsorshipneed/"
    assert client.get(base).status_code == 403
    staff.user_permissions.set(Permission.objects.filter(content_type__model="sponsorshipneed"))
    camp = EventFactory(group=None, kind=Event.Kind.CAMP)
    mine = EventFactory()
    day = timezone.localdate() + timedelta(days=3)
    sent = {"title": "Captions", "category": "access", "amount": "400", "currency": "BRL", "needed_by_on": day}
    assert "themselves" in client.post(f"{base}add/", {**sent, "event": mine.pk}).content.decode()
    late = {**sent, "event": camp.pk, "needed_by_on": day + timedelta(days=30)}
    assert "after the event" in client.post(f"{base}add/", late).content.decode()
    assert client.post(f"{base}add/", {**sent, "event": camp.pk}).status_code == 302
    need = SponsorshipNeed.objects.get()
    assert (need.event, need.group, need.amount_text) == (camp, None, "R$400")
    client.post(base, {"action": "close_chosen", "_selected_action": [need.pk]})
    need.refresh_from_db()
    assert (need.state, bool(need.closed_because)) == ("closed", True)
