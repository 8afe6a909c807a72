"""One exchange at a time and host, over connections that are kept: what comes of it is a Wire, the bytes as they crossed.

ask ─▶ kept connection | resolve, dial ─▶ send ─▶ head ─▶ body ─▶ Wire
       died unasked? once more, anew       all that crossed
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

import certifi
import h11
import trio
from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_attempt

from archive.capture import Octets, Tls
from archive.http import Head, parse_head
from crawler.errors import FetchError
from crawler.net.proxy import Proxy
from crawler.net.reply import Bounds, Reply, Truncation
from crawler.net.resolve import Resolver
from crawler.net.tape import Budget, Tape
from crawler.net.wire import Connection, dial

__all__ = ["REDACTED_HEADERS", "Keep", "Place", "Transport", "Wire"]

_IDLE = 15.0
_MAX_IDLE = 128
REDACTED_HEADERS = ("authorization", "cookie", "proxy-authorization")
"""Request headers whose values are sent, and archived as REDACTED."""

_SECRET = re.compile(rb"(?im)^((?:%b):[ \t]*)[^\r\n]*" % "|".join(REDACTED_HEADERS).encode())
_NO_HEAD = parse_head(b"")

Place = tuple[str, str, int]
"""Scheme, host as it stands in a URL (IPv6 in brackets), port."""
Keep = Callable[[Head], bool]


class _StaleError(Exception):
    """A kept connection had been closed by the server: a new one may help."""


class Wire:
    """What one exchange left: the request as sent, secrets redacted, and the reply's bytes."""

    __slots__ = ("error", "head", "peer", "request", "response", "tls", "truncated")

    def __init__(self) -> None:
        self.request, self.peer, self.error = b"", "", ""
        self.response: Octets = b""
        self.tls: Tls | None = None
        self.truncated: Truncation = ""
        self.head = _NO_HEAD


class Transport:
    """Exchanges alone: redirects, cookies and decoding are not its business. Connects to a literal address that the
    resolver approved, with SNI and Host still the name. Keeps one idle connection a host."""

    def __init__(
        self, resolver: Resolver, *, bounds: Bounds | None = None, memory: int = 128 * 2**20,
        spool: Path | None = None, tls: ssl.SSLContext | None = None, proxy: Proxy | None = None,
    ) -> None:  # fmt: skip
        self._resolver, self.bounds, self._tls, self._proxy = resolver, bounds or Bounds(), tls, proxy
        self.budget = Budget(memory, spool)
        self._idle: dict[Place, Connection] = {}

    async def ask(
        self, place: Place, asked: h11.Request, *, bounds: Bounds | None = None, keep: Keep | None = None
    ) -> Wire:
        """One exchange; `keep` is asked with the head whether the body is wanted. Raises FetchError when nothing could be
        asked."""
        bounds = bounds or self.bounds
        try:
            return await self._once(place, asked, bounds, keep)
        except _StaleError:
            again = AsyncRetrying(
                retry=retry_if_exception_type(_StaleError), stop=stop_after_attempt(2), reraise=True
            )
            return await again(self._once, place, asked, bounds, keep)

    async def refusal(self, place: Place) -> str:
        """Why the guard refuses this place, "" when it does not (or the name has no address just now)."""
        try:
            await self._resolver.endpoints(*place[1:])
        except FetchError as error:
            return f"{error.reason}: {error}" if error.reason == "refused-address" else ""
        return ""

    async def _once(self, place: Place, asked: h11.Request, bounds: Bounds, keep: Keep | None) -> Wire:
        wire, tape = Wire(), Tape(self.budget)
        http = h11.Connection(h11.CLIENT, max_incomplete_event_size=bounds.max_head)
        reply = Reply(http, tape, bounds, asked.method.decode("ascii"))
        connection = self._kept(place)
        try:
            with trio.move_on_after(bounds.timeout) as scope:
                if connection is None:
                    connection = await self._open(place, bounds)
                data = (http.send(asked) or b"") + (http.send(h11.EndOfMessage()) or b"")
                wire.request, wire.peer, wire.tls = (
                    _SECRET.sub(rb"\1REDACTED", data),
                    connection.peer,
                    connection.tls,
                )
                # It may have answered and closed before all was sent: what it said is read.
                with suppress(trio.BrokenResourceError, trio.ClosedResourceError):
                    await connection.send(data)
                await connection.receive(reply, scope, bounds, body=False)
                if keep is not None and reply.head is not None and not keep(reply.head):
                    reply.refuse_body()
                await connection.receive(reply, scope, bounds, body=True)
            if connection is None:
                raise FetchError("timeout", f"no connection within {bounds.timeout:g} s")
            if not reply.done:
                slow = "" if reply.head is not None else f"timeout: no whole head within {bounds.timeout:g} s"
                reply.stop("time", slow)
            if connection.used and not tape.size and reply.error.startswith("reset"):
                raise _StaleError
            wire.response, wire.head = tape.octets() if tape.size else b"", reply.head or _NO_HEAD
            wire.truncated, wire.error = reply.truncated, reply.error
            return wire
        finally:
            tape.release()
            if connection is not None:
                await self._let_go(place, connection, reusable=reply.done and reply.reusable)

    def _kept(self, place: Place) -> Connection | None:
        connection = self._idle.get(place)
        if connection is None:
            return None
        if trio.current_time() - connection.idle_since > _IDLE or not connection.alive:
            return None  # stays in the pool until its place is needed: `_let_go` closes it
        del self._idle[place]
        return connection

    async def _open(self, place: Place, bounds: Bounds) -> Connection:
        scheme, host, port = place
        addresses, port = await self._resolver.endpoints(host, port)
        context = None
        if scheme == "https":
            self._tls = context = self._tls or _verifying()
        reach = trio.open_tcp_stream
        if self._proxy is not None:
            reach = partial(self._proxy.reach, lookup=self._resolver.unjudged)
        return await dial(addresses, port, host, context, bounds.connect, reach)

    async def _let_go(self, place: Place, connection: Connection, *, reusable: bool) -> None:
        """Keep the connection, or close it; and close what has been idle for too long."""
        gone = [] if reusable else [connection]
        now = trio.current_time()
        if reusable:
            connection.used, connection.idle_since = True, now
            gone.extend(filter(None, [self._idle.pop(place, None)]))
            self._idle[place] = connection
        for other in list(self._idle):  # the longest idle come first
            if len(self._idle) <= _MAX_IDLE and now - self._idle[other].idle_since <= _IDLE:
                break
            gone.append(self._idle.pop(other))
        for old in gone:
            await old.close()

    async def aclose(self) -> None:
        """Close what is idle."""
        while self._idle:
            await self._idle.popitem()[1].close()

    def __repr__(self) -> str:
        return f"<Transport {len(self._idle)} idle, {self.budget.held} bytes in memory>"


def _verifying() -> ssl.SSLContext:
    """Verifies against the system's and certifi's authorities; HTTP/1.1 is offered alone."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    context.set_alpn_protocols(["http/1.1"])
    return context
