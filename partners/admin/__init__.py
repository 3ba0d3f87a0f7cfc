"""The partner programme as the team runs it."""

from partners.admin import partners, runs, versions

__all__ = ["partners", "runs", "versions"]
