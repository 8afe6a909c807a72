"""The fetcher: one URL asked for, one Capture out, whatever happened on the way."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from types import TracebackType
from typing import Self

import httpx

from archive.capture import Capture, Revisit
from archive.store.types import Previous
from crawler.errors import FetchError
from crawler.net.resolve import Resolver
from crawler.net.transport import Exchange, WireTransport

__all__ = ["Fetcher"]

_ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


class Fetcher:
    """Asks servers for pages. Never follows a redirect, never sends a cookie. `clock` gives microseconds."""

    def __init__(
        self,
        resolver: Resolver,
        *,
        user_agent: str,
        clock: Callable[[], int],
        max_body: int = 20 * 2**20,
        timeout: float = 60.0,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._agent, self._clock = user_agent, clock
        self._transport = WireTransport(resolver, max_body=max_body, timeout=timeout, tls=tls)

    async def exchange(
        self, url: str, *, previous: Previous | None = None, via: str = "", hops: str = ""
    ) -> Capture:
        """One GET. A failure that was to be expected is a Capture with `error` "reason: what happened"."""
        headers = {
            "User-Agent": self._agent,
            "Accept": _ACCEPT,
            "Accept-Encoding": "gzip, deflate",
            "Connection": "keep-alive",
        }
        if previous is not None and previous.etag:
            headers["If-None-Match"] = previous.etag
        if previous is not None and previous.last_modified:
            headers["If-Modified-Since"] = previous.last_modified
        begun = self._clock()
        try:
            request = httpx.Request("GET", url, headers=headers)
            if request.url.fragment or str(request.url) != url:
                raise FetchError(
                    "refused-address", f"httpx reads another URL: {request.url}", retryable=False
                )
            response = await self._transport.handle_async_request(request)
        except FetchError as error:
            return Capture(
                url=url,
                fetched_at=begun,
                took=self._clock() - begun,
                error=f"{error.reason}: {error}",
                via=via,
                hops=hops,
            )
        except (httpx.InvalidURL, ValueError) as error:
            return Capture(url=url, fetched_at=begun, error=f"refused-address: {error}", via=via, hops=hops)
        raw: Exchange = response.extensions["exchange"]
        revisit = None
        if response.status_code == 304 and previous is not None:
            revisit = Revisit(
                "server-not-modified", previous.record_id, url, previous.date, previous.payload_digest
            )
        return Capture(
            url=url,
            request=raw.request,
            response=raw.response,
            fetched_at=begun,
            took=self._clock() - begun,
            peer=raw.peer,
            tls=raw.tls,
            truncated=raw.truncated,
            error=raw.error,
            via=via,
            hops=hops,
            revisit=revisit,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._transport.aclose()
