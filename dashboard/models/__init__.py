"""Sources and their imports, contributions, weights, and the summaries every page reads."""

from dashboard.models.contributions import Contribution
from dashboard.models.levels import Level, LevelRule, MemberLevel, OrganisationLevel, OrganisationStanding
from dashboard.models.sources import Channel, DeadLetter, ImportRun, Source, Stream
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
from dashboard.models.weights import Weight, WeightVersion

__all__ = [
    "Channel",
    "Contribution",
    "CreditedWork",
    "DayCount",
    "DeadLetter",
    "ImportRun",
    "Level",
    "LevelRule",
    "MemberLevel",
    "MemberWindow",
    "MonthCredit",
    "OpenQuestion",
    "OrganisationLevel",
    "OrganisationStanding",
    "OrganisationWindow",
    "PageChange",
    "Source",
    "Stream",
    "SummaryState",
    "Weight",
    "WeightVersion",
    "WindowTotals",
]
