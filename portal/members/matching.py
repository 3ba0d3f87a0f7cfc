"""What speaks for two members being one person, how much, and which proofs hold together; pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

EMAIL, USERNAME, NAME, LOCATION, ORGANISATION, LANGUAGE = (
    "email",
    "username",
    "name",
    "location",
    "organisation",
    "language",
)
#: Shares of a score of 100 at most. A name alone suggests nothing: it needs one of the reasons below it, or above.
POINTS = {EMAIL: 60, USERNAME: 40, NAME: 25, LOCATION: 20, ORGANISATION: 20, LANGUAGE: 5}
#: What more members than this share says nothing about who they are.
MOST_SHARERS = 8

SENTENCES = {
    EMAIL: _("the same e-mail address, not verified in both places"),
    USERNAME: _("the same user name in different places"),
    NAME: _("the same full name"),
    LOCATION: _("the same location"),
    ORGANISATION: _("the same organisation"),
    LANGUAGE: _("the same language"),
}

#: Proofs: the rule, and the words that a merge keeps as its reason.
PROOFS = {
    "verified_email": "the same verified e-mail address in two places",
    "github_noreply": "a GitHub no-reply address that carries the account's id",
}


@dataclass(frozen=True, slots=True)
class Face:
    """A member as a proof sees them: where they have accounts, how many, whether they sign in here."""

    member: int
    places: frozenset[tuple[str, str]]
    has_account: bool = False
    n_identities: int = 0

    @property
    def rank(self) -> tuple[bool, int, int]:
        """Who is kept of two: the one who signs in, else the one with more identities, else the older one."""
        return self.has_account, self.n_identities, -self.member


@dataclass(slots=True)
class _Cluster:
    kept: Face
    places: set[tuple[str, str]]
    members: set[int]
    has_account: bool


def proven_merges(
    proofs: Iterable[tuple[int, int, str]], faces: Mapping[int, Face], different: Iterable[tuple[int, int]] = ()
) -> list[tuple[int, int, str]]:
    """(kept, gone, proof) of all merges that the proofs (member, member, proof) allow, chains of them resolved.

    A proof does not hold against what speaks against it: two accounts in one place, two that sign in, or somebody's
    word that they are different people.
    """
    apart: dict[int, set[int]] = defaultdict(set)
    for one, other in different:
        apart[one].add(other)
        apart[other].add(one)
    clusters = {member: _Cluster(face, set(face.places), {member}, face.has_account) for member, face in faces.items()}
    reasons: dict[int, str] = {}
    for one, other, proof in proofs:
        first, second = clusters.get(one), clusters.get(other)
        if first is None or second is None or first is second or not _fit(first, second, apart):
            continue
        small, large = sorted((first, second), key=lambda cluster: cluster.kept.rank)
        reasons[small.kept.member] = proof
        large.places |= small.places
        large.members |= small.members
        large.has_account |= small.has_account
        for member in small.members:
            clusters[member] = large
    return [
        (clusters[member].kept.member, member, reasons[member])
        for member in sorted(clusters)
        if clusters[member].kept.member != member
    ]


def _fit(one: _Cluster, other: _Cluster, apart: Mapping[int, set[int]]) -> bool:
    if one.has_account and other.has_account:
        return False
    if one.places & other.places:
        return False
    return not any(apart.get(member, set()) & other.members for member in one.members)
