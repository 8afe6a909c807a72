"""httpx's transport interface over ours, for scripts: their requests pass the same guard and keep to the same bounds.

httpx.Request ─▶ Transport.ask ─▶ httpx.Response, with the Wire in `extensions["wire"]`

The crawl's own fetcher does not come this way: httpx's objects would cost it a tenth of an exchange.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import h11
import httpx

from archive.http import payload_pieces
from crawler.net.transport import Transport, Wire

__all__ = ["HttpxTransport"]


class HttpxTransport(httpx.AsyncBaseTransport):
    """`httpx.AsyncClient(transport=HttpxTransport(transport))`. The whole response is read before it is handed out.
    Raises FetchError when nothing could be asked."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        host = url.raw_host.decode("ascii")
        place = (
            url.scheme,
            f"[{host}]" if ":" in host else host,
            url.port or (443 if url.scheme == "https" else 80),
        )
        asked = h11.Request(method=request.method, headers=request.headers.raw, target=url.raw_path)
        wire = await self._transport.ask(place, asked)
        head = wire.head
        return httpx.Response(
            head.status if 100 <= head.status <= 999 else 599,
            headers=[(k.encode("latin-1"), v.encode("latin-1")) for k, v in head.headers],
            stream=_Payload(wire),
            extensions={"wire": wire},
        )

    async def aclose(self) -> None:
        """Close what is idle."""
        await self._transport.aclose()


class _Payload(httpx.AsyncByteStream):
    """The transfer-decoded body, for httpx."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in payload_pieces(self._wire.response, self._wire.head):
            yield piece
