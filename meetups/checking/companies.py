"""Whether two people work for one company: by its name without the legal form, by the domain of their mail. Pure."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from portal.members.domains import is_public_provider
from portal.places.names import fold

#: Legal forms at the end of a name, folded; those of several words are written without spaces between single letters.
LEGAL_FORMS = frozenset(
    (
        *("gmbh", "ggmbh", "ag", "ug", "kg", "ohg", "gbr", "mbh", "ev", "eg", "ek", "se", "co", "haftungsbeschrankt"),
        *("ltd", "limited", "llc", "llp", "lp", "plc", "inc", "incorporated", "corp", "corporation", "company", "cic"),
        *("sa", "sas", "sasu", "sarl", "eurl", "srl", "spa", "sl", "slu", "lda", "ltda", "eireli", "bv", "nv", "vof"),
        *("ab", "as", "asa", "aps", "oy", "oyj", "kft", "zrt", "sro", "doo", "dd", "sp", "spzoo", "ooo", "pty", "pvt"),
        *("kk", "pte", "sdn", "bhd", "cc", "fzco", "fze", "sapi", "cv", "de", "and", "und", "y", "i"),
    )
)
_POLISH = re.compile(r"\bsp z ?o ?o\b")
#: What people write who have no company.
_NOBODY = frozenset(
    (
        *("", "none", "no", "nothing", "n a", "na", "private", "me", "myself", "student", "retired", "unemployed"),
        *("self employed", "selfemployed", "freelance", "freelancer", "freelancers", "independent", "contractor"),
        *("selbststandig", "selbstandig", "freiberufler", "freiberuflich", "autonomo", "autonoma", "independant"),
        *("independiente", "consultant", "independent consultant", "sole trader", "zzp", "zzper", "privat"),
    )
)


@dataclass(frozen=True, slots=True)
class Worker:
    """What is known of where somebody works: names typed or recorded, our own numbers of them, addresses of mail."""

    names: Sequence[str] = ()
    organisations: Collection[int] = ()
    emails: Collection[str] = field(default_factory=tuple)


def normal_company(name: str) -> str:
    """A company's name for comparison: "ACME G.m.b.H. & Co. KG" -> "acme"; "" for nobody's (freelancers, "none")."""
    words = _joined(_POLISH.sub("spzoo", fold(name)).split())
    while len(words) > 1 and words[-1] in LEGAL_FORMS:
        words.pop()
    plain = " ".join(words)
    return "" if plain in _NOBODY else plain


def _joined(words: Sequence[str]) -> list[str]:
    """ "s", "r", "o" -> "sro": legal forms are written with and without spaces."""
    joined: list[str] = []
    letters = ""
    for word in words:
        if len(word) == 1 and word.isalpha():
            letters += word
            continue
        joined += [letters] if letters else []
        joined.append(word)
        letters = ""
    return [*joined, letters] if letters else joined


def mail_domain(email: str) -> str:
    """The domain when it says where somebody works; "" for providers that give an address to anybody."""
    domain = email.strip().lower().rpartition("@")[2].rstrip(".")
    return "" if not domain or is_public_provider(domain) else domain


def shared_company(one: Worker, other: Worker) -> str:
    """What shows that two people work for one company (its name or the domain of their mail), or ""."""
    theirs = {normal_company(name) for name in other.names} - {""}
    for name in one.names:
        if normal_company(name) in theirs:
            return name
    if set(one.organisations) & set(other.organisations):
        return next(iter([*one.names, *other.names]), "")
    domains = {mail_domain(email) for email in one.emails} & {mail_domain(email) for email in other.emails}
    return next(iter(sorted(domains - {""})), "")


def all_from_one(workers: Sequence[Worker]) -> str:
    """What shows that all of them work for one company, or "" when any two may work for different ones."""
    if len(workers) < 2:
        return ""
    reached, found = {0}, ""
    frontier = [0]
    while frontier:
        here = frontier.pop()
        for index, worker in enumerate(workers):
            if index not in reached and (shared := shared_company(workers[here], worker)):
                reached.add(index)
                frontier.append(index)
                found = found or shared
    return found if len(reached) == len(workers) else ""
