"""Meetup groups, applications to found one, series and events."""

from meetups.models.applications import Application, ApplicationEvent, ApplicationOrganiser
from meetups.models.events import Event, Series
from meetups.models.groups import Group, GroupMembership, Organiser

__all__ = [
    "Application",
    "ApplicationEvent",
    "ApplicationOrganiser",
    "Event",
    "Group",
    "GroupMembership",
    "Organiser",
    "Series",
]
