"""Meetups in the admin."""

from meetups.admin import applications, groups, interest

__all__ = ["applications", "groups", "interest"]
