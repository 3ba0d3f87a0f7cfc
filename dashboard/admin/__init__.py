"""The dashboard as the team runs it: sources and their imports, weights; what was imported is to read, not to write."""

from dashboard.admin import imports, sources, weights

__all__ = ["imports", "sources", "weights"]
