"""The team's view of accounts, people and organisations."""

from portal.members.admin.accounts import UserAdmin
from portal.members.admin.matching import MergeSuggestionAdmin, SharedNameAdmin
from portal.members.admin.organisations import AffiliationAdmin, OrganisationAdmin
from portal.members.admin.people import IdentityAdmin, MemberAdmin, MergeAdmin, RoleAdmin

__all__ = [
    "AffiliationAdmin",
    "IdentityAdmin",
    "MemberAdmin",
    "MergeAdmin",
    "MergeSuggestionAdmin",
    "OrganisationAdmin",
    "RoleAdmin",
    "SharedNameAdmin",
    "UserAdmin",
]
