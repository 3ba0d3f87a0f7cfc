"""The tables of the partner programme, by noun."""

from partners.models.applications import PartnerApplication, PartnerApplicationMove
from partners.models.contacts import PartnerContact, PartnerInvitation, ProfileChange
from partners.models.flags import FairPlayFlag
from partners.models.partners import Partner, PartnerLogo, PartnerMembership, PartnerSanction
from partners.models.runs import RankingRule, RankingRun, Standing
from partners.models.sponsorship import Sponsorship, SponsorshipOffer

__all__ = [
    "FairPlayFlag",
    "Partner",
    "PartnerApplication",
    "PartnerApplicationMove",
    "PartnerContact",
    "PartnerInvitation",
    "PartnerLogo",
    "PartnerMembership",
    "PartnerSanction",
    "ProfileChange",
    "RankingRule",
    "RankingRun",
    "Sponsorship",
    "SponsorshipOffer",
    "Standing",
]
