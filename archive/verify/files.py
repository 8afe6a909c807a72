"""`broadsheet verify FILE`: any WARC or WACZ, ours or not, by the specification.

raw records, damage ─▶ each header, each block ─▶ what records say of each other ─▶ Findings, by offset
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from archive.reader import Damage, Placed, Raw, read_raw
from archive.verify.content import content_faults
from archive.verify.findings import Finding, finding
from archive.verify.headers import header_faults
from archive.verify.packages import is_package, package_findings
from archive.verify.segments import Segments
from archive.warc.fields import parse_date
from archive.warc.names import OPEN

__all__ = ["verify_file"]


def verify_file(path: Path) -> Iterator[Finding]:
    """Everything that is wrong with a file, as it is met. Nothing: it is right. ArchiveError when it cannot
    be opened; what it holds never raises."""
    check = _Check(path.name, package=is_package(path))
    yield from package_findings(path)
    empty = True
    for item in read_raw(path):
        empty = False
        if isinstance(item, Damage):
            yield finding(path.name, item.offset, _rule_of(item), item.reason)
        else:
            yield from check.record(item)
    if empty:
        yield finding(path.name, 0, "empty", "there is no record in it")
    yield from check.end()


def _rule_of(damage: Damage) -> str:
    reason = damage.reason
    if "zip" in reason.split() or "WACZ" in reason or "squeezed by zip" in reason:
        return "container"
    if "without a usable Content-Length" in reason:
        return "mandatory"
    if "cut short" in reason or "Content-Length" in reason:
        return "length"
    return "member" if any(word in reason for word in ("gzip", "zstd", "compressed")) else "junk"


class _Check:
    """What has to be remembered of records to check others by."""

    def __init__(self, file: str, *, package: bool) -> None:
        self._file, self._package = file, package
        self._ids: set[str] = set()
        self._digests: dict[str, str] = {}  # record id -> payload digest
        self._by_place: dict[tuple[str, int], str] = {}  # (URI, date) -> payload digest
        self._links: list[tuple[int, str, str]] = []  # offset, rule, id that must be in the file
        self._segments = Segments()
        self._records = 0
        self._shared = False

    def record(self, placed: Placed) -> Iterator[Finding]:
        raw, at = placed.raw, placed.offset
        if not placed.alone and not self._shared:
            self._shared = True
            yield self._finding(at, "member-per-record", "several records lie in one gzip member")
        self._records += 1
        if raw.version == "ARC":
            return
        if self._records == 1 and raw.type != "warcinfo":
            yield self._finding(at, "warcinfo-first", "the file does not begin with a warcinfo record")
        for rule, message in header_faults(raw):
            yield self._finding(at, rule, message)
        for rule, message in content_faults(raw):
            yield self._finding(at, rule, message)
        for rule, message in self._segments.record(raw, at):
            yield self._finding(at, rule, message)
        yield from self._between(raw, at)

    def end(self) -> Iterator[Finding]:
        """What could not be known before the last record."""
        for at, (rule, message) in self._segments.end():
            yield self._finding(at, rule, message)
        for offset, rule, record_id in self._links:
            if record_id not in self._ids:
                yield self._finding(offset, rule, f"<{record_id}> is not in this file")

    def _finding(self, offset: int, rule: str, message: str) -> Finding:
        return finding(self._file, offset, rule, message)

    def _between(self, raw: Raw, at: int) -> Iterator[Finding]:
        if raw.id and raw.id in self._ids:
            yield self._finding(at, "id-repeated", f"<{raw.id}> is the id of an earlier record too")
        self._ids.add(raw.id)
        digest = raw.get("WARC-Payload-Digest")
        if raw.type in ("response", "resource"):
            self._digests[raw.id] = digest
            self._by_place[_place(raw, "WARC-Target-URI", "WARC-Date")] = digest
        if raw.type == "warcinfo":
            name = raw.get("WARC-Filename")
            if name and not self._package and name != self._file.removesuffix(OPEN):
                yield self._finding(at, "filename", f"WARC-Filename says {name!r}")
        if info := raw.get("WARC-Warcinfo-ID").strip("<>"):
            self._links.append((at, "warcinfo-id", info))
        self._links += [(at, "concurrent", value.strip("<>")) for value in raw.values("WARC-Concurrent-To")]
        if raw.type == "revisit":
            yield from self._revisit(raw, at, digest)

    def _revisit(self, raw: Raw, at: int, digest: str) -> Iterator[Finding]:
        target = raw.get("WARC-Refers-To").strip("<>")
        place = _place(raw, "WARC-Refers-To-Target-URI", "WARC-Refers-To-Date")
        if not place[0] or not place[1]:
            message = "no WARC-Refers-To-Target-URI and WARC-Refers-To-Date"
            yield self._finding(at, "revisit-unresolvable", message)
        there = [self._digests[target]] if target in self._digests else []
        there += [self._by_place[place]] if place in self._by_place else []
        if not there:
            yield self._finding(at, "revisit-elsewhere", f"refers to <{target or place[0]}>")
        elif digest and any(other and other != digest for other in there):
            yield self._finding(at, "revisit-target", "the record referred to has another payload")


def _place(raw: Raw, uri: str, date: str) -> tuple[str, int]:
    return raw.get(uri).strip("<>"), parse_date(raw.get(date)) or 0
