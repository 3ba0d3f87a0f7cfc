"""Sources and their imports, contributions, weights, and the summaries every page reads."""

from dashboard.models.connection_tests import ConnectionTest
from dashboard.models.contributions import Contribution
from dashboard.models.sources import Channel, DeadLetter, ImportRun, Source, Stream
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
    "ConnectionTest",
    "Contribution",
    "CreditedWork",
    "DayCount",
    "DeadLetter",
    "ImportRun",
    "MemberWindow",
    "MonthCredit",
    "OrganisationWindow",
    "Source",
    "Stream",
    "SummaryState",
    "Weight",
    "WeightVersion",
    "WindowTotals",
]
