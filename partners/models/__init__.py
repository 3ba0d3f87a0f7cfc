"""The tables of the partner programme, by noun."""

from partners.models.partners import Partner, PartnerMembership, PartnerSanction
from partners.models.runs import RankingRule, RankingRun, Standing

__all__ = ["Partner", "PartnerMembership", "PartnerSanction", "RankingRule", "RankingRun", "Standing"]
