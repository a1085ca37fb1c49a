"""Which machines lie on the public internet, by address.  Pure.

    objection    why an address must not be connected to, or None

A table of our own: `ipaddress.is_global` calls NAT64, 6to4 and multicast addresses global by design, and before
Python 3.11.10 several reserved ones as well (CVE-2024-4032).  Source: the IANA special-purpose address registries
for IPv4 and IPv6, and RFC 6052, 3056, 4380, 5214 for addresses that carry another inside.
"""

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

IP = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

FAKE_IP: Final = IPv4Network("198.18.0.0/15")
"""Reserved for benchmarks; proxies with a fake-IP mode (Clash, sing-box, Surge) answer every look-up from it."""

_SPECIAL: Final[tuple[tuple[Network, str], ...]] = (
    (IPv4Network("0.0.0.0/8"), "this host"),
    (IPv4Network("10.0.0.0/8"), "a private network"),
    (IPv4Network("100.64.0.0/10"), "a provider's shared network"),
    (IPv4Network("127.0.0.0/8"), "this machine itself"),
    (IPv4Network("169.254.0.0/16"), "a link-local address"),
    (IPv4Network("172.16.0.0/12"), "a private network"),
    (IPv4Network("192.0.0.0/24"), "reserved for protocols"),
    (IPv4Network("192.0.2.0/24"), "reserved for documentation"),
    (IPv4Network("192.88.99.0/24"), "a 6to4 relay"),
    (IPv4Network("192.168.0.0/16"), "a private network"),
    (FAKE_IP, "reserved for benchmarks"),
    (IPv4Network("198.51.100.0/24"), "reserved for documentation"),
    (IPv4Network("203.0.113.0/24"), "reserved for documentation"),
    (IPv4Network("224.0.0.0/4"), "multicast"),
    (IPv4Network("240.0.0.0/4"), "reserved"),
    (IPv6Network("::/128"), "this host"),
    (IPv6Network("::1/128"), "this machine itself"),
    (IPv6Network("64:ff9b:1::/48"), "a private translation network"),
    (IPv6Network("100::/64"), "a sink for discarded packets"),
    (IPv6Network("2001::/23"), "reserved for protocols"),
    (IPv6Network("2001:db8::/32"), "reserved for documentation"),
    (IPv6Network("3fff::/20"), "reserved for documentation"),
    (IPv6Network("fc00::/7"), "a private network"),
    (IPv6Network("fe80::/10"), "a link-local address"),
    (IPv6Network("fec0::/10"), "a site-local address"),
    (IPv6Network("ff00::/8"), "multicast"),
)

_PUBLIC_6: Final = IPv6Network("2000::/3")
"""All that has been given out for the public IPv6 internet."""

_TRANSLATED: Final = (
    IPv6Network("64:ff9b::/96"),  # NAT64: how an IPv6-only network reaches IPv4
    IPv6Network("::ffff:0:0/96"),  # IPv4-mapped
    IPv6Network("::ffff:0:0:0/96"),  # IPv4-translated
    IPv6Network("::/96"),  # IPv4-compatible, long out of use
)


def objection(address: IP, allowed: Iterable[Network] = ()) -> str | None:
    """What speaks against connecting to this address: a word or two; None when it is public or allowed.

    allowed: ranges the user opened; they also open an address that carries one of theirs inside.

    >>> objection(ip_address("::ffff:127.0.0.1"))
    'this machine itself'
    >>> objection(ip_address("203.205.254.62")) is None
    True
    """
    allowed = tuple(allowed)
    for inner in (address, *_carried(address)):
        if any(inner in network for network in allowed):
            return None
        for network, what in _SPECIAL:
            if inner in network:
                return what
    if isinstance(address, IPv6Address) and address not in _PUBLIC_6:
        # NAT64 alone of the translated forms leads to the internet; its inner address has been looked at above.
        return None if address in _TRANSLATED[0] or address in _TRANSLATED[1] else "reserved"
    return None


def _carried(address: IP) -> Iterator[IPv4Address]:
    """The IPv4 addresses that routers may find inside an IPv6 one."""
    if isinstance(address, IPv4Address):
        return
    number = int(address)
    low = IPv4Address(number & 0xFFFFFFFF)
    if any(address in network for network in _TRANSLATED):
        yield low
    if address in IPv6Network("2002::/16"):  # 6to4
        yield IPv4Address(number >> 80 & 0xFFFFFFFF)
    if address in IPv6Network("2001::/32"):  # Teredo: server, and the client with its bits turned
        yield IPv4Address(number >> 64 & 0xFFFFFFFF)
        yield IPv4Address(~number & 0xFFFFFFFF)
    if number >> 32 & 0xFFFFFFFF & ~0x0200_0000 == 0x5EFE:  # ISATAP, whatever its prefix
        yield low


def parsed(text: str) -> IP:
    """The address a resolver gave, without the zone it may carry.  Raises ValueError."""
    return ip_address(text.partition("%")[0])
