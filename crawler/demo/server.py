"""The newsroom on a real socket: all hosts on one loopback port, told apart by the Host header.

    accept ─▶ read a head (bounded) ─▶ newsroom.handle(request) ─▶ log ─▶ send in the reply's manner ─▶ again
`Server.hits` is the access log: what a polite crawler asked for, and when.
"""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue

import msgspec
import trio

from crawler.demo.messages import MAX_HEAD, BadRequest, head_bytes, parse_request, pieces
from crawler.demo.newsroom import Newsroom
from crawler.demo.wire import Reply, html

__all__ = ["Hit", "Server", "running", "serve"]

_CONTACT = "demo@newsroom.example"
_IDLE = 30.0
_CONNECTIONS = 256
_LOGGED = 200_000
_RESET = struct.pack("ii", 1, 0)


class Hit(msgspec.Struct, frozen=True):
    """One line of the access log. `at` is in seconds (UTC epoch), when the request had been read."""

    at: float
    host: str
    method: str
    target: str
    status: int
    agent: str = ""

    def __str__(self) -> str:
        when = time.strftime("%H:%M:%S", time.gmtime(self.at))
        return f"{when}.{int(self.at % 1 * 1000):03d} {self.status} {self.method} http://{self.host}{self.target}"


class Server:
    """A running newsroom. `newsroom` may be replaced at any time: the next request sees the new one.

    `pace` scales the slowness of the slow pages (0: none). `log_file`, if given, gets a line a hit.
    """

    def __init__(
        self, newsroom: Newsroom, address: str, port: int, *, pace: float = 1.0, log_file: Path | None = None
    ) -> None:
        self.newsroom, self.address, self.port, self.pace = newsroom, address, port, pace
        self.hits: deque[Hit] = deque(maxlen=_LOGGED)
        self._log_file = log_file
        self._visits: Counter[tuple[str, str]] = Counter()

    @property
    def resolve(self) -> tuple[str, ...]:
        """What `--resolve` is to be given: NAME=ADDRESS:PORT for each host."""
        return tuple(f"{host}={self.address}:{self.port}" for host in self.newsroom.hosts)

    @property
    def settings(self) -> str:
        """A broadsheet.toml with which the papers are found: names, the address allowed, a short delay."""
        names = "".join(f'  "{pair}",\n' for pair in self.resolve)
        head = "# The demo's newsroom; it is there as long as `broadsheet demo --serve` runs."
        return (
            f'{head}\ncontact = "{_CONTACT}"\ndelay = "50ms"\nwait = "30s"\n'
            f'allow_address = ["{self.address}/32"]\nresolve = [\n{names}]\n'
        )

    def hits_of(self, host: str) -> list[Hit]:
        return [hit for hit in self.hits if hit.host == host]

    def _answer(self, head: bytes) -> tuple[Reply, str, bool]:
        """The reply to a request's head, its method, and whether the connection stays."""
        try:
            request, stays = parse_request(head)
        except BadRequest as error:
            return html(f"<p>{error}</p>", error.status), "GET", False
        if len(self._visits) >= _LOGGED:
            self._visits.clear()
        key = request.host, request.target
        self._visits[key] += 1
        request = msgspec.structs.replace(request, visit=self._visits[key])
        reply = self.newsroom.handle(request)
        hit = Hit(
            time.time(),
            request.host,
            request.method,
            request.target,
            reply.status,
            request.header("user-agent"),
        )
        self.hits.append(hit)
        if self._log_file is not None:
            with self._log_file.open("a") as log:
                log.write(f"{hit} {hit.agent}\n")
        closes = reply.manner.close or reply.manner.kind in {"until-close", "cut", "reset", "raw"}
        return reply, request.method, stays and not closes

    async def _speak(self, stream: trio.SocketStream) -> None:
        """One connection, until either side has had enough."""
        buffer = b""
        stays = True
        while stays:
            with trio.move_on_after(_IDLE):
                while (end := buffer.find(b"\r\n\r\n")) < 0 and len(buffer) <= MAX_HEAD:
                    received = await stream.receive_some(4096)
                    if not received:
                        return
                    buffer += received
            if end < 0 and len(buffer) <= MAX_HEAD:
                return
            if end < 0:
                await self._send(stream, html("<p>That head is too long.</p>", 431), "GET", stays=False)
                return
            head, buffer = buffer[:end], buffer[end + 4 :]
            reply, method, stays = self._answer(head)
            await self._send(stream, reply, method, stays=stays)

    async def _send(self, stream: trio.SocketStream, reply: Reply, method: str, *, stays: bool) -> None:
        manner = reply.manner
        if manner.kind == "late":
            await trio.sleep(manner.seconds * self.pace)
        if not (manner.kind == "raw" or manner.at < 0):
            await stream.send_all(head_bytes(reply, stays=stays))
        if method != "HEAD":
            parts = pieces(reply)
            for part in parts:
                await stream.send_all(part)
                if manner.kind == "slow":
                    await trio.sleep(manner.seconds * self.pace / len(parts))
        if manner.kind == "reset":
            # With a linger time of zero, close() sends RST instead of FIN.
            stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)

    def __repr__(self) -> str:
        return f"<Server {self.address}:{self.port}, {len(self.newsroom.hosts)} hosts, {len(self.hits)} hits>"


