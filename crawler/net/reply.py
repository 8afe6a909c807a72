"""Where does a response end? Bytes in, a verdict out; no I/O. Every byte goes on the tape as it came.

    HEAD ──(1xx: dropped)── HEAD ──head complete──▶ BODY ──last byte, bound or end of stream──▶ done

h11 reads first (RFC 9112, strictly). What it refuses is given from its first byte to `Lenient`, which reads
what curl or a browser would show. What that cannot read either is kept up to the error.
"""

from __future__ import annotations

from typing import Literal

import h11
import msgspec

from archive.http import Head, parse_head
from crawler.net.lenient import Lenient
from crawler.net.tape import Tape

__all__ = ["Bounds", "Reply", "Truncation"]

Truncation = Literal["", "length", "time", "disconnect", "unspecified"]


class Bounds(msgspec.Struct, frozen=True):
    """Limits of one exchange: bytes on the wire and seconds. Below `min_rate` bytes a second, reckoned
    from the head on with `grace` seconds' start, the exchange is stopped. The count of header lines is bounded
    after receipt, like curl's, but higher: the size of the head bounds the work."""

    max_body: int = 20 * 2**20
    max_head: int = 256 * 1024
    max_headers: int = 25_000
    max_interim: int = 100
    timeout: float = 60.0
    connect: float = 15.0
    min_rate: float = 256.0
    grace: float = 20.0


class Reply:
    """One response on its way in. `feed` bytes and `end` at the end of the stream, until `done`.

    Then `truncated` says why the tape is short (WARC-Truncated), `error` what could not be read, and
    `reusable` whether the connection may be asked again.
    """

    def __init__(self, http: h11.Connection, tape: Tape, bounds: Bounds, method: str = "GET") -> None:
        self._http, self.tape, self._bounds, self._method = http, tape, bounds, method
        self._lenient: Lenient | None = None
        self._interim = 0
        self.head: Head | None = None
        self.done = False
        self.reusable = False
        self.truncated: Truncation = ""
        self.error = ""

    def feed(self, data: bytes) -> None:
        """Take bytes from the wire."""
        self.tape.add(data)
        if self._lenient is not None:
            self._lenient.feed(data)
            self._look()
        else:
            self._http.receive_data(data)
            self._pump()
        self._check()

    def end(self) -> None:
        """The stream has ended, in order or by a reset."""
        if not self.tape.size:
            self.stop("", "reset: closed without a response")
        elif self._lenient is not None:
            self._lenient.end()
            self._look()
        else:
            self._http.receive_data(b"")
            self._pump(ended=True)
        self._check()

    def stop(self, truncated: Truncation, error: str = "") -> None:
        """Done for, with what came."""
        self.done, self.reusable = True, False
        self.truncated = truncated if self.tape.size else ""
        self.error = error

    def refuse_body(self) -> None:
        """Nobody wants the body: keep the head alone, and say what it was."""
        if self.head is not None and not (self.done and self.tape.size <= self.head.body_at):
            self.tape.cut(self.head.body_at)
            media_type = self.head.get("content-type").partition(";")[0].strip()
            self.stop("length", f"not-kept: {media_type[:100]}")

    def _pump(self, *, ended: bool = False) -> None:
        http, tape = self._http, self.tape
        try:
            while not self.done:
                event = http.next_event()
                if event is h11.NEED_DATA:
                    return
                if isinstance(event, h11.InformationalResponse):
                    tape.drop(tape.size - len(http.trailing_data[0]))
                    self._another()
                elif isinstance(event, h11.Response):
                    self._headed(parse_head(tape.first(self._bounds.max_head)))
                elif isinstance(event, h11.EndOfMessage):
                    self.done = True
                    rest = len(http.trailing_data[0])
                    tape.cut(tape.size - rest)
                    asleep = http.our_state is h11.DONE and http.their_state is h11.DONE
                    self.reusable = asleep and not rest and not ended
                elif not isinstance(event, h11.Data):
                    self.stop("disconnect", "protocol: closed")
        except h11.RemoteProtocolError:
            self._read_leniently(ended=ended)

    def _read_leniently(self, *, ended: bool) -> None:
        self._lenient = lenient = Lenient(self._method)
        for piece in self.tape.pieces():
            lenient.feed(piece)
            if lenient.done:
                break
        if ended and not lenient.done:
            lenient.end()
        self._look()

    def _look(self) -> None:
        lenient = self._lenient
        if lenient is None:
            return
        if lenient.dropped:
            self.tape.drop(lenient.dropped)
            lenient.dropped = 0
            self._another()
        if lenient.head is not None and self.head is None:
            self._headed(lenient.head)
        if lenient.done and not self.done:
            self.stop(lenient.truncated, lenient.error)
            if lenient.end_at is not None:
                self.tape.cut(lenient.end_at)

    def _another(self) -> None:
        self._interim += 1
        if self._interim > self._bounds.max_interim:
            self.stop("unspecified", f"protocol: over {self._bounds.max_interim} informational responses")

    def _headed(self, head: Head) -> None:
        self.head = head
        if len(head.headers) > self._bounds.max_headers:
            self.stop("length", f"protocol: {len(head.headers)} header lines")

    def _check(self) -> None:
        bounds, tape = self._bounds, self.tape
        if self.head is not None:
            if tape.size - self.head.body_at > bounds.max_body:
                tape.cut(self.head.body_at + bounds.max_body)
                self.stop("length", self.error)
        elif not self.done and tape.size > bounds.max_head:
            tape.cut(bounds.max_head)
            self.stop("length", f"protocol: head over {bounds.max_head} bytes")
