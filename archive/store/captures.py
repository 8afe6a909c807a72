"""The catalogue of captures: every one that was ever committed, whatever became of its lease."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal

from archive.capture import Capture, Filed, Location, Written
from archive.store import extractions, files, forgotten
from archive.store.connection import Tx
from archive.store.hosts import HostIds
from archive.store.names import join
from archive.store.types import CaptureRow, Kind, Selection, State
from sites.url import host_key, key, path_query

__all__ = ["add_filed", "drop_behind", "insert", "of_file", "of_url", "select"]

_INSERT = (
    "INSERT INTO captures(host_id, hash, kind, run_id, file_id, offset, length, response_length, method,"
    " status, media_type, payload_digest, payload_size, fetched_at, took, record_id, complete, imported,"
    " truncated, error, revisit_of) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT(file_id, offset) DO NOTHING RETURNING id"
)
_SELECT = (
    "SELECT captures.id, urls.tls, hosts.key, urls.path, captures.kind, captures.run_id, files.stem, offset,"
    " length, response_length, status, media_type, payload_digest, payload_size, fetched_at, took, record_id,"
    " truncated, error, complete, imported, revisit_of, extractions.state, fingerprint, outcome, page_type,"
    " site, detail, method FROM captures JOIN urls USING(host_id, hash)"
    " JOIN hosts ON hosts.id = captures.host_id JOIN files ON files.id = file_id"
    " LEFT JOIN extractions ON extractions.capture_id = captures.id"
)
_LISTED = (
    " AND NOT EXISTS(SELECT 1 FROM forgotten f WHERE f.host_id = captures.host_id AND f.hash = captures.hash)"
)
_CHUNK = 1_000
_EXTRACTION: tuple[Literal["pending", "claimed", "done"], ...] = ("pending", "claimed", "done")


def insert(
    tx: Tx,
    place: tuple[int, int],
    kind: Kind,
    run_id: int,
    file_id: int,
    capture: Capture,
    written: Written,
) -> int:
    """A capture just written; its id."""
    location, ids = written.location, written.record_ids
    facts = (written.status, written.media_type, written.payload_digest, written.payload_size)
    end = (capture.truncated, capture.error, written.revisit.record_id if written.revisit else "")
    capture_id: int = tx.execute(
        _INSERT,
        (
            *(*place, kind, run_id, file_id, location.offset, location.length, written.response_length),
            *(capture.method, *facts, capture.fetched_at, capture.took, ids.response or ids.metadata),
            *(written.complete, False, *end),
        ),
    ).get
    return capture_id


def add_filed(tx: Tx, hosts: HostIds, file: str, entries: Sequence[Filed], now: int) -> int:
    """Captures found in a file. Places known already are left out; how many were new. Their URLs, if unknown,
    are DONE: nobody asked for them. Of forgotten URLs none are taken from files of others; in files of ours
    they are entered, to be erased."""
    file_id, imported = files.ids(tx, file)
    places = [(hosts.make(tx, host_key(entry.url)), key(entry.url)) for entry in entries]
    unwanted = forgotten.among(tx, set(places))
    if not imported:
        forgotten.again(tx, unwanted)
    new = 0
    for entry, place in zip(entries, places, strict=True):
        if imported and place in unwanted:
            continue
        path, location = path_query(entry.url), entry.location
        kind = Kind.PAGE if path != "/robots.txt" else Kind.ROBOTS
        tx.execute(
            "INSERT INTO urls(host_id, hash, state, kind, tls, path, job_id, run_id, priority, due, depth,"
            " hops, settled) VALUES(?, ?, ?, ?, ?, ?, 0, 0, 0, 0, 0, '', ?) ON CONFLICT DO NOTHING",
            (*place, State.DONE, kind, entry.url.startswith("https:"), path, entry.fetched_at),
        )
        facts = (entry.status, entry.media_type, entry.payload_digest, entry.payload_size)
        capture_id = tx.execute(
            _INSERT,
            (
                *(*place, kind, 0, file_id, location.offset, location.length, entry.response_length),
                *(entry.method, *facts, entry.fetched_at, entry.took, entry.record_id, entry.complete),
                *(imported, entry.truncated, entry.error, entry.revisit_of),
            ),
        ).get
        if capture_id is not None:
            new += 1
            if kind == Kind.PAGE and place not in unwanted and _readable(entry):
                extractions.want(tx, capture_id, place[0], 0)
    return new


def _readable(entry: Filed) -> bool:
    """A page that a worker can make something of: a good answer with markup, a feed or text in it."""
    media = entry.media_type
    kinds = ("html", "xml", "json", "text/", "gzip")
    good = entry.status == 200 or (entry.status == 304 and bool(entry.revisit_of))
    return good and (not media or any(k in media for k in kinds))


def drop_behind(tx: Tx, file: str, length: int) -> int:
    """Take out the captures that end behind `length`: the file has lost them. Their URLs are due again."""
    file_id, _ = files.ids(tx, file)
    lost = tx.execute(
        "SELECT id, host_id, hash FROM captures WHERE file_id = ? AND offset + length > ?", (file_id, length)
    ).fetchall()
    for capture_id, *place in lost:
        tx.execute("DELETE FROM extractions WHERE capture_id = ?", (capture_id,))
        tx.execute("DELETE FROM captures WHERE id = ?", (capture_id,))
        tx.execute(
            "UPDATE urls SET state = ?, due = 1 WHERE host_id = ? AND hash = ? AND state IN (?, ?)",
            (State.DONE, *place, State.STORED, State.DONE),
        )
        tx.execute(
            "UPDATE urls SET capture_id = NULL WHERE host_id = ? AND hash = ? AND capture_id = ?",
            (*place, capture_id),
        )
    tx.execute("UPDATE files SET committed = min(committed, ?) WHERE id = ?", (length, file_id))
    return len(lost)


def of_file(tx: Tx, file: str) -> Iterator[Filed]:
    """The captures of one file, by offset."""
    file_id, _ = files.ids(tx, file)
    after = -(2**63)
    while rows := tx.execute(
        f"{_SELECT} WHERE file_id = ? AND offset > ? ORDER BY offset LIMIT {_CHUNK}", (file_id, after)
    ).fetchall():
        after = rows[-1][7]
        yield from map(_filed, rows)


def _filed(row: tuple[Any, ...]) -> Filed:
    full = _row(row)
    shared = {name: getattr(full, name) for name in Filed.__struct_fields__ if name != "method"}
    return Filed(method=str(row[28]), **shared)


def of_url(tx: Tx, place: tuple[int, int], limit: int) -> list[CaptureRow]:
    """The captures of one URL, newest first."""
    rows = tx.execute(
        f"{_SELECT} WHERE captures.host_id = ? AND captures.hash = ? {_LISTED}"
        " ORDER BY fetched_at DESC, captures.id DESC LIMIT ?",
        (*place, limit),
    )
    return [_row(row) for row in rows]


def select(tx: Tx, wanted: Selection, *, extracted: bool) -> Iterator[CaptureRow]:
    """Those that satisfy the selection, by id, a thousand in memory at a time; `extracted`: only those that
    extraction was wanted for."""
    where, values = _where(wanted, extracted)
    after = 0
    while True:
        rows = tx.execute(
            f"{_SELECT} WHERE captures.id > ? {where} {_LISTED} ORDER BY captures.id LIMIT {_CHUNK}",
            (after, *values),
        ).fetchall()
        if not rows:
            return
        after = rows[-1][0]
        yield from map(_row, rows)


def _where(wanted: Selection, extracted: bool) -> tuple[str, list[object]]:
    terms, values = [], list[object]()
    if extracted:
        terms.append("extractions.state IS NOT NULL")
    if wanted.url:
        terms.append("captures.host_id = (SELECT id FROM hosts WHERE key = ?) AND captures.hash = ?")
        values += [host_key(wanted.url), key(wanted.url)]
    either = []
    if wanted.site:
        either.append("site = ?")
        values.append(wanted.site)
    if wanted.hosts:
        either.append(
            f"(ifnull(site, '') = '' AND hosts.key IN ({', '.join('?' * len(wanted.hosts))}))"
            if wanted.site
            else f"hosts.key IN ({', '.join('?' * len(wanted.hosts))})"
        )
        values += wanted.hosts
    if either:
        terms.append(f"({' OR '.join(either)})")
    if wanted.file:
        terms.append("files.stem = ?")
        values.append(wanted.file)
    if wanted.since:
        terms.append("fetched_at >= ?")
        values.append(wanted.since)
    if wanted.until:
        terms.append("fetched_at < ?")
        values.append(wanted.until)
    return "".join(f" AND {term}" for term in terms), values


def _row(row: tuple[Any, ...]) -> CaptureRow:
    (
        capture_id, tls, host, path, kind, run_id, stem, offset, length, response_length, status, media_type,
        digest, size, fetched_at, took, record_id, truncated, error, complete, imported, revisit_of, state,
        fingerprint, outcome, page_type, site, detail, _method,
    ) = row  # fmt: skip
    return CaptureRow(
        capture_id=capture_id,
        url=join(tls, host, path),
        kind=Kind(kind),
        run_id=run_id,
        location=Location(stem, offset, length),
        response_length=response_length,
        status=status,
        media_type=media_type,
        payload_digest=digest,
        payload_size=size,
        fetched_at=fetched_at,
        took=took,
        record_id=record_id,
        truncated=truncated,
        error=error,
        complete=bool(complete),
        imported=bool(imported),
        revisit_of=revisit_of,
        extraction="" if state is None else _EXTRACTION[state],
        fingerprint=fingerprint or "",
        outcome=outcome or "",
        page_type=page_type or "",
        site=site or "",
        detail=detail or "",
    )
