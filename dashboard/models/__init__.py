"""Sources and their imports, contributions, weights, and the summaries every page reads."""

from dashboard.models.contributions import Contribution
from dashboard.models.sources import Channel, DeadLetter, ImportRun, Source, Stream
from dashboard.models.starting import StartingPoint
from dashboard.models.summaries import (
    CreditedWork,
    DayCount,
    MemberWindow,
    MonthCredit,
    OrganisationWindow,
    SummaryState,
    WindowTotals,
)
from dashboard.models.weights import Weight, WeightVersion

__all__ = [
    "Channel",
    "Contribution",
    "CreditedWork",
    "DayCount",
    "DeadLetter",
    "ImportRun",
    "MemberWindow",
    "MonthCredit",
    "OrganisationWindow",
    "Source",
    "StartingPoint",
    "Stream",
    "SummaryState",
    "Weight",
    "WeightVersion",
    "WindowTotals",
]
