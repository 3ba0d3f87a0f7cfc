"""Meetup groups, interest in a place, applications to found a group, series and events."""

from meetups.models.applications import Application, ApplicationEvent, ApplicationOrganiser
from meetups.models.events import Event, Series
from meetups.models.groups import Group, GroupMembership, Organiser
from meetups.models.interest import Interest

__all__ = [
    "Application",
    "ApplicationEvent",
    "ApplicationOrganiser",
    "Event",
    "Group",
    "GroupMembership",
    "Interest",
    "Organiser",
    "Series",
]
