"""Mails to people who wait for a group: one has started in a town near theirs."""

from datetime import datetime

from django.urls import reverse

from meetups.models import Group
from meetups.services.letters import absolute, to_user
from portal.members.models import User
from portal.places.models import Place


def group_near(group: Group, user: User, km: float, place: Place, *, not_before: datetime | None = None) -> bool:
    """To somebody who said what they would do in `place`: there is a group in the next town, `km` away."""
    context: dict[str, object] = {
        "group_name": group.name,
        "group_place": str(group.place),
        "km": max(1, round(km)),
        "place": str(place),
        "url": absolute(group.get_absolute_url()),
        "place_url": absolute(reverse("meetups:place_detail", args=[place.slug])),
    }
    return to_user(
        user, kind="group_near", subject=f"group:{group.pk}", revision=0, context=context, not_before=not_before
    )
