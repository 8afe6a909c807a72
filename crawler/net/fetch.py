"""The fetcher: one URL asked for, one Capture out, whatever happened on the way."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Self

import h11
import msgspec
import trio

from archive.capture import Capture, Revisit
from archive.http import Head
from archive.store.types import Previous
from crawler.errors import FetchError
from crawler.net.proxy import Proxy
from crawler.net.reply import Bounds
from crawler.net.resolve import Resolver
from crawler.net.transport import Place, Transport, Wire
from sites.url import host_key, hostname, origin, path_query

__all__ = ["Fetcher"]

_ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


class Fetcher:
    """Asks servers for pages. Never follows a redirect, never sends a cookie. `clock` gives microseconds (UTC
    epoch); `max_body` counts bytes on the wire, `timeout` seconds for a whole exchange; `memory` is what all
    exchanges together may hold before they spill to files without a name in `spool` (None: the system's
    temporary folder). Through `proxy` if there is one. An async context manager; its `exchange` may run in many tasks at once."""

    def __init__(
        self,
        resolver: Resolver,
        *,
        user_agent: str,
        clock: Callable[[], int],
        max_body: int = 20 * 2**20,
        timeout: float = 60.0,
        memory: int = 128 * 2**20,
        spool: Path | None = None,
        bounds: Bounds | None = None,
        tls: ssl.SSLContext | None = None,
        proxy: Proxy | None = None,
    ) -> None:
        self._agent, self._clock = user_agent, clock
        bounds = bounds or Bounds(max_body=max_body, timeout=timeout)
        self._transport = Transport(resolver, bounds=bounds, memory=memory, spool=spool, tls=tls, proxy=proxy)

    async def exchange(
        self,
        url: str,
        *,
        previous: Previous | None = None,
        via: str = "",
        hops: str = "",
        accept: str = "",
        keep: Callable[[Head], bool] | None = None,
        headers: Mapping[str, str] | None = None,
        max_body: int | None = None,
    ) -> Capture:
        """One GET of an ada href. A failure that was to be expected is a Capture with `error` "reason: what
        happened" (reasons: dns, connect, proxy, tls, timeout, reset, protocol, refused-address).

        `previous` makes the request conditional; a 304 is then a revisit of it. `keep` is asked with the
        response's head: when it says no, the head alone is kept, truncated by length. `headers` are added;
        the values of Cookie and Authorization are sent, and archived as REDACTED. `max_body` overrides.
        Raises DiskFull or ArchiveError when a long body could not be spilled.
        """
        bounds = self._transport.bounds
        if max_body is not None:
            bounds = msgspec.structs.replace(bounds, max_body=max_body)
        begun, started = self._clock(), trio.current_time()
        wire, revisit = Wire(), None
        try:
            alike = _template(self._headers(url, previous, accept, headers))
            asked = h11.Request(method="GET", target=path_query(url), headers=alike.headers)
            wire = await self._transport.ask(_place(origin(url)), asked, bounds=bounds, keep=keep)
        except FetchError as error:
            wire.error = f"{error.reason}: {error}"
        if previous is not None and wire.head.status == 304:
            revisit = Revisit(
                "server-not-modified", previous.record_id, url, previous.date, previous.payload_digest
            )
        return Capture(
            url=url, request=wire.request, response=wire.response, fetched_at=begun,
            took=int((trio.current_time() - started) * 1_000_000), peer=wire.peer, tls=wire.tls,
            truncated=wire.truncated, error=wire.error, via=via, hops=hops, revisit=revisit,
        )  # fmt: skip

    async def refusal(self, url: str) -> str:
        """Why the place of an ada href may never be asked ("refused-address: …"), "" if it may. Looks the name up."""
        return await self._transport.refusal(_place(origin(url)))

    def _headers(
        self, url: str, previous: Previous | None, accept: str, more: Mapping[str, str] | None
    ) -> tuple[tuple[str, str], ...]:
        found = [
            ("Host", host_key(url)),
            ("User-Agent", self._agent),
            ("Accept", accept or _ACCEPT),
            ("Accept-Encoding", "gzip, deflate"),
        ]
        if previous is not None and previous.etag:
            found.append(("If-None-Match", previous.etag))
        if previous is not None and previous.last_modified:
            found.append(("If-Modified-Since", previous.last_modified))
        return (*found, *more.items()) if more else tuple(found)

    async def aclose(self) -> None:
        """Close the idle connections."""
        await self._transport.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        return f"<Fetcher {self._agent!r} {self._transport!r}>"


@lru_cache(maxsize=4096)
def _place(place: str) -> Place:
    """Where an origin is to be asked."""
    scheme, host = place.partition(":")[0], hostname(place)
    port = place[place.index("//") + 2 + len(host) :].lstrip(":")
    return scheme, host, int(port) if port else 443 if scheme == "https" else 80


@lru_cache(maxsize=4096)
def _template(headers: tuple[tuple[str, str], ...]) -> h11.Request:
    """A request with these headers: h11 checks them once for all requests that are alike."""
    return h11.Request(method="GET", target="/", headers=list(headers))
