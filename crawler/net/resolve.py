"""Names to approved addresses: looked up once, every answer judged, the caller connects to the literal.

    host, port ─▶ --resolve entry | port open? ─▶ literal | getaddrinfo ─▶ all allowed? ─▶ (address, port)

One bad answer refuses the host: a name that mixes public and private addresses is a rebinding attempt.
"""

from __future__ import annotations

import socket
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from ipaddress import ip_address

import trio

from crawler.errors import ConfigError, FetchError
from crawler.net.addresses import AddressGuard
from sites.url import normal_host

__all__ = ["Lookup", "Resolver", "parse_resolve"]

Lookup = Callable[[str], Awaitable[Sequence[str]]]
"""A host name to literal addresses; raises OSError when the name has none."""

_CACHE_SIZE = 4096


def parse_resolve(entries: Iterable[str], name: str = "--resolve") -> dict[str, tuple[str, int]]:
    """`NAME=ADDR:PORT` entries (IPv6 in brackets) as name → (address, port). Raises ConfigError naming `name`."""
    found = {}
    for text in entries:
        host_name, equals, target = text.partition("=")
        address, colon, port = target.rpartition(":")
        host = normal_host(host_name) if equals and colon else None
        literal = _literal(address)
        if not (host and literal and port.isascii() and port.isdigit() and 0 < int(port) < 65536):
            raise ConfigError(f"{name} {text!r}: write NAME=ADDRESS:PORT, like news.example=192.0.2.7:8080")
        found[host] = (literal, int(port))
    return found


class Resolver:
    """Resolves and judges. Answers are kept for `keep` seconds; look-ups run in threads of their own
    (`lookups` at once), each within `timeout` seconds: one that hangs holds up no other work.
    """

    def __init__(
        self,
        guard: AddressGuard,
        overrides: Mapping[str, tuple[str, int]] | None = None,
        *,
        lookup: Lookup | None = None,
        timeout: float = 10.0,
        keep: float = 60.0,
        lookups: int = 16,
    ) -> None:
        self.guard = guard
        self._overrides = dict(overrides or {})
        self._lookup = lookup or self._getaddrinfo
        self._timeout, self._keep, self._lookups = timeout, keep, lookups
        self._limiter: trio.CapacityLimiter | None = None
        self._cache: dict[str, tuple[float, tuple[str, ...]]] = {}

    async def resolve(self, host: str, port: int) -> tuple[str, int]:
        """The literal address and port to connect to, for a URL's host (as ada writes it) and port. Raises
        FetchError: `refused-address` or `dns`."""
        addresses, port = await self.endpoints(host, port)
        return addresses[0], port

    async def endpoints(self, host: str, port: int) -> tuple[tuple[str, ...], int]:
        """As `resolve`, with all the approved addresses in the order to try them."""
        told = self._overrides.get(f"{host}:{port}") or self._overrides.get(host)
        if told is not None:
            return self._judged(host, (told[0],)), told[1]
        if not self.guard.allows_port(port):
            raise FetchError(
                "refused-address",
                f"port {port} of {host}: no seed, site or --resolve names it",
                retryable=False,
            )
        literal = _literal(host)
        return self._judged(host, (literal,) if literal else await self._addresses(host)), port

    async def unjudged(self, host: str) -> tuple[str, ...]:
        """The addresses of a host that the operator has named, whatever they are: of a proxy."""
        literal = _literal(host)
        return (literal,) if literal else await self._addresses(host)

    def _judged(self, host: str, addresses: tuple[str, ...]) -> tuple[str, ...]:
        for address in addresses:
            why = self.guard.refusal(address)
            if why:
                name = "" if address == _literal(host) else f"{host} is at "
                message = f"{name}{address} ({why}): --allow-address would have to name it"
                raise FetchError("refused-address", message, retryable=False)
        return addresses

    async def _addresses(self, host: str) -> tuple[str, ...]:
        kept = self._cache.get(host)
        if kept is not None and kept[0] > trio.current_time():
            return kept[1]
        try:
            with trio.fail_after(self._timeout):
                found = tuple(dict.fromkeys(await self._lookup(host)))
        except trio.TooSlowError:
            raise FetchError("dns", f"no answer for {host} within {self._timeout:g} s") from None
        except (OSError, UnicodeError) as error:
            raise FetchError("dns", f"{host}: {getattr(error, 'strerror', None) or error}") from None
        if not found:
            raise FetchError("dns", f"{host} has no address")
        self._cache.pop(host, None)
        if len(self._cache) >= _CACHE_SIZE:
            del self._cache[next(iter(self._cache))]
        self._cache[host] = (trio.current_time() + self._keep, found)
        return found

    async def _getaddrinfo(self, host: str) -> Sequence[str]:
        self._limiter = self._limiter or trio.CapacityLimiter(self._lookups)
        return await trio.to_thread.run_sync(_ask, host, limiter=self._limiter, abandon_on_cancel=True)

    def __repr__(self) -> str:
        return f"<Resolver {len(self._overrides)} overrides, {len(self._cache)} names kept, {self.guard!r}>"


def _ask(host: str) -> Sequence[str]:
    # As bytes: given a str, the socket module would apply its own (2003) idea of IDNA to what ada settled.
    answers = socket.getaddrinfo(host.encode("ascii"), None, type=socket.SOCK_STREAM)
    return [str(sockaddr[0]) for *_, sockaddr in answers]


def _literal(host: str) -> str:
    """The address that a URL's host spells, "" if it is a name. ada has turned 0x7f.1 and its like into
    dotted quads already."""
    try:
        return str(ip_address(host.removeprefix("[").removesuffix("]")))
    except ValueError:
        return ""
