"""The partner programme as the team runs it."""

from partners.admin import decisions, partners, runs, versions

__all__ = ["decisions", "partners", "runs", "versions"]
