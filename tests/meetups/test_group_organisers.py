"""Organisers of a group: invited, stepping down, removed, succeeded."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from meetups.models import Group, GroupMembership, Organiser
from meetups.services import organisers
from portal.jobs.transitions import MoveRefused
from portal.mail.models import Message
from portal.members.models import Member
from tests.meetups.factories import GroupMembershipFactory, OrganiserFactory, person

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def invited(group: Group, organiser: Member) -> Organiser:
    return organisers.invite(group=group, name="Bo", email="bo+work@example.org", by=organiser, now=timezone.now())


def link(seat: Organiser) -> str:
    return f"/meetups/organisers/{seat.token}/"


def current(group: Group) -> set[Member]:
    return {seat.member for seat in group.organisers.current().select_related("member")}


def searches() -> int:
    """As many as the daily look opens."""
    return sum(
        organisers.open_successor_search(group=Group(pk=key), revision=seat)
        for key, seat in organisers.lacking_organisers()
    )


def mails(kind: str) -> set[str]:
    return set(Message.objects.filter(kind=kind).values_list("address", flat=True))


def test_invited_person_answers_for_themselves(client, group: Group, organiser: Member, invited: Organiser) -> None:
    assert mails("co_organiser_invited") == {"bo+work@example.org"}
    assert invited.token in Message.objects.get().context["answer_url"]
    assert "Six promises" in client.get(link(invited)).content.decode()
    assert current(group) == {organiser}
    response = client.post(link(invited), {"answer": "accept", "agree": "1"})
    assert response["Location"] == f"/accounts/login/?next={link(invited)}"
    bo = person("Bo", email="bo@example.org")
    client.force_login(bo.user)
    assert "tick the box" in client.post(link(invited), {"answer": "accept"}).content.decode()
    assert current(group) == {organiser}
    assert client.post(link(invited), {"answer": "accept", "agree": "1"})["Location"] == group.get_absolute_url()
    assert current(group) == {organiser, bo}
    assert GroupMembership.objects.get().member == bo
    assert mails("co_organiser_answered") == {organiser.user.email}
    assert "was accepted" in client.get(link(invited)).content.decode()


def test_link_that_was_passed_on_lets_nobody_else_in(client, group, organiser, invited, stranger) -> None:
    client.force_login(stranger.user)
    assert "another address" in client.post(link(invited), {"answer": "accept", "agree": "1"}).content.decode()
    assert current(group) == {organiser}
    EmailAddress.objects.create(user=stranger.user, email="bo@example.org", verified=False)
    assert "another address" in client.post(link(invited), {"answer": "accept", "agree": "1"}).content.decode()
    EmailAddress.objects.update(verified=True)
    client.post(link(invited), {"answer": "accept", "agree": "1"})
    assert current(group) == {organiser, stranger}


def test_no_needs_no_account_and_forgets_the_person(client, group, organiser, invited) -> None:
    client.post(link(invited), {"answer": "decline"})
    invited.refresh_from_db()
    assert (invited.invited_email, invited.invited_name, invited.ended_at is None) == ("", "", False)
    assert "You said no" in client.get(link(invited)).content.decode()
    assert Message.objects.get(kind="co_organiser_answered").context["name"] == "Bo"
    assert current(group) == {organiser}


def test_unanswered_invitation_is_forgotten_after_a_month(group: Group, organiser: Member, invited: Organiser) -> None:
    assert organisers.forget_old_invitations(now=invited.invited_at + 29 * DAY) == 0
    assert organisers.forget_old_invitations(now=invited.invited_at + 30 * DAY) == 1
    assert [seat.member for seat in Organiser.objects.all()] == [organiser]


def test_inviting_is_for_organisers_of_this_group(
    signed_in, group, organiser, other_organiser, member, stranger
) -> None:
    url = f"/meetups/groups/{group.slug}/organisers/"
    for who in (other_organiser, member, stranger):
        assert signed_in(who).get(url).status_code == 403
        assert signed_in(who).post(url, {"name": "Cy", "email": "cy@example.org"}).status_code == 403
    client = signed_in(organiser)
    client.post(url, {"name": "Cy", "email": "cy@example.org"})
    assert mails("co_organiser_invited") == {"cy@example.org"}
    again = client.post(url, {"name": "Cy", "email": "Cy+two@example.org"})
    assert "was invited already" in again.content.decode()
    assert "belongs to an organiser" in client.post(url, {"name": "Me", "email": organiser.user.email}).content.decode()
    seat = Organiser.objects.get(invited_name="Cy")
    assert signed_in(stranger).post(f"{url}{seat.pk}/back/").status_code == 403
    signed_in(organiser).post(f"{url}{seat.pk}/back/")
    assert not Organiser.objects.filter(invited_name="Cy").exists()


def test_no_more_than_ten_invitations_a_day(group: Group, organiser: Member) -> None:
    for n in range(10):
        seat = organisers.invite(group=group, name="X", email=f"x{n}@example.org", by=organiser, now=timezone.now())
        organisers.take_back(seat=seat)
    with pytest.raises(MoveRefused, match="many invitations"):
        organisers.invite(group=group, name="X", email="y@example.org", by=organiser, now=timezone.now())


def test_stepping_down_opens_the_search_for_somebody_new(signed_in, group, organiser, member, stranger) -> None:
    second = OrganiserFactory(group=group).member
    deaf = GroupMembershipFactory(group=group, member=person(), hears_of_life=False).member
    seat = group.organisers.get(member=organiser)
    url = f"/meetups/groups/{group.slug}/organisers/{seat.pk}/end/"
    assert signed_in(stranger).post(url, {"reason": ""}).status_code == 403
    client = signed_in(organiser)
    assert "one person alone" in client.get(url).content.decode()
    assert current(group) == {organiser, second}
    client.post(url, {"reason": "A new job"})
    assert current(group) == {second}
    seat.refresh_from_db()
    assert (seat.ended_reason, seat.ended_at is None) == ("A new job", False)
    assert mails("organiser_ended") == {second.user.email}
    assert mails("successor_search") == {member.user.email}
    assert deaf.user.email not in mails("successor_search")
    # Once only: the daily look finds the same search.
    assert searches() == 0
    html = client.get(group.get_absolute_url()).content.decode()
    assert "looks for a second pair of hands" in html
    assert f"/meetups/groups/{group.slug}/step-up/" in html


def test_last_one_may_go_too_and_the_team_is_told(signed_in, settings, group: Group, organiser: Member) -> None:
    url = f"/meetups/groups/{group.slug}/organisers/{group.organisers.get().pk}/end/"
    client = signed_in(organiser)
    assert "nobody runs the group" in client.get(url).content.decode()
    client.post(url, {})
    assert current(group) == set()
    assert mails("group_alone") == {settings.COMMUNITY.contact_email} - {""}
    assert client.get(f"/meetups/groups/{group.slug}/organisers/").status_code == 403


def test_search_opens_also_where_an_organiser_went_in_another_way(group: Group, member: Member) -> None:
    OrganiserFactory(group=group)
    assert searches() == 1
    assert searches() == 0
    GroupMembershipFactory(group=group, member=person())
    assert searches() == 0
    assert mails("successor_search") == {member.user.email}


def gone_for(member: Member, days: int) -> None:
    at = timezone.now() - days * DAY
    type(member.user).objects.filter(pk=member.user.pk).update(last_login=at, joined_at=at)
    Organiser.objects.filter(member=member).update(accepted_at=at)
    member.user.refresh_from_db()


def test_who_is_gone_is_taken_off_the_list_and_told(signed_in, group, organiser, stranger, other_organiser) -> None:
    away = OrganiserFactory(group=group).member
    gone_for(away, 61)
    url = f"/meetups/groups/{group.slug}/organisers/{group.organisers.get(member=away).pk}/end/"
    for who in (stranger, other_organiser):
        assert signed_in(who).post(url, {"reason": "x"}).status_code == 403
    client = signed_in(organiser)
    assert "Say why" in client.post(url, {"reason": " "}).content.decode()
    assert current(group) == {organiser, away}
    client.post(url, {"reason": "Not seen since spring"})
    assert current(group) == {organiser}
    assert mails("organiser_removed") == {away.user.email}


def test_who_is_there_is_not_removed_by_another(signed_in, group: Group, organiser: Member) -> None:
    """Or the newest organiser could take a group over."""
    founder = OrganiserFactory(group=group).member
    gone_for(founder, 40)
    seat = group.organisers.get(member=founder)
    client = signed_in(organiser)
    response = client.post(f"/meetups/groups/{group.slug}/organisers/{seat.pk}/end/", {"reason": "Mine now"})
    assert "within the last two months" in response.content.decode()
    assert current(group) == {organiser, founder}
    with pytest.raises(MoveRefused, match="step down"):
        organisers.remove(
            seat=group.organisers.get(member=organiser), by=organiser.user, reason="x", now=timezone.now()
        )


def test_suspended_group_changes_no_organisers(signed_in, organiser: Member, group: Group) -> None:
    Group.objects.update(state="suspended")
    assert signed_in(organiser).get(f"/meetups/groups/{group.slug}/organisers/").status_code == 404
    with pytest.raises(MoveRefused, match="suspended"):
        organisers.invite(group=group, name="X", email="x@example.org", by=organiser, now=timezone.now())
    with pytest.raises(MoveRefused, match="suspended"):
        organisers.step_down(seat=group.organisers.get(), now=timezone.now())


def test_link_of_a_suspended_group_is_dead(client, invited: Organiser) -> None:
    Group.objects.update(state="suspended")
    assert client.get(link(invited)).status_code == 404
