"""An HTTP proxy, by CONNECT alone (RFC 9110, 9.3.6): the tunnel ends at the literal address that the guard approved.

    proxy's host ─look-up─▶ TCP ─▶ CONNECT 93.184.215.14:443 ─▶ 2xx ─▶ a stream as if dialled directly

What goes through the tunnel is what would go to the server itself, so archives look the same with a proxy and
without. The proxy is the operator's own: its address is not judged, its credentials are in the CONNECT alone,
which is never archived.
"""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable, Sequence
from urllib.parse import unquote, urlsplit

import trio

from archive.http import parse_head
from crawler.errors import ConfigError, FetchError

__all__ = ["Proxy", "parse_proxy"]

_MAX_HEAD = 16 * 1024


class Proxy:
    """Made by `parse_proxy`. Its repr leaves the credentials out."""

    def __init__(self, host: str, port: int, credentials: str = "") -> None:
        self.host, self.port = host, port
        self._authorization = base64.b64encode(credentials.encode()).decode() if credentials else ""

    async def reach(
        self, address: str, port: int, lookup: Callable[[str], Awaitable[Sequence[str]]]
    ) -> trio.SocketStream:
        """A stream to the literal address and port, by way of the proxy. Raises OSError when the proxy cannot be
        reached, FetchError `proxy` when it refuses."""
        addresses = await lookup(self.host)
        stream = await trio.open_tcp_stream(addresses[0], self.port)
        try:
            await self._connect(stream, f"[{address}]:{port}" if ":" in address else f"{address}:{port}")
        except BaseException:
            await trio.aclose_forcefully(stream)
            raise
        return stream

    async def _connect(self, stream: trio.SocketStream, authority: str) -> None:
        lines = [f"CONNECT {authority} HTTP/1.1", f"Host: {authority}"]
        if self._authorization:
            lines.append(f"Proxy-Authorization: Basic {self._authorization}")
        came = b""
        try:
            await stream.send_all("\r\n".join([*lines, "", ""]).encode("ascii"))
            while b"\r\n\r\n" not in came and len(came) < _MAX_HEAD:
                data = await stream.receive_some(4096)
                if not data:
                    break
                came += bytes(data)
        except trio.BrokenResourceError:
            pass
        head = parse_head(came)
        if not (head.complete and 200 <= head.status < 300):
            said = f"status {head.status}" if head.complete else "no whole answer"
            raise FetchError("proxy", f"{self!r} does not connect to {authority}: {said}")
        if len(came) > head.body_at:
            raise FetchError("proxy", f"{self!r} spoke before it was asked")

    def __repr__(self) -> str:
        return f"<Proxy {self.host}:{self.port}>"


def parse_proxy(text: str, name: str = "proxy") -> Proxy:
    """`http://[user:password@]host:port`. Raises ConfigError naming `name`; it does not repeat the password."""
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host or not port or parts.scheme != "http" or parts.path not in ("", "/") or parts.query:
        raise ConfigError(f"{name}: write http://host:port or http://user:password@host:port")
    user = unquote(parts.username or "")
    return Proxy(host, port, f"{user}:{unquote(parts.password or '')}" if user else "")
