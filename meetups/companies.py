"""Whether two names mean one company: accents, case, punctuation and legal forms are left out. Pure."""

from portal.places.names import fold

#: Legal forms, folded, as they stand at the end of a name; "s.r.o." and "S.A." are folded to one word before.
LEGAL_FORMS = frozenset(
    (
        *("ab", "ag", "aps", "as", "asa", "bv", "bvba", "co", "company", "corp", "corporation", "doo", "ehf", "ev"),
        *("gbr", "gmbh", "hf", "inc", "incorporated", "kft", "kg", "kk", "lda", "limited", "llc", "llp", "ltd", "ltda"),
        *("mbh", "nv", "oy", "oyj", "ohg", "oü", "ou", "plc", "pty", "pvt", "private", "sa", "sarl", "sas", "sasu"),
        *("se", "sl", "slu", "sp", "spa", "spol", "spzoo", "srl", "sro", "ug", "und", "and", "y", "oo", "z", "o"),
    )
)


def bare_company(name: str) -> str:
    """The name companies are compared by: "Acme GmbH & Co. KG" and "ACME" are one. Empty when nothing is said.

    A name of legal forms alone ("SE") stays as it is.
    """
    words = fold(name).split()
    kept = list(words)
    while len(kept) > 1 and kept[-1] in LEGAL_FORMS:
        kept.pop()
    return " ".join(kept)
