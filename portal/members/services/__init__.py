"""What may be done to people: accounts, identities, merges, affiliations, profiles."""

from portal.members.services.accounts import member_of
from portal.members.services.affiliations import (
    add_affiliation,
    confirm_affiliation,
    correct_affiliation,
    end_affiliation,
    reject_affiliation,
    remove_affiliation,
)
from portal.members.services.claims import lapse_claims, suggest_affiliations, tell_of_claim
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
from portal.members.services.splitting import SplitRefused, split_identity

__all__ = [
    "ErasureRefused",
    "IdentityTaken",
    "MergeRefused",
    "SplitRefused",
    "accept_suggestion",
    "add_affiliation",
    "claim_identity",
    "confirm_affiliation",
    "correct_affiliation",
    "end_affiliation",
    "is_taken",
    "lapse_claims",
    "match",
    "match_if_changed",
    "member_of",
    "merge_members",
    "note_by_hand",
    "organisation_called",
    "put_off_suggestion",
    "refuse_suggestion",
    "reject_affiliation",
    "remove_affiliation",
    "set_bot_state",
    "set_visibility",
    "split_identity",
    "suggest_affiliations",
    "tell_of_claim",
    "undo_merge",
]
