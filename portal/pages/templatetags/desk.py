"""The team's desk, for the home of the admin."""

from django import template
from django.utils import timezone

from portal.members.models import User
from portal.pages.desk import Line, read_desk

register = template.Library()


@register.simple_tag(takes_context=True)
def desk_lines(context: template.Context) -> list[Line]:
    """What waits for the reader."""
    user = context["request"].user
    return read_desk(user, now=timezone.now()) if isinstance(user, User) else []
