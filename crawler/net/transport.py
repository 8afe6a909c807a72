"""httpx's transport interface over our own connections: the reply carries the bytes as they crossed."""

from __future__ import annotations

import ssl
from types import TracebackType
from typing import Self

import httpx
import trio
from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_attempt

from archive.capture import Octets, Tls
from archive.http import parse_head
from archive.octets import octets_open
from crawler.errors import FetchError
from crawler.net.resolve import Resolver
from crawler.net.wire import Connection, Taken, Tape

__all__ = ["Exchange", "WireTransport"]

_IDLE = 10.0
_MAX_IDLE = 128
_CONNECT = 15.0


class StaleConnectionError(Exception):
    """A kept connection had been closed by the server: one new connection may help."""


class Exchange:
    """The raw side of a response, in `response.extensions["exchange"]`."""

    __slots__ = ("error", "peer", "request", "response", "tls", "truncated")

    def __init__(self, request: bytes, taken: Taken, peer: str, tls: Tls | None) -> None:
        self.request = request
        self.response: Octets = taken.response
        self.truncated, self.error, self.peer, self.tls = taken.truncated, taken.error, peer, tls


class WireTransport(httpx.AsyncBaseTransport):
    """One exchange a request: redirects, cookies and decoding are not its business. Connects to the literal
    address that the resolver approved, with SNI and Host still the name. Raises FetchError."""

    def __init__(
        self, resolver: Resolver, *, max_body: int, timeout: float, tls: ssl.SSLContext | None = None
    ) -> None:
        self._resolver, self._max_body, self._timeout = resolver, max_body, timeout
        self._tls = tls or ssl.create_default_context()
        self._idle: dict[tuple[str, str, int], Connection] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        host = url.raw_host.decode("ascii")
        port = url.port or (443 if url.scheme == "https" else 80)
        key = (url.scheme, host, port)
        headers = [(k.decode("ascii"), v.decode("latin-1")) for k, v in request.headers.raw]
        target = url.raw_path.decode("ascii")
        async for attempt in AsyncRetrying(
            retry=retry_if_exception_type(StaleConnectionError), stop=stop_after_attempt(2), reraise=True
        ):
            with attempt:
                exchange = await self._once(key, request.method, target, headers)
        return self._response(exchange)

    async def _once(
        self, key: tuple[str, str, int], method: str, target: str, headers: list[tuple[str, str]]
    ) -> Exchange:
        connection = await self._kept(key)
        fresh = connection is None
        sent, tape = b"", Tape()
        taken = Taken(b"", "", "", reusable=False)
        try:
            with trio.move_on_after(self._timeout) as scope:
                if connection is None:
                    connection = await self._connect(key)
                try:
                    sent, tape = await connection.exchange(method, target, headers)
                    taken = await connection.read(tape, self._max_body)
                except (trio.BrokenResourceError, trio.ClosedResourceError) as error:
                    taken = Taken(b"", "", f"reset: {error.__cause__ or error}", reusable=False)
            if connection is None:
                raise FetchError("timeout", f"no connection in {self._timeout:g} s")
            if scope.cancelled_caught:
                got = tape.take(tape.size) if tape.size > tape.start else b""
                taken = Taken(
                    got, "time" if got else "", f"timeout: not done in {self._timeout:g} s", reusable=False
                )
            if not taken.response and not fresh and taken.error.startswith("reset"):
                raise StaleConnectionError(taken.error)
            return Exchange(sent, taken, connection.peer, connection.tls)
        finally:
            if connection is not None:
                if taken.reusable and len(self._idle) < _MAX_IDLE:
                    connection.idle_since = trio.current_time()
                    self._idle[key] = connection
                else:
                    await connection.close()

    async def _kept(self, key: tuple[str, str, int]) -> Connection | None:
        connection = self._idle.pop(key, None)
        if connection is not None and trio.current_time() - connection.idle_since > _IDLE:
            await connection.close()
            return None
        return connection

    async def _connect(self, key: tuple[str, str, int]) -> Connection:
        scheme, host, port = key
        address, port = await self._resolver.resolve(host, port)
        try:
            with trio.fail_after(_CONNECT):
                stream: trio.abc.Stream = await trio.open_tcp_stream(address, port)
        except trio.TooSlowError:
            raise FetchError("connect", f"{address} port {port} did not answer in {_CONNECT:g} s") from None
        except OSError as error:
            raise FetchError("connect", f"{address} port {port}: {error.strerror or error}") from None
        if scheme == "http":
            return Connection(stream, address, None)
        secure = trio.SSLStream(stream, self._tls, server_hostname=host.strip("[]"), https_compatible=True)
        try:
            await secure.do_handshake()
        except (trio.BrokenResourceError, ssl.SSLError) as error:
            await trio.aclose_forcefully(stream)
            raise FetchError("tls", f"{host}: {error.__cause__ or error}") from None
        version = secure.version().replace("TLSv", "tls/")
        return Connection(secure, address, Tls(version, secure.cipher()[0]))

    def _response(self, exchange: Exchange) -> httpx.Response:
        head = parse_head(octets_open(exchange.response).read(65536)) if exchange.response else None
        status = head.status if head is not None else 0
        return httpx.Response(
            status if 100 <= status <= 999 else 599,
            headers=[(k.encode("latin-1"), v.encode("latin-1", "replace")) for k, v in head.headers]
            if head
            else [],
            stream=httpx.ByteStream(b""),
            extensions={"exchange": exchange},
        )

    async def aclose(self) -> None:
        """Close what is idle."""
        while self._idle:
            await self._idle.popitem()[1].close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        await self.aclose()
