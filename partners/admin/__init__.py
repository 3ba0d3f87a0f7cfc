"""The partner programme as the team runs it."""

from partners.admin import partners

__all__ = ["partners"]
