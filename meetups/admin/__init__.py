"""Meetups in the admin."""

from meetups.admin import applications, groups

__all__ = ["applications", "groups"]
