"""What may be done to people: accounts, identities, merges, affiliations, profiles."""

from portal.members.services.accounts import member_of
from portal.members.services.affiliations import (
    add_affiliation,
    confirm_affiliation,
    end_affiliation,
    reject_affiliation,
)
from portal.members.services.erasure import ErasureRefused
from portal.members.services.identities import IdentityTaken, claim_identity, is_taken
from portal.members.services.matching import (
    accept_suggestion,
    match,
    match_if_changed,
    put_off_suggestion,
    refuse_suggestion,
)
from portal.members.services.merges import MergeRefused, merge_members, undo_merge
from portal.members.services.organisations import organisation_called
from portal.members.services.profiles import note_by_hand, set_bot_state, set_visibility

__all__ = [
    "ErasureRefused",
    "IdentityTaken",
    "MergeRefused",
    "accept_suggestion",
    "add_affiliation",
    "claim_identity",
    "confirm_affiliation",
    "end_affiliation",
    "is_taken",
    "match",
    "match_if_changed",
    "member_of",
    "merge_members",
    "note_by_hand",
    "organisation_called",
    "put_off_suggestion",
    "refuse_suggestion",
    "reject_affiliation",
    "set_bot_state",
    "set_visibility",
    "undo_merge",
]
