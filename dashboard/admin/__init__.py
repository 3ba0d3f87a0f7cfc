"""The dashboard as the team runs it: sources and their imports, levels, alerts, monthly updates."""

from dashboard.admin import alerts, grants, imports, levels, sources, updates

__all__ = ["alerts", "grants", "imports", "levels", "sources", "updates"]
