"""A real server on loopback that plays raw bytes, one answer a path: what crosses the wire is what the test says."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import trio

__all__ = ["RawServer", "raw_server"]


class RawServer:
    """`origin` is "http://127.0.0.1:PORT"; `requests` the request bytes in the order they came. The connection
    is closed after an answer, unless that contains "keep-alive-please". A path in `hold` is answered and then
    left open, saying nothing more. `log` has each path asked for, when, and when its answer was out (trio's clock)."""

    def __init__(self, answers: Mapping[str, bytes], tls: ssl.SSLContext | None = None) -> None:
        self.answers, self.tls = answers, tls
        self.requests: list[bytes] = []
        self.log: list[tuple[str, float, float]] = []
        self.hold: set[str] = set()
        self.connections = 0
        self.port = 0

    @property
    def origin(self) -> str:
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}"

    async def serve(self, stream: trio.SocketStream) -> None:
        self.connections += 1
        wire: trio.abc.Stream = stream
        if self.tls:
            wire = trio.SSLStream(stream, self.tls, server_side=True, https_compatible=True)
        try:
            while True:
                asked = b""
                while b"\r\n\r\n" not in asked:
                    data = await wire.receive_some(65536)
                    if not data:
                        return
                    asked += bytes(data)
                begun = trio.current_time()
                self.requests.append(asked)
                path = asked.split(b" ")[1].decode()
                answer = self.answers.get(path, b"")
                await wire.send_all(answer)
                self.log.append((path, begun, trio.current_time()))
                if path in self.hold:
                    await wire.receive_some(1)
                    return
                if b"keep-alive-please" not in answer:
                    await wire.aclose()
                    return
        except (trio.BrokenResourceError, trio.ClosedResourceError):
            return


@asynccontextmanager
async def raw_server(
    answers: Mapping[str, bytes], tls: ssl.SSLContext | None = None
) -> AsyncIterator[RawServer]:
    """A RawServer that serves until the block ends."""
    server = RawServer(answers, tls)
    async with trio.open_nursery() as nursery:
        listeners = await trio.open_tcp_listeners(0, host="127.0.0.1")
        server.port = listeners[0].socket.getsockname()[1]
        nursery.start_soon(trio.serve_listeners, server.serve, listeners)
        yield server
        nursery.cancel_scope.cancel()
