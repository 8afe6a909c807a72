"""A small real HTTP proxy on loopback that knows CONNECT and nothing else, and remembers what it was asked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import trio

__all__ = ["ProxyServer", "proxy_server"]


class ProxyServer:
    """`asked` are the heads of the CONNECTs in the order they came, `relayed` the bytes that went to the servers.
    `refusal` is answered instead of connecting when it is not empty. Every tunnel ends at `target` (a port on
    loopback) if that is set, whatever was asked for: the test plays the Internet."""

    def __init__(self) -> None:
        self.asked: list[bytes] = []
        self.relayed = bytearray()
        self.refusal = b""
        self.target = 0
        self.port = 0

    async def serve(self, client: trio.SocketStream) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            data = await client.receive_some(4096)
            if not data:
                return
            head += bytes(data)
        self.asked.append(head)
        if self.refusal:
            await client.send_all(self.refusal)
            return
        address, _, port = head.split(b" ")[1].decode().rpartition(":")
        place = ("127.0.0.1", self.target) if self.target else (address.strip("[]"), int(port))
        server = await trio.open_tcp_stream(*place)
        await client.send_all(b"HTTP/1.1 200 Connection established\r\nVia: a small proxy\r\n\r\n")
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._relay, client, server, self.relayed)
            nursery.start_soon(self._relay, server, client, bytearray())

    async def _relay(self, source: trio.SocketStream, sink: trio.SocketStream, seen: bytearray) -> None:
        try:
            while data := bytes(await source.receive_some(65536)):
                seen += data
                await sink.send_all(data)
        except (trio.BrokenResourceError, trio.ClosedResourceError):
            pass
        await sink.aclose()


@asynccontextmanager
async def proxy_server() -> AsyncIterator[ProxyServer]:
    """A ProxyServer that serves until the block ends."""
    server = ProxyServer()
    async with trio.open_nursery() as nursery:
        listeners = await trio.open_tcp_listeners(0, host="127.0.0.1")
        server.port = listeners[0].socket.getsockname()[1]
        nursery.start_soon(trio.serve_listeners, server.serve, listeners)
        yield server
        nursery.cancel_scope.cancel()
