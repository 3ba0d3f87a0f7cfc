"""Remembering that two are not the same person."""

from portal.members.models import DifferentPeople, Identity, Member, User


def say_different(*, one: Member, other: Member, by: User | None) -> None:
    """Remember that the identities of the one are not those of the other, whoever they belong to later."""
    owned = dict(Identity.objects.filter(member__in=[one, other]).values_list("pk", "member"))
    ones = [pk for pk, member in owned.items() if member == one.pk]
    remember_different(ones=ones, others=[pk for pk in owned if pk not in ones], by=by)


def remember_different(*, ones: list[int], others: list[int], by: User | None) -> None:
    """The same for identities by their keys."""
    DifferentPeople.objects.bulk_create(
        (DifferentPeople(first_id=min(a, b), second_id=max(a, b), by=by) for a in ones for b in others if a != b),
        ignore_conflicts=True,
    )
