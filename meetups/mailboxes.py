"""Whether two addresses are one mailbox. Pure."""


def bare_address(email: str) -> str:
    """The mailbox behind an address: lower case, without a +tag. One person with two spellings is one person.

    Google's mail reads no dots in a name and goes by two domains.
    """
    local, _at, domain = email.strip().lower().rpartition("@")
    local = local.partition("+")[0]
    if domain in {"gmail.com", "googlemail.com"}:
        local, domain = local.replace(".", ""), "gmail.com"
    return f"{local}@{domain}"
