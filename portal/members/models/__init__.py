"""People and organisations: accounts, members, identities, affiliations, roles."""

from portal.members.models.accounts import User
from portal.members.models.identities import FormerName, Identity
from portal.members.models.matching import DifferentPeople, MatchingState, MergeSuggestion, SharedName
from portal.members.models.organisations import Affiliation, Organisation, OrganisationDomain
from portal.members.models.people import Member, MemberChange, Merge, Role

__all__ = [
    "Affiliation",
    "DifferentPeople",
    "FormerName",
    "Identity",
    "MatchingState",
    "Member",
    "MemberChange",
    "Merge",
    "MergeSuggestion",
    "Organisation",
    "OrganisationDomain",
    "Role",
    "SharedName",
    "User",
]
