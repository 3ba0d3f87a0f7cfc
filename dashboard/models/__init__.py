"""Sources and their imports, contributions, weights, and the summaries every page reads."""

from dashboard.models.alerts import Alert
from dashboard.models.connection_tests import ConnectionTest
from dashboard.models.contributions import Contribution
from dashboard.models.grants import Grant
from dashboard.models.levels import Level, LevelRule, MemberLevel, OrganisationLevel, OrganisationStanding
from dashboard.models.sources import FILE_STREAM, Channel, DeadLetter, ImportRun, Source, SourceQuota, Stream
from dashboard.models.starting import StartingPoint
from dashboard.models.summaries import (
    CreditedWork,
    DayCount,
    MemberWindow,
    MonthCredit,
    OpenQuestion,
    OrganisationWindow,
    PageChange,
    SummaryState,
    WindowTotals,
)
from dashboard.models.updates import MonthlyUpdate, Report, UpdateMailing, UpdatePost, UpdateReader
from dashboard.models.weights import Weight, WeightVersion

__all__ = [
    "FILE_STREAM",
    "Alert",
    "Channel",
    "ConnectionTest",
    "Contribution",
    "CreditedWork",
    "DayCount",
    "DeadLetter",
    "Grant",
    "ImportRun",
    "Level",
    "LevelRule",
    "MemberLevel",
    "MemberWindow",
    "MonthCredit",
    "MonthlyUpdate",
    "OpenQuestion",
    "OrganisationLevel",
    "OrganisationStanding",
    "OrganisationWindow",
    "PageChange",
    "Report",
    "Source",
    "SourceQuota",
    "StartingPoint",
    "Stream",
    "SummaryState",
    "UpdateMailing",
    "UpdatePost",
    "UpdateReader",
    "Weight",
    "WeightVersion",
    "WindowTotals",
]
