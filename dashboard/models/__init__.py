"""Sources and their imports, contributions, weights, and the summaries every page reads."""

from dashboard.models.connection_tests import ConnectionTest
from dashboard.models.contributions import Contribution
from dashboard.models.sources import FILE_STREAM, Channel, DeadLetter, ImportRun, Source, SourceQuota, Stream
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
    "FILE_STREAM",
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
    "SourceQuota",
    "Stream",
    "SummaryState",
    "Weight",
    "WeightVersion",
    "WindowTotals",
]
