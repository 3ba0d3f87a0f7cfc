"""People and organisations: accounts, members, identities, affiliations, roles."""

from portal.members.models.accounts import User
from portal.members.models.organisations import Affiliation, Organisation, OrganisationDomain
from portal.members.models.people import Identity, Member, MemberChange, Merge, Role

__all__ = [
    "Affiliation",
    "Identity",
    "Member",
    "MemberChange",
    "Merge",
    "Organisation",
    "OrganisationDomain",
    "Role",
    "User",
]
