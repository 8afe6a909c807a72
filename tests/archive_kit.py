"""What the archive's tests share: captures of every kind, a ledger in memory, a disk that fails on demand."""

from __future__ import annotations

import io
import itertools
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Literal

import msgspec
from hypothesis import strategies as st

from archive.capture import Capture, Filed, FileState, Octets, Revisit, Spill, Tls, Written
from archive.catalogue import filed
from archive.errors import ArchiveError
from archive.reader import Found, read_capture, read_file
from archive.recorder import Recorder
from archive.store.types import Committed, HostState, Lease, Previous, Settlement, Stored, Target
from archive.takeover import MAX_TAIL
from archive.warc import Disk, Info, WarcFile

__all__ = [
    "CLOCK",
    "INFO",
    "MemoryLedger",
    "as_written",
    "assert_sound",
    "captures",
    "checked",
    "html",
    "pages",
    "recorder",
    "settle",
    "spilled",
    "warc",
]

CLOCK = 1_790_000_000_000_000
INFO = Info(
    software="broadsheet/0", user_agent="test", operator="a@b.example", redacted=("authorization", "cookie")
)


Profile = Literal["identical-payload-digest", "server-not-modified"]


def spilled(data: bytes) -> Spill:
    return Spill(io.BytesIO(data), len(data))


def html(body: bytes = b"<p>hello</p>", *, extra: bytes = b"", url: str = "http://a.example/") -> Capture:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n%b\r\n" % (len(body), extra)
    return Capture(
        url=url,
        request=b"GET / HTTP/1.1\r\nHost: a.example\r\n\r\n",
        response=head + body,
        fetched_at=CLOCK,
        took=1500,
        peer="192.0.2.7",
    )


def warc(directory: Path, serial: int = 1, disk: Disk | None = None) -> WarcFile:
    numbers = itertools.count(serial * 1_000_000)
    return WarcFile.create(
        directory,
        INFO,
        now=CLOCK,
        token="tok",
        serial=serial,
        disk=disk,
        new_id=lambda: f"urn:uuid:00000000-0000-4000-8000-{next(numbers):012d}",
    )


