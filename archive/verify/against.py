"""`broadsheet verify`: the database against the files, record by record, both ways.

every committed capture ─▶ is a valid record at its place: that URL, that date, that digest
every record in a file  ─▶ is committed;  every file ─▶ is known, there, and as long as its commits
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from archive.capture import Filed, FileState
from archive.catalogue import Catalogue, filed
from archive.errors import ArchiveError
from archive.reader import Damage, Found, Placed, read_raw
from archive.reader.files import exchanges
from archive.verify.digests import block_problem
from archive.verify.findings import Finding, finding
from archive.warc.names import OPEN, is_ours, resolve

__all__ = ["verify_store"]


def verify_store(store: Catalogue, directory: Path) -> Iterator[Finding]:
    """Everything in which the archive in `directory` and its database differ. Files still being written are
    looked at up to their committed length; of one whose process was killed before it was named, that is nothing."""
    known = {state.file: state for state in store.own_files()}
    names = sorted(path.name for path in directory.iterdir()) if directory.exists() else []
    for name in names:
        if is_ours(name) and not name.endswith(OPEN) and name not in known:
            yield finding(name, 0, "file-unknown", "the database does not know this file")
    for state in known.values():
        yield from _file(store, directory, state)


def _file(store: Catalogue, directory: Path, state: FileState) -> Iterator[Finding]:
    try:
        path = resolve(directory / state.file)
        size = path.stat().st_size
    except (ArchiveError, FileNotFoundError):
        if state.committed:
            yield finding(state.file, 0, "file-missing", f"{state.committed} bytes are committed in it")
        return
    if size < state.committed:
        message = f"{size} bytes long, {state.committed} are committed"
        yield finding(state.file, size, "file-length", message)
    elif size > state.committed and state.sealed:
        message = f"{size} bytes long, only {state.committed} are committed"
        yield finding(state.file, state.committed, "file-length", message)
    expected = {entry.location.offset: entry for entry in store.captures_in(state.file)}
    records = _checked(path, state)
    for item in exchanges(records, state.file):
        if isinstance(item, Damage):
            yield finding(state.file, item.offset, "not-there", item.reason)
            continue
        entry = expected.pop(item.location.offset, None)
        if entry is None:
            message = f"{item.capture.url} is in the file, not in the database"
            yield finding(state.file, item.location.offset, "uncommitted", message)
        elif problem := _difference(entry, item):
            yield finding(state.file, item.location.offset, "other-record", problem)
    for offset, entry in sorted(expected.items()):
        yield finding(state.file, offset, "not-there", f"no whole record of {entry.url}")


def _checked(path: Path, state: FileState) -> Iterator[Placed | Damage]:
    """Records up to the committed length; those whose block is not the one written are damage."""
    for item in read_raw(path):
        if item.offset >= state.committed:
            return
        if isinstance(item, Placed) and (problem := block_problem(item.raw)):
            item = Damage(item.offset, problem)
        yield item


def _difference(entry: Filed, found: Found) -> str:
    there = filed(found)
    if isinstance(there, str):
        return "the record has no URL or date"
    for name in ("url", "fetched_at", "payload_digest", "record_id", "status"):
        ours, theirs = getattr(entry, name), getattr(there, name)
        if ours != theirs:
            return f"{name} is {theirs!r} in the file, {ours!r} in the database"
    if entry.location.length > there.location.length:
        return f"{entry.location.length} bytes are committed, {there.location.length} are there"
    return ""
