"""What each host's pages taught: the learnt template of a host, and the captures it is learnt from.

the first article pages of a host ─▶ (a worker learns) ─▶ put ─▶ those pages that it changes are PENDING once more
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from archive.capture import Location
from archive.store.connection import Tx
from archive.store.types import Kind

__all__ = ["HostTemplate", "Renewed", "get", "lessons", "put", "versions"]


class HostTemplate(msgspec.Struct, frozen=True, kw_only=True):
    """What a host taught: the template as `sites` encodes it, its version, and the rules that learnt it."""

    version: str
    rules: str
    body: bytes


class Renewed(NamedTuple):
    """A capture whose result stands under another fingerprint than the one it was made with."""

    capture_id: int
    record_id: str
    before: str
    fingerprint: str


_LESSONS = (
    "SELECT captures.id, stem, captures.offset, captures.length FROM captures"
    " JOIN extractions ON extractions.capture_id = captures.id JOIN files ON files.id = captures.file_id"
    " WHERE captures.host_id = ? AND captures.kind = ? AND captures.complete AND captures.revisit_of = ''"
    " AND extractions.outcome = 'ok' ORDER BY captures.fetched_at, captures.id LIMIT ?"
)


def get(tx: Tx, host_id: int) -> HostTemplate | None:
    row = tx.execute("SELECT version, rules, body FROM templates WHERE host_id = ?", (host_id,)).fetchone()
    return HostTemplate(version=row[0], rules=row[1], body=row[2]) if row is not None else None


def versions(tx: Tx) -> dict[str, str]:
    """The version of every host's template, by host key."""
    return dict(tx.execute("SELECT key, version FROM templates JOIN hosts ON hosts.id = host_id"))


def lessons(tx: Tx, host_id: int, count: int) -> list[tuple[int, Location]]:
    """The host's first `count` article pages, by date and id, and where they lie; fewer while there are fewer."""
    return [
        (capture_id, Location(*place))
        for capture_id, *place in tx.execute(_LESSONS, (host_id, Kind.PAGE, count))
    ]


def put(
    tx: Tx, host_id: int, template: HostTemplate, run_ids: Sequence[int], unchanged: Sequence[Renewed] = ()
) -> int:
    """Keep a template. When it says something new, what these runs have read of the host is read once more, but for
    results that it does not change: they are renewed. How many captures are read again."""
    known = get(tx, host_id)
    tx.execute(
        "INSERT OR REPLACE INTO templates(host_id, version, rules, body) VALUES(?, ?, ?, ?)",
        (host_id, template.version, template.rules, template.body),
    )
    if template.version == (known.version if known is not None else ""):
        return 0
    again = {
        row[0]
        for run_id in run_ids
        for row in tx.execute(
            "SELECT capture_id FROM extractions WHERE state = 2 AND run_id = ? AND capture_id IN"
            " (SELECT id FROM captures WHERE host_id = ? AND kind <> ?) AND outcome IN ('ok', 'none')",
            (run_id, host_id, Kind.ROBOTS),
        )
    }
    for one in unchanged:
        if one.capture_id in again:
            again -= {
                row[0]
                for row in tx.execute(
                    "UPDATE extractions SET fingerprint = ? WHERE capture_id = ? AND fingerprint = ?"
                    " RETURNING capture_id",
                    (one.fingerprint, one.capture_id, one.before),
                )
            }
    tx.executemany(
        "UPDATE extractions SET state = 0, attempts = 0 WHERE capture_id = ?", [(one,) for one in again]
    )
    return len(again)
