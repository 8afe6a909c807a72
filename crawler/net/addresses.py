"""Which addresses and ports may be spoken to. Arithmetic only: the name look-up is `resolve`'s.

    address ──unwrap (mapped, NAT64)──▶ in an allowed CIDR? ─▶ yes
                                        public unicast?     ─▶ yes
                                        else                ─▶ refused, with the reason

The tables are the IANA IPv4 and IPv6 Special-Purpose Address Registries. Tunnels that carry an IPv4 address
inside (6to4, Teredo) are refused as a whole: nobody serves a page from them.
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from crawler.errors import ConfigError

__all__ = ["AddressGuard", "is_public", "why_refused"]

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_SPECIAL = {
    "0.0.0.0/8": "this network",
    "10.0.0.0/8": "private",
    "100.64.0.0/10": "carrier-grade NAT",
    "127.0.0.0/8": "loopback",
    "169.254.0.0/16": "link-local",
    "172.16.0.0/12": "private",
    "192.0.0.0/24": "protocol assignment",
    "192.0.2.0/24": "documentation",
    "192.88.99.0/24": "6to4 relay",
    "192.168.0.0/16": "private",
    "198.18.0.0/15": "benchmarking",
    "198.51.100.0/24": "documentation",
    "203.0.113.0/24": "documentation",
    "224.0.0.0/4": "multicast",
    "255.255.255.255/32": "broadcast",
    "240.0.0.0/4": "reserved",
    "::/128": "unspecified",
    "::1/128": "loopback",
    "::/96": "IPv4-compatible",
    "::ffff:0:0:0/96": "IPv4-translated",
    "64:ff9b:1::/48": "local NAT64",
    "100::/64": "discard-only",
    "2001::/32": "Teredo",
    "2001::/23": "protocol assignment",
    "2001:db8::/32": "documentation",
    "2002::/16": "6to4",
    "3fff::/20": "documentation",
    "5f00::/16": "segment routing",
    "fc00::/7": "private",
    "fe80::/10": "link-local",
    "fec0::/10": "site-local",
    "ff00::/8": "multicast",
}
_NETWORKS = tuple((ip_network(text), why) for text, why in _SPECIAL.items())
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")


def _parse(address: str) -> Address:
    return ip_address(address.partition("%")[0])


def _unwrap(address: Address) -> Address:
    """The IPv4 address inside an IPv4-mapped or NAT64 one; others as they are."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        if address in _NAT64:
            return IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def why_refused(address: str) -> str:
    """What is wrong with an address ("loopback", "private", …); "" for a public unicast one."""
    inner = _unwrap(_parse(address))
    for network, why in _NETWORKS:
        if inner.version == network.version and inner in network:
            return why
    if isinstance(inner, IPv6Address) and inner not in _GLOBAL_UNICAST:
        return "not global unicast"
    return ""


def is_public(address: str) -> bool:
    """Whether a literal IPv4 or IPv6 address (no brackets) is one anybody on the Internet can serve from."""
    return not why_refused(address)


class AddressGuard:
    """What the operator allows beyond public addresses and the ports 80 and 443.

    `allow` are CIDRs ("127.0.0.0/8"), `ports` the ports that a seed, a plugin or `--resolve` names. Raises
    ConfigError, naming `name`, for a CIDR that is none.
    """

    def __init__(
        self, allow: Iterable[str] = (), ports: Iterable[int] = (), *, name: str = "allow_address"
    ) -> None:
        self._allow: list[Network] = []
        for text in allow:
            try:
                self._allow.append(ip_network(text))
            except ValueError as error:
                raise ConfigError(f"{name} {text!r} is no address range, like 10.1.0.0/16: {error}") from None
        self._ports = frozenset((80, 443, *ports))

    def allows_port(self, port: int) -> bool:
        return port in self._ports

    def allows(self, address: str) -> bool:
        """Whether this literal address may be spoken to."""
        return not self.refusal(address)

    def refusal(self, address: str) -> str:
        """Why this address may not be spoken to ("loopback", "private", …), "" if it may."""
        why = why_refused(address)
        if not why:
            return ""
        plain = _parse(address)
        for candidate in (plain, _unwrap(plain)):
            if any(candidate.version == n.version and candidate in n for n in self._allow):
                return ""
        return why

    def __repr__(self) -> str:
        return (
            f"<AddressGuard {', '.join(map(str, self._allow)) or 'public only'}; ports {sorted(self._ports)}>"
        )
