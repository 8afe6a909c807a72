"""One connection to a server: opened to an approved literal address, asked one thing at a time.

dial ─▶ [CONNECT by a proxy] ─▶ [TLS, SNI = the name] ─▶ send request ─▶ receive ─▶ Reply (until done) ─▶ kept idle, or closed
"""

from __future__ import annotations

import select
import ssl
from collections.abc import Awaitable, Callable

import trio

from archive.capture import Tls
from crawler.errors import FetchError
from crawler.net.reply import Bounds, Reply

__all__ = ["Connection", "Reach", "dial", "iana_cipher"]

_CHUNK = 65536

Reach = Callable[[str, int], Awaitable[trio.SocketStream]]
"""A stream to a literal address and port; raises OSError, or FetchError when something in between refuses."""


class Connection:
    """A stream to one server. `peer` is the literal address spoken to; `used`: it has served before."""

    __slots__ = ("_stream", "fd", "idle_since", "peer", "tls", "used")

    def __init__(self, stream: trio.abc.Stream, peer: str, tls: Tls | None = None, fd: int = -1) -> None:
        self._stream, self.peer, self.tls, self.fd = stream, peer, tls, fd
        self.used = False
        self.idle_since = 0.0

    async def send(self, data: bytes) -> None:
        await self._stream.send_all(data)

    async def receive(self, reply: Reply, scope: trio.CancelScope, bounds: Bounds, *, body: bool) -> None:
        """Read on until the head is there (or, with `body`, until all is). The scope's deadline comes nearer
        when the server sends too slowly."""
        total, headed, size = scope.deadline, trio.current_time(), reply.tape.size
        while not reply.done and (body or reply.head is None):
            if body and reply.head is not None:
                rate = (reply.tape.size - size) / bounds.min_rate if bounds.min_rate else float("inf")
                scope.deadline = min(total, headed + bounds.grace + rate)
            try:
                data = await self._stream.receive_some(_CHUNK)
            except (trio.BrokenResourceError, trio.ClosedResourceError):
                data = b""  # a reset ends the stream as a close does; what came before it counts
            if data:
                reply.feed(bytes(data))
            else:
                reply.end()

    @property
    def alive(self) -> bool:
        """Whether an idle connection still looks open: a server that closed, or speaks unasked, is gone."""
        if self.fd < 0:
            return True
        poll = select.poll()
        poll.register(self.fd, select.POLLIN)
        return not poll.poll(0)

    async def close(self) -> None:
        """Let the connection go, without a parting word."""
        with trio.CancelScope(shield=True):
            await trio.aclose_forcefully(self._stream)


async def dial(
    addresses: tuple[str, ...], port: int, host: str, context: ssl.SSLContext | None, limit: float,
    reach: Reach = trio.open_tcp_stream,
) -> Connection:  # fmt: skip
    """A connection to the first of the addresses that answers, in TLS for `host` if there is a context. All
    within `limit` seconds. Raises FetchError `connect`, `proxy` or `tls`."""
    deadline = trio.current_time() + limit
    problem = FetchError("connect", f"{host} has no address")
    for left, address in zip(range(len(addresses), 0, -1), addresses, strict=True):
        share = max(1.0, (deadline - trio.current_time()) / left)
        try:
            with trio.fail_after(share):
                stream = await reach(address, port)
        except trio.TooSlowError:
            problem = FetchError("connect", f"{address} port {port} did not answer in {share:.0f} s")
        except OSError as error:
            detail = getattr(error.__cause__ or error, "strerror", None) or error
            problem = FetchError("connect", f"{address} port {port}: {detail}")
        except FetchError as error:
            problem = error
        else:
            return await _secured(stream, address, host, context, max(1.0, deadline - trio.current_time()))
    raise problem


async def _secured(
    stream: trio.SocketStream, address: str, host: str, context: ssl.SSLContext | None, limit: float
) -> Connection:
    fd = stream.socket.fileno()
    if context is None:
        return Connection(stream, address, None, fd)
    secure = trio.SSLStream(stream, context, server_hostname=host.strip("[]"), https_compatible=True)
    try:
        with trio.fail_after(limit):
            await secure.do_handshake()
    except BaseException as error:
        with trio.CancelScope(shield=True):
            await trio.aclose_forcefully(stream)
        if isinstance(error, trio.TooSlowError):
            raise FetchError("tls", f"{host}: no handshake within {limit:.0f} s") from None
        cause = error.__cause__ or error
        if isinstance(error, trio.BrokenResourceError | ssl.SSLError | ssl.CertificateError):
            wrong = isinstance(cause, ssl.SSLCertVerificationError)
            detail = cause.verify_message if isinstance(cause, ssl.SSLCertVerificationError) else cause
            raise FetchError("tls", f"{host}: {detail}", retryable=not wrong) from None
        raise
    cipher = secure.cipher()
    version = str(secure.version()).lower().replace("tlsv", "tls/")
    return Connection(secure, address, Tls(version, iana_cipher(cipher[0]) if cipher else ""), fd)


def iana_cipher(name: str) -> str:
    """OpenSSL's name of a cipher suite in IANA's spelling: ECDHE-RSA-AES128-GCM-SHA256 is
    TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256."""
    if name.startswith("TLS_"):
        return name
    parts = name.replace("AES128", "AES-128").replace("AES256", "AES-256").split("-")
    exchange: list[str] = []
    while parts and parts[0] in ("ECDHE", "DHE", "RSA", "ECDSA", "PSK", "SRP", "DSS", "ADH", "AECDH"):
        exchange.append(parts.pop(0))
    if parts[-1] in ("SHA", "SHA256", "SHA384") and not {"GCM", "CCM", "CCM8", "POLY1305"} & set(parts):
        parts.insert(-1, "CBC")
    if parts[-1] == "POLY1305":
        parts.append("SHA256")
    return "_".join(["TLS", *(exchange or ["RSA"]), "WITH", *parts]).replace("CCM8", "CCM_8")