async def _listen(
    newsroom: Newsroom, address: str, port: int, pace: float, log_file: Path | None
) -> tuple[Server, list[trio.SocketListener]]:
    listeners = await trio.open_tcp_listeners(port, host=address)
    bound = listeners[0].socket.getsockname()[1]
    return Server(newsroom, address, bound, pace=pace, log_file=log_file), listeners


async def _accept(server: Server, listeners: list[trio.SocketListener]) -> None:
    limiter = trio.CapacityLimiter(_CONNECTIONS)

    async def connection(stream: trio.SocketStream) -> None:
        async with limiter, stream:
            try:
                await server._speak(stream)
            except (trio.BrokenResourceError, trio.ClosedResourceError):
                return

    await trio.serve_listeners(connection, listeners)


async def serve(
    newsroom: Newsroom,
    *,
    address: str = "127.0.0.1",
    port: int = 0,
    pace: float = 1.0,
    log_file: Path | None = None,
    task_status: trio.TaskStatus[Server] = trio.TASK_STATUS_IGNORED,
) -> None:
    """Serve until cancelled; `await nursery.start(serve, newsroom)` gives the Server once it listens.

    Port 0 takes a free one. Raises OSError when the port is taken.
    """
    server, listeners = await _listen(newsroom, address, port, pace, log_file)
    task_status.started(server)
    await _accept(server, listeners)


@contextmanager
def running(
    newsroom: Newsroom,
    *,
    address: str = "127.0.0.1",
    port: int = 0,
    pace: float = 1.0,
    log_file: Path | None = None,
) -> Iterator[Server]:
    """The server in a thread of its own, for programs that are not trio's; it stops when the block ends."""
    started: SimpleQueue[tuple[Server, trio.CancelScope, trio.lowlevel.TrioToken] | OSError] = SimpleQueue()

    async def main() -> None:
        try:
            server, listeners = await _listen(newsroom, address, port, pace, log_file)
        except OSError as error:
            started.put(error)
            return
        with trio.CancelScope() as scope:
            started.put((server, scope, trio.lowlevel.current_trio_token()))
            await _accept(server, listeners)

    thread = threading.Thread(target=trio.run, args=(main,), name="broadsheet-demo", daemon=True)
    thread.start()
    answer = started.get()
    if isinstance(answer, OSError):
        thread.join()
        raise answer
    server, scope, token = answer
    try:
        yield server
    finally:
        token.run_sync_soon(scope.cancel)
        thread.join()
