"""Meetup groups, interest in a place, applications to found a group and their review, series and events."""

from meetups.models.applications import Application, ApplicationEvent, ApplicationOrganiser
from meetups.models.calendars import CalendarKey
from meetups.models.elsewhere import CommunitySuggestion
from meetups.models.events import Event, Series
from meetups.models.groups import Group, GroupMembership, Organiser
from meetups.models.interest import Interest
from meetups.models.life import ForumCategory, GroupMove, LinkCheck, OnboardingTask, OrganiserRequest
from meetups.models.news import GroupLetter, HeldNews
from meetups.models.review import (
    ApplicationComment,
    ApplicationRevision,
    Criterion,
    CriterionCheck,
    CriterionVerdict,
    VenueConfirmation,
)
from meetups.models.sponsorship import SponsorshipNeed

__all__ = [
    "Application",
    "ApplicationComment",
    "ApplicationEvent",
    "ApplicationOrganiser",
    "ApplicationRevision",
    "CalendarKey",
    "CommunitySuggestion",
    "Criterion",
    "CriterionCheck",
    "CriterionVerdict",
    "Event",
    "ForumCategory",
    "Group",
    "GroupLetter",
    "GroupMembership",
    "GroupMove",
    "HeldNews",
    "Interest",
    "LinkCheck",
    "OnboardingTask",
    "Organiser",
    "OrganiserRequest",
    "Series",
    "SponsorshipNeed",
    "VenueConfirmation",
]
