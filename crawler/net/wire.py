"""One connection to a server, and one exchange on it with every byte kept as it crossed.

    request ─▶ h11 ─▶ stream          stream ─▶ tape (raw bytes) ─▶ h11: only to learn where a message ends

What h11 refuses but a browser shows is read on leniently: to Content-Length, else to the end of the stream.
"""

from __future__ import annotations

import tempfile
from typing import IO, Literal

import h11
import trio

from archive.capture import Octets, Spill, Tls
from archive.http import parse_head

__all__ = ["Connection", "Taken", "Tape"]

_CHUNK = 65536
_SPILL = 1024 * 1024
_MAX_HEAD = 256 * 1024
Truncation = Literal["", "length", "time", "disconnect", "unspecified"]


class Tape:
    """Bytes as they come, in memory up to 1 MiB, in an unlinked temporary file beyond."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._file: IO[bytes] | None = None
        self.size = 0
        self.start = 0

    def add(self, data: bytes) -> None:
        self.size += len(data)
        if self._file is None:
            self._buffer += data
            if len(self._buffer) > _SPILL:
                self._file = tempfile.TemporaryFile()  # noqa: SIM115
                self._file.write(self._buffer)
                self._buffer.clear()
        else:
            self._file.write(data)

    def cut(self, start: int) -> None:
        """Leave out what came before `start`: an informational response."""
        self.start = start

    def head(self) -> bytes:
        return bytes(self._buffer[self.start : self.start + _MAX_HEAD]) if self._file is None else b""

    def take(self, end: int) -> Octets:
        """The bytes from `start` to `end`."""
        if self._file is None:
            return bytes(self._buffer[self.start : end])
        if self.start:
            self._file.seek(self.start)
            rest = self._file.read(end - self.start)
            self._file.seek(0)
            self._file.truncate()
            self._file.write(rest)
        else:
            self._file.truncate(end)
        return Spill(self._file, end - self.start)


class Taken:
    """What an exchange left: the response bytes, whether they are short, whether the connection can go on."""

    __slots__ = ("error", "response", "reusable", "truncated")

    def __init__(self, response: Octets, truncated: Truncation, error: str, reusable: bool) -> None:
        self.response, self.truncated, self.error, self.reusable = response, truncated, error, reusable


class Connection:
    """A stream to one server. One exchange at a time; never pipelined."""

    def __init__(self, stream: trio.abc.Stream, peer: str, tls: Tls | None) -> None:
        self._stream, self.peer, self.tls = stream, peer, tls
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=_MAX_HEAD)
        self.used = False
        self.idle_since = 0.0
        self._ended = False

    async def exchange(self, method: str, target: str, headers: list[tuple[str, str]]) -> tuple[bytes, Tape]:
        """Send a request without a body; the bytes sent, and an empty tape for the reply."""
        http = self._http
        request = h11.Request(method=method, target=target, headers=headers)
        sent = (http.send(request) or b"") + (http.send(h11.EndOfMessage()) or b"")
        self.used = True
        await self._stream.send_all(sent)
        return sent, Tape()

    async def read(self, tape: Tape, max_body: int) -> Taken:
        """Read one response onto the tape. Never raises on what a server sends."""
        http, limit = self._http, max_body + _MAX_HEAD
        while True:
            try:
                event = http.next_event()
            except h11.RemoteProtocolError as error:
                return await self._lenient(tape, limit, str(error))
            if event is h11.NEED_DATA:
                if tape.size - tape.start > limit:
                    return Taken(tape.take(tape.start + limit), "length", "", reusable=False)
                try:
                    data = await self._stream.receive_some(_CHUNK)
                except (trio.BrokenResourceError, trio.ClosedResourceError) as error:
                    return self._broken(tape, f"reset: {error.__cause__ or 'connection lost'}")
                if not data and not tape.size:
                    return self._broken(tape, "reset: closed without a response")
                self._ended = self._ended or not data
                tape.add(bytes(data))
                http.receive_data(bytes(data))
            elif isinstance(event, h11.InformationalResponse):
                tape.cut(tape.size - len(http.trailing_data[0]))
            elif isinstance(event, h11.EndOfMessage):
                end = tape.size - len(http.trailing_data[0])
                return Taken(tape.take(end), "", "", self._recycle())
            elif isinstance(event, h11.ConnectionClosed):
                return self._broken(tape, "reset: closed")

    def _recycle(self) -> bool:
        if self._ended:
            return False
        try:
            self._http.start_next_cycle()
        except h11.ProtocolError:
            return False
        return True

    def _broken(self, tape: Tape, error: str) -> Taken:
        if tape.size > tape.start:
            return Taken(tape.take(tape.size), "disconnect", error, reusable=False)
        return Taken(b"", "", error, reusable=False)

    async def _lenient(self, tape: Tape, limit: int, complaint: str) -> Taken:
        """Go on where h11 gave up: what came counts, as far as its own head says."""
        head = parse_head(tape.head()) if tape.size - tape.start <= _SPILL else None
        if "without sending" in complaint or "incomplete" in complaint.lower() or "closed" in complaint:
            return Taken(tape.take(tape.size), "disconnect", f"protocol: {complaint}", reusable=False)
        wanted = None
        if head is not None and head.status:
            length = head.get("content-length").strip()
            if (
                length.isascii()
                and length.isdigit()
                and "chunked" not in head.get("transfer-encoding").lower()
            ):
                wanted = tape.start + head.body_at + int(length[:12])
        while tape.size - tape.start < limit and (wanted is None or tape.size < wanted):
            try:
                data = await self._stream.receive_some(_CHUNK)
            except (trio.BrokenResourceError, trio.ClosedResourceError):
                break
            if not data:
                break
            tape.add(bytes(data))
        readable = head is not None and head.status
        end = min(tape.size, wanted) if wanted is not None else tape.size
        short = wanted is not None and tape.size < wanted
        if not readable:
            return Taken(tape.take(tape.size), "unspecified", f"protocol: {complaint}", reusable=False)
        return Taken(tape.take(end), "disconnect" if short else "", "", reusable=False)

    async def close(self) -> None:
        """Let the connection go, without a parting word."""
        with trio.CancelScope(shield=True):
            await trio.aclose_forcefully(self._stream)
