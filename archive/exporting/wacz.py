"""WACZ 1.1.1: captures, an index of them and a list of pages in one zip file, read in place by replay programs.

archive/NAME.warc.gz     the records, byte for byte, with the warcinfo records of their file     stored
indexes/index.cdx.gz     CDXJ, in gzip members of some lines; index.idx says where each begins   stored
pages/pages.jsonl        what a reader may begin with: good HTML pages
datapackage.json         every file with its length and SHA-256; datapackage-digest.json: its own
"""

from __future__ import annotations

import gzip
import hashlib
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import IO

import msgspec

from archive.capture import Location
from archive.exporting.cdxj import cdxj_line, in_order, is_listed
from archive.exporting.copying import Files
from archive.exporting.whole import whole_file
from archive.store.types import CaptureRow, Kind, Selection

__all__ = ["Package", "export_wacz"]

_VERSION = "1.1.1"
_BLOCK = 3_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Package(msgspec.Struct, frozen=True):
    """What was written: captures, pages in the list, WARC files; what could not be."""

    captures: int
    pages: int
    files: int
    left_out: int


def export_wacz(
    wanted: Selection,
    files: Files,
    title_of: Callable[[str], str],
    target: Path,
    *,
    title: str,
    software: str,
    now: int,
) -> Package:
    """Write the captures wanted as one package. `title_of` a page's URL may be ""."""
    with whole_file(target) as file, zipfile.ZipFile(file, "w") as package, tempfile.TemporaryFile() as pages:
        zipped = _Zip(package, now)
        captures = _indexes(_archive(wanted, files, title_of, zipped, pages), zipped)
        listed = _pages(pages, zipped, title)
        zipped.account(title, software)
    return Package(captures, listed, zipped.warcs, files.left_out)


class _Zip:
    """The zip file being written, and its account."""

    def __init__(self, package: zipfile.ZipFile, now: int) -> None:
        self._package = package
        self._made = _EPOCH + timedelta(microseconds=now)
        self.resources: list[dict[str, object]] = []

    @property
    def warcs(self) -> int:
        return sum(str(r["path"]).startswith("archive/") for r in self.resources)

    @contextmanager
    def entry(self, path: str) -> Iterator[_Counted]:
        """One stored file of the package."""
        info = zipfile.ZipInfo(path, self._made.timetuple()[:6])
        info.external_attr = 0o644 << 16
        with self._package.open(info, "w", force_zip64=True) as file:
            counted = _Counted(file)
            yield counted
        self.resources.append(
            {"name": path.rpartition("/")[2], "path": path, "hash": counted.hash, "bytes": counted.size}
        )

    def account(self, title: str, software: str) -> None:
        created = self._made.isoformat(timespec="seconds").replace("+00:00", "Z")
        package = {
            "profile": "data-package",
            "wacz_version": _VERSION,
            "title": title,
            "software": software,
            "created": created,
            "resources": list(self.resources),
        }
        data = msgspec.json.format(msgspec.json.encode(package), indent=2)
        digest = {"path": "datapackage.json", "hash": f"sha256:{hashlib.sha256(data).hexdigest()}"}
        with self.entry("datapackage.json") as file:
            file.write(data)
        with self.entry("datapackage-digest.json") as file:
            file.write(msgspec.json.format(msgspec.json.encode(digest), indent=2))


class _Counted:
    """A file that knows its length and SHA-256."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._sha256, self.size = file, hashlib.sha256(), 0

    def write(self, data: bytes) -> None:
        self._file.write(data)
        self._sha256.update(data)
        self.size += len(data)

    @property
    def hash(self) -> str:
        return f"sha256:{self._sha256.hexdigest()}"


def _archive(
    wanted: Selection, files: Files, title_of: Callable[[str], str], zipped: _Zip, pages: IO[bytes]
) -> Iterator[bytes]:
    """Write the WARCs; their index lines, as they come. The list of pages grows beside."""
    for name, group in files.grouped(wanted):
        with zipped.entry(f"archive/{name}") as file:
            for row, offset, length in files.copied(name, group, file.write, lambda: file.size):
                if not is_listed(row):
                    continue
                yield cdxj_line(row, Location(name, offset, length))
                if (
                    row.kind == Kind.PAGE
                    and row.status == 200
                    and "html" in row.media_type
                    and not row.revisit_of
                ):
                    pages.write(_page(row, title_of(row.url)))


def _page(row: CaptureRow, title: str) -> bytes:
    when = (_EPOCH + timedelta(microseconds=row.fetched_at)).isoformat(timespec="milliseconds")
    facts = {"id": f"{row.capture_id}", "url": row.url, "ts": when.replace("+00:00", "Z"), "title": title}
    return msgspec.json.encode({name: value for name, value in facts.items() if value}) + b"\n"


def _indexes(lines: Iterable[bytes], zipped: _Zip) -> int:
    """CDXJ as ZipNum: members of some lines, and a line for each in index.idx; how many captures."""
    ordered = in_order(lines)  # reads all of them, which writes the WARCs, before the first one comes
    places: list[bytes] = [b'!meta 0 {"format":"cdxj-gzip-1.0","filename":"index.cdx.gz"}\n']
    count = 0
    first = next(ordered, b"")
    with zipped.entry("indexes/index.cdx.gz") as file:
        while block := [first, *islice(ordered, _BLOCK - 1)] if first else []:
            member = gzip.compress(b"".join(block), 9, mtime=0)
            where = {
                "offset": file.size,
                "length": len(member),
                "digest": f"sha256:{hashlib.sha256(member).hexdigest()}",
                "filename": "index.cdx.gz",
            }
            places.append(b" ".join(block[0].split(b" ", 2)[:2]) + b" " + msgspec.json.encode(where) + b"\n")
            file.write(member)
            count += len(block)
            first = next(ordered, b"")
    with zipped.entry("indexes/index.idx") as file:
        file.write(b"".join(places))
    return count


def _pages(pages: IO[bytes], zipped: _Zip, title: str) -> int:
    head = {"format": "json-pages-1.0", "id": "pages", "title": title}
    count = 0
    pages.seek(0)
    with zipped.entry("pages/pages.jsonl") as file:
        file.write(msgspec.json.encode(head) + b"\n")
        for line in pages:
            file.write(line)
            count += 1
    return count