def checked(path: Path) -> None:
    """Both outside checkers pass (warcio misjudges chunked payloads: give it none)."""
    bin_dir = Path(sys.executable).parent
    for command in (("fastwarc", "check", "-q"), ("warcio", "check")):
        done = subprocess.run(
            [bin_dir / command[0], *command[1:], path], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, (command, done.stdout, done.stderr)


_urls = st.sampled_from(["http://a.example/", "https://b.example:8443/x?y=%20z|{}", "http://[::1]/caf%C3%A9"])
_text = st.text(max_size=20)
_micros = st.integers(0, 4_000_000_000_000_000)
_bodies = st.binary(max_size=300)


@st.composite
def _responses(draw: st.DrawFn) -> bytes:
    head = draw(
        st.sampled_from(
            [
                b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n",
                b"HTTP/1.0 200\nX: caf\xe9\n folded\n\n",
                b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n0\r\nT: 1\r\n\r\n",
                b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b",
                b"HTTP/1.1 200 OK\r\nNoColon\r\n\r\nWARC/1.1\r\nWARC-Type: x\r\nContent-Length: 3\r\n\r\n",
                b"\r\n\r\n",
                b"\x00",
                b"HTTP/1.1 200",
            ]
        )
    )
    return head + draw(_bodies)


@st.composite
def captures(draw: st.DrawFn) -> Capture:
    """Any capture that may be written: whole, truncated, spilled, revisit, resource, failed."""
    kind = draw(st.sampled_from(["http", "spilled", "revisit", "resource", "failed"]))
    response: Octets = draw(_responses())
    revisit, payload_type, error = None, "", draw(_text)
    method = "GET"
    request = draw(
        st.sampled_from([b"", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"POST /x HTTP/1.1\n\nbody\x00"])
    )
    if kind == "spilled" and isinstance(response, bytes):
        response = spilled(response)
    elif kind == "revisit":
        response = draw(st.sampled_from([b"HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n", b""]))
        profiles: list[Profile] = ["identical-payload-digest", "server-not-modified"]
        profile = draw(st.sampled_from(profiles))
        revisit = Revisit(
            profile, draw(st.sampled_from(["", "urn:uuid:1"])), draw(_urls), draw(_micros), "sha1:ABC"
        )
    elif kind == "resource":
        payload_type = draw(st.sampled_from(["text/html", 'text/plain; charset="x"']))
        response = draw(_bodies)
    elif kind == "failed":
        response, method = b"", draw(st.sampled_from(["GET", "HEAD"]))
    return Capture(
        url=draw(_urls),
        method=method if not request else request.partition(b" ")[0].decode(),
        request=request,
        response=response,
        fetched_at=draw(_micros),
        took=draw(st.integers(0, 10**10)),
        peer=draw(st.sampled_from(["", "192.0.2.1", "2001:db8::1"])),
        tls=draw(st.sampled_from([None, Tls("tls/1.3", "TLS_AES_128_GCM_SHA256"), Tls("tls/1.2", "")])),
        truncated=draw(st.sampled_from(["", "length", "time", "disconnect", "unspecified"])),
        error=error,
        via=draw(st.one_of(_urls, _text)),
        hops=draw(st.text("LREX", max_size=5)),
        delay=draw(st.sampled_from([None, 0, 2_000_000])),
        payload_type=payload_type,
        revisit=revisit,
    )


def settle(capture: Capture | None, previous: Previous | None = None) -> Settlement:
    url = capture.url if capture else "http://a.example/"
    lease = Lease(
        token=1,
        run_id=1,
        job_id=1,
        host_id=1,
        url_key=1,
        target=Target(url=url, host="a.example"),
        tries=1,
        taken=0,
        until=0,
        previous=previous,
    )
    return Settlement(lease=lease, outcome=Stored(), host=HostState(next_at=0), capture=capture)


class MemoryLedger:
    """A store that keeps its promises in memory."""

    def __init__(self, directory: Path = Path()) -> None:
        self.directory = directory
        self.files: dict[str, FileState] = {}
        self.captures: list[tuple[Settlement, Written]] = []
        self.entries: dict[str, dict[int, Filed]] = {}
        self.paths: dict[Path, str] = {}
        self.fail: ArchiveError | None = None

    def own_files(self) -> list[FileState]:
        return list(self.files.values())

    def register_file(self, file: str, committed: int, now: int) -> None:
        assert file not in self.files
        self.files[file] = FileState(file=file, committed=committed)

    def seal_file(self, file: str, committed: int) -> None:
        self.files[file] = FileState(file=file, committed=committed, sealed=True)

    def commit(
        self, group: Sequence[tuple[Settlement, Written | None]], file: FileState | None, now: int
    ) -> list[Committed]:
        if self.fail is not None:
            raise self.fail
        self.captures += [(settlement, written) for settlement, written in group if written is not None]
        for settlement, written in group:
            if written is not None and settlement.capture is not None:
                capture = msgspec.structs.replace(settlement.capture, record_ids=written.record_ids)
                entry = filed(Found(written.location, capture, "", written.response_length))
                assert isinstance(entry, Filed)
                self.entries.setdefault(written.location.file, {})[written.location.offset] = entry
        if file is not None:
            assert file.committed >= self.files[file.file].committed
            self.files[file.file] = file
        return [
            Committed(lease=s.lease, capture_id=int(w is not None), location=w.location if w else None)
            for s, w in group
        ]

    def file_path(self, file: str) -> Path:
        return next((path for path, name in self.paths.items() if name == file), self.directory / file)

    def add_file(self, path: Path, now: int) -> str:
        taken = set(self.paths.values())
        name = path.name if path.name not in taken else f"{path.name}~{len(taken)}"
        return self.paths.setdefault(path, name)

    def add_captures(
        self, file: str, entries: Sequence[Filed], now: int, *, committed: int | None = None
    ) -> int:
        known = self.entries.setdefault(file, {})
        new = {entry.location.offset: entry for entry in entries if entry.location.offset not in known}
        known.update(new)
        if committed is not None:
            assert committed >= self.files[file].committed
            self.files[file] = msgspec.structs.replace(self.files[file], committed=committed)
        return len(new)

    def drop_captures(self, file: str, length: int) -> int:
        known = self.entries.get(file, {})
        if file in self.files:
            state = self.files[file]
            self.files[file] = msgspec.structs.replace(state, committed=min(state.committed, length))
        gone = [at for at, entry in known.items() if at + entry.location.length > length]
        for at in gone:
            del known[at]
        return len(gone)

    def captures_in(self, file: str) -> Iterator[Filed]:
        yield from self.entries.get(file, {}).values()


def as_written(capture: Capture, written: Written) -> Capture:
    """The capture as it must read back: with the ids it was written under."""
    return msgspec.structs.replace(capture, record_ids=written.record_ids)


def _clock(now: int) -> Callable[[], int]:
    def tick() -> int:
        nonlocal now
        now += 1_000_000
        return now

    return tick


def recorder(
    ledger: MemoryLedger,
    directory: Path,
    disk: Disk | None = None,
    token: str = "one",
    max_file_size: int = 10**9,
    max_tail: int = MAX_TAIL,
    now: int = CLOCK,
) -> Recorder:
    return Recorder(
        ledger, directory, INFO, max_file_size, clock=_clock(now), token=token, disk=disk, max_tail=max_tail
    )


def pages(count: int) -> list[Capture]:
    return [html(b"<p>%d" % n, url=f"http://a.example/{n}") for n in range(count)]


def assert_sound(ledger: MemoryLedger, directory: Path) -> None:
    """Every committed capture is in its file, and every file has nothing else up to its committed length."""
    places = {}
    for settlement, written in ledger.captures:
        capture = read_capture(directory / written.location.file, written.location)
        assert settlement.capture is not None
        assert (capture.url, capture.record_ids) == (settlement.capture.url, written.record_ids)
        places[written.location.file, written.location.offset] = capture
    for state in ledger.files.values():
        for item in read_file(directory / state.file):
            if isinstance(item, Found) and item.location.offset < state.committed:
                assert places.pop((state.file, item.location.offset)) == item.capture
    assert not places
