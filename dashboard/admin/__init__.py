"""The dashboard as the team runs it: sources and their imports, weights, levels, alerts, monthly updates."""

from dashboard.admin import alerts, grants, imports, levels, sources, updates, weights

__all__ = ["alerts", "grants", "imports", "levels", "sources", "updates", "weights"]
