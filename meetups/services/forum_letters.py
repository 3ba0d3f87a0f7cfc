"""Letters about a group's category on the forum."""

from django.conf import settings
from django.urls import reverse

from meetups.models import ForumCategory, Organiser
from meetups.services.letters import absolute
from portal.mail import services as mail


def category_made(category: ForumCategory) -> None:
    """To the group's organisers: where it is."""
    group = category.group
    context: dict[str, object] = {
        "group_name": group.name,
        "category_url": category.url,
        "url": absolute(group.get_absolute_url()),
    }
    seats = Organiser.objects.current().filter(group=group, member__user__is_active=True)
    for seat in seats.select_related("member__user"):
        user = seat.member.user  # type: ignore[union-attr]
        mail.queue(
            kind="forum_category_made",
            about=f"group:{group.pk}",
            address=user.email,  # type: ignore[union-attr]
            recipient_key=f"user:{user.pk}",  # type: ignore[union-attr]
            language=user.language,  # type: ignore[union-attr]
            time_zone=user.time_zone or "UTC",  # type: ignore[union-attr]
            context=context,
        )


def category_by_hand(category: ForumCategory) -> None:
    """To the team: please make it, with the text to paste. Once for each reason."""
    if not settings.COMMUNITY.contact_email:
        return
    path = reverse("admin:meetups_forumcategory_change", args=[category.pk])
    mail.queue(
        kind="forum_category_by_hand",
        about=f"group:{category.group_id}",
        address=settings.COMMUNITY.contact_email,
        recipient_key="team",
        revision=category.attempt,
        context={**paste(category), "reason": category.error, "admin_url": absolute(path)},
    )


def paste(category: ForumCategory) -> dict[str, str]:
    """What somebody needs to make the category by hand: name, parent and first text."""
    group = category.group
    return {
        "category_name": category.name,
        "parent_url": str(settings.COMMUNITY.links.get("meetups_forum", "")),
        "group_name": group.name,
        "place": group.place_text,
        "url": absolute(group.get_absolute_url()),
    }
