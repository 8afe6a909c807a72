"""Names to approved addresses: looked up once, every answer judged, the caller connects to the literal.

    host, port ─▶ port named? ─▶ --resolve override | literal | getaddrinfo ─▶ all allowed? ─▶ Endpoint

One bad answer refuses the host: a name that mixes public and private addresses is a rebinding attempt.
"""

from __future__ import annotations

import socket
from collections.abc import Awaitable, Callable, Iterable, Sequence
from ipaddress import ip_address

import msgspec
import trio

from crawler.errors import ConfigError, FetchError
from crawler.net.addresses import Gate
from sites.url import normal_host

__all__ = ["Endpoint", "Lookup", "Override", "Resolver", "parse_override"]

Lookup = Callable[[str], Awaitable[Sequence[str]]]
"""A host name to literal addresses; raises OSError when the name has none."""

_CACHE_SIZE = 4096


class Endpoint(msgspec.Struct, frozen=True):
    """Where to connect to: literal addresses that the gate let through, in the order to try them."""

    addresses: tuple[str, ...]
    port: int


class Override(msgspec.Struct, frozen=True):
    """`NAME=ADDR:PORT`: connections to `name` (a host, or host:port) go to this address and port."""

    name: str
    address: str
    port: int


def parse_override(text: str) -> Override:
    """`NAME=ADDR:PORT`, an IPv6 address in brackets. Raises ConfigError."""
    name, equals, target = text.partition("=")
    address, colon, port = target.rpartition(":")
    try:
        host = normal_host(name)
        if not (equals and colon and host and 0 < int(port) < 65536):
            raise ValueError
        literal = str(ip_address(address.removeprefix("[").removesuffix("]")))
    except ValueError:
        raise ConfigError(
            f"resolve {text!r}: write it as NAME=ADDRESS:PORT, like news.example=192.0.2.7:8080"
        ) from None
    return Override(host, literal, int(port))


class Resolver:
    """Resolves and judges. Answers are kept for `keep` seconds; look-ups run in threads of their own
    (`lookups` at once), each within `timeout` seconds, and a look-up that hangs holds up no other work.
    """

    def __init__(
        self,
        gate: Gate,
        overrides: Iterable[Override] = (),
        *,
        lookup: Lookup | None = None,
        timeout: float = 10.0,
        keep: float = 60.0,
        lookups: int = 16,
    ) -> None:
        self.gate = gate
        self._overrides = {o.name: o for o in overrides}
        self._lookup = lookup or self._getaddrinfo
        self._timeout, self._keep = timeout, keep
        self._limiter = trio.CapacityLimiter(lookups)
        self._cache: dict[str, tuple[float, tuple[str, ...]]] = {}

    async def resolve(self, host: str, port: int, host_key: str = "") -> Endpoint:
        """The endpoint for a URL's host (as ada writes it) and port. `host_key` is the host with a port that
        is not the default. Raises FetchError: `refused-address`, `dns` or `timeout`.
        """
        key = host_key or host
        override = self._overrides.get(key) or self._overrides.get(host)
        if override is not None:
            return self._judged(host, Endpoint((override.address,), override.port))
        if not self.gate.port_allowed(key, port):
            raise FetchError(
                "refused-address",
                f"port {port} of {host} is named by no seed, site or --resolve",
                retryable=False,
            )
        literal = _literal(host)
        return self._judged(host, Endpoint((literal,) if literal else await self._addresses(host), port))

    def _judged(self, host: str, endpoint: Endpoint) -> Endpoint:
        for address in endpoint.addresses:
            why = self.gate.refusal(address)
            if why:
                name = "" if address == host.strip("[]") else f"{host} is at "
                raise FetchError(
                    "refused-address",
                    f"{name}{address} ({why}); --allow-address would have to name it",
                    retryable=False,
                )
        return endpoint

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
            detail = getattr(error, "strerror", None) or error
            raise FetchError("dns", f"{host}: {detail}") from None
        if not found:
            raise FetchError("dns", f"{host} has no address")
        if len(self._cache) >= _CACHE_SIZE:
            del self._cache[next(iter(self._cache))]
        self._cache.pop(host, None)
        self._cache[host] = (trio.current_time() + self._keep, found)
        return found

    async def _getaddrinfo(self, host: str) -> Sequence[str]:
        answers = await trio.to_thread.run_sync(_ask, host, limiter=self._limiter, abandon_on_cancel=True)
        return [str(sockaddr[0]) for *_, sockaddr in answers]

    def __repr__(self) -> str:
        return f"<Resolver {len(self._overrides)} overrides, {len(self._cache)} names kept, {self.gate!r}>"


def _ask(host: str) -> Sequence[tuple[object, ...]]:
    # As bytes: given a str, the socket module would apply its own (2003) idea of IDNA to what ada settled.
    return socket.getaddrinfo(host.encode("ascii"), None, type=socket.SOCK_STREAM)


def _literal(host: str) -> str:
    """The address that a URL's host spells, "" if it is a name. ada has turned 0x7f.1 and its like into
    dotted quads already."""
    try:
        return str(ip_address(host.removeprefix("[").removesuffix("]")))
    except ValueError:
        return ""
