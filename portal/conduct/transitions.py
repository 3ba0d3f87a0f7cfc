"""The moves of a report. Pure. Appeals and sanctions come with the standing of people."""

from portal.jobs.transitions import Table

TEAM = "team"
_TEAM = frozenset({TEAM})

REPORT = Table(
    {
        ("received", "triage"): _TEAM,
        ("triage", "action"): _TEAM,
        ("triage", "none"): _TEAM,
        ("action", "closed"): _TEAM,
        ("none", "closed"): _TEAM,
        # Something new came to light.
        ("action", "triage"): _TEAM,
        ("none", "triage"): _TEAM,
        ("closed", "triage"): _TEAM,
    }
)
