"""Meetups in the admin."""

from meetups.admin import applications, communities, founding, groups, interest, life, needs

__all__ = ["applications", "communities", "founding", "groups", "interest", "life", "needs"]
