"""The moves that brought the demo's groups to where they are, on the days the rules would have made them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from meetups import life
from meetups.models import Group, GroupMove
from portal.pages.demo.circles import Circle

_SILENT = "No event was held or planned for {days} days."


def live(table: Sequence[Circle], groups: Mapping[str, Group]) -> None:
    """Write each group's history and since when it is what it is; communities elsewhere have none."""
    moves = [move for circle in table if circle.kind != "external" for move in _moves(groups[circle.name])]
    GroupMove.objects.bulk_create(moves)
    for move in moves:
        move.group.state_since = move.at
    Group.objects.bulk_update({move.group.pk: move.group for move in moves}.values(), ["state_since", "state_before"])


def _moves(group: Group) -> Iterator[GroupMove]:
    """Its first evening, then step by step down to its state, each as many days after the last evening as it takes."""
    if group.state == Group.State.ONBOARDING:
        return
    here = Group.State.ACTIVE
    first_at = group.founded_at + timedelta(days=35)
    yield _move(group, Group.State.ONBOARDING, here, first_at, "The first event was held.")
    last_at = max(group.last_held_at or first_at, first_at)
    if group.state == Group.State.SUSPENDED:
        group.state_before = here
        yield _move(group, here, group.state, last_at + timedelta(days=20), "While a report is being looked at.")
        return
    while here != group.state:
        following, days = life.STEPS[here]
        yield _move(group, here, following, last_at + timedelta(days=days), _SILENT.format(days=days))
        here = Group.State(following)


def _move(group: Group, source: str, target: str, at: datetime, reason: str) -> GroupMove:
    return GroupMove(group=group, from_state=source, to_state=target, at=at, reason=reason)
