"""Meetups in the admin."""

from meetups.admin import applications, groups, interest, life

__all__ = ["applications", "groups", "interest", "life"]
