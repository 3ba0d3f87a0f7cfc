"""Where a client may connect to: public addresses on the usual ports, and the pairs the operator listed."""

import ipaddress
import socket
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from portal.clients.errors import ForbiddenAddress, TransientError, UnknownHost

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolver = Callable[[str, int], list[str]]

_NO_SUCH_HOST = {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}
DEFAULT_PORTS = {"http": 80, "https": 443}

# What `is_global` calls public on some Python versions and what no service is ever reached at.
_REFUSED_V4 = tuple(
    ipaddress.IPv4Network(text)
    for text in ("0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15", "240.0.0.0/4")
)
_REFUSED_V6 = tuple(ipaddress.IPv6Network(text) for text in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"))
_GLOBAL_UNICAST_V6 = ipaddress.IPv6Network("2000::/3")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_COMPATIBLE_V4 = ipaddress.IPv6Network("::/96")


def _embedded(address: ipaddress.IPv6Address) -> list[ipaddress.IPv4Address]:
    """The IPv4 addresses that an IPv6 address stands for: mapped, compatible, NAT64, 6to4, Teredo, ISATAP."""
    if address.ipv4_mapped is not None:
        return [address.ipv4_mapped]
    last_32_bits = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    if address in _NAT64 or address in _COMPATIBLE_V4:
        return [last_32_bits]
    if address.sixtofour is not None:
        return [address.sixtofour]
    if address.teredo is not None:
        return list(address.teredo)
    if (int(address) >> 32) & 0xFFFFFFFF in (0x00005EFE, 0x02005EFE):
        return [last_32_bits]
    return []


def _is_public_v4(address: ipaddress.IPv4Address) -> bool:
    return address.is_global and not address.is_multicast and not any(address in net for net in _REFUSED_V4)


def is_public(text: str) -> bool:
    """Whether an address in text form (no name) lies on the public internet, wrapped addresses unwrapped."""
    try:
        address: IPAddress = ipaddress.ip_address(text)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv4Address):
        return _is_public_v4(address)
    if address.scope_id is not None:
        return False
    inner = _embedded(address)
    if inner:
        return all(_is_public_v4(one) for one in inner)
    return (
        address in _GLOBAL_UNICAST_V6
        and address.is_global
        and not address.is_multicast
        and not any(address in net for net in _REFUSED_V6)
    )


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host, in the order the system prefers, each once."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def normal_host(host: str) -> str:
    """A host for comparison: lower case, no brackets, no trailing dot."""
    return host.strip().strip("[]").rstrip(".").lower()


def _pairs(hosts: Iterable[str]) -> Iterator[tuple[str, int]]:
    for text in hosts:
        host, _, port = text.strip().rpartition(":")
        if host and port.isdigit():
            yield normal_host(host), int(port)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Scheme, host and port of a URL, in one form for comparison."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.scheme}://{self.host}:{self.port}"


def _split(url: str) -> SplitResult:
    if any(ord(char) <= 32 or ord(char) == 127 or char == "\\" for char in url):
        raise ForbiddenAddress("The address holds spaces, control characters or backslashes: it was not asked.")
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise ForbiddenAddress(f"The address cannot be read ({error}): it was not asked.") from error
    return parts


def endpoint_of(url: str) -> Endpoint:
    """Scheme, host and port of an absolute URL; raises ForbiddenAddress for anything but plain http and https."""
    parts = _split(url)
    if parts.scheme not in DEFAULT_PORTS:
        raise ForbiddenAddress("The address does not start with https:// or http://: it was not asked.")
    if parts.username is not None or parts.password is not None:
        raise ForbiddenAddress("The address holds a user name or password: it was not asked.")
    if not parts.hostname:
        raise ForbiddenAddress("The address has no host: it was not asked.")
    port = DEFAULT_PORTS[parts.scheme] if parts.port is None else parts.port
    return Endpoint(parts.scheme, normal_host(parts.hostname), port)


@dataclass(frozen=True, slots=True)
class AddressGuard:
    """Decides on every connection. `listed` are the `host:port` pairs that the operator allows although private."""

    listed: frozenset[tuple[str, int]] = frozenset()
    resolver: Resolver = field(default=resolve)

    @classmethod
    def from_hosts(cls, hosts: Iterable[str], resolver: Resolver = resolve) -> "AddressGuard":
        return cls(frozenset(_pairs(hosts)), resolver)

    def is_listed(self, host: str, port: int) -> bool:
        return (normal_host(host), port) in self.listed

    def check_url(self, url: str) -> Endpoint:
        """The endpoint of a URL that may be asked; raises ForbiddenAddress. Looks nothing up."""
        endpoint = endpoint_of(url)
        if endpoint.port not in DEFAULT_PORTS.values() and not self.is_listed(endpoint.host, endpoint.port):
            raise ForbiddenAddress(
                f"{endpoint.host}:{endpoint.port} is not on port 80 or 443: "
                "add it to ALLOWED_PRIVATE_HOSTS when the portal may go there."
            )
        return endpoint

    def addresses(self, host: str, port: int) -> list[str]:
        """Resolve a host once and return its addresses, all of them checked: connect to one of these only."""
        try:
            found = self.resolver(host, port)
        except (OSError, UnicodeError) as error:
            kind = UnknownHost if getattr(error, "errno", None) in _NO_SUCH_HOST else TransientError
            raise kind(f"The host {host} was not found.") from error
        if self.is_listed(host, port):
            return found
        if not found or not all(is_public(address) for address in found):
            raise ForbiddenAddress(
                f"{host} leads to an address inside a private network: nothing was sent. "
                f"Add {host}:{port} to ALLOWED_PRIVATE_HOSTS when the portal may go there."
            )
        return found
