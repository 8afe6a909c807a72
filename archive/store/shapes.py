"""What each kind of URL of a host has brought so far: memory for telling traps from archives. The kinds ("shapes")
and what follows from the numbers are the crawler's business.

    page read for the first time ─▶ its text is new on the host? ─▶ novel + 1, else barren + 1, in all its shapes
    URL not asked for, because of its shape ─▶ cut + 1
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from archive.store.connection import Tx
from archive.store.hosts import HostIds
from archive.store.types import ExtractionDone

__all__ = ["Standing", "Trap", "learn", "not_asked", "standing", "traps", "unread"]

_UNREAD_ENOUGH = 100
_COUNT = (
    "INSERT INTO shapes(host_id, shape, novel, barren, cut) VALUES(?, ?, ?, ?, ?)"
    " ON CONFLICT(host_id, shape) DO UPDATE SET novel = novel + excluded.novel,"
    " barren = barren + excluded.barren, cut = cut + excluded.cut"
)


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """A shape's pages on a host: so many brought new text, so many did not, so many were not asked for."""

    novel: int = 0
    barren: int = 0
    cut: int = 0


class Trap(msgspec.Struct, frozen=True, kw_only=True):
    """A pattern of a host's URLs of which `cut` were left out; `barren` pages of it had brought nothing new (few
    or none: the URLs themselves gave it away)."""

    host: str
    shape: str
    cut: int
    barren: int


def learn(tx: Tx, done: ExtractionDone) -> None:
    """Count a page that has been read. Only a URL's first reading tells anything: its shapes have paid for the
    others."""
    host_id, hashed = tx.execute(
        "SELECT host_id, hash FROM captures WHERE id = ?", (done.capture_id,)
    ).fetchone()
    before = tx.execute(
        "SELECT 1 FROM captures JOIN extractions ON capture_id = captures.id"
        " WHERE captures.host_id = ? AND hash = ? AND captures.id <> ? AND state = 2",
        (host_id, hashed, done.capture_id),
    ).get
    if before is not None:
        return
    new = (
        done.text
        and tx.execute(
            "INSERT OR IGNORE INTO texts(host_id, text) VALUES(?, ?) RETURNING 1", (host_id, done.text)
        ).get
    )
    tx.executemany(_COUNT, [(host_id, shape, int(bool(new)), int(not new), 0) for shape in done.shapes])


def not_asked(tx: Tx, host_id: int, shape: str, urls: int) -> None:
    """So many URLs were left out for their shape."""
    tx.execute(_COUNT, (host_id, shape, 0, 0, urls))


def standing(tx: Tx, ids: HostIds, host: str, shapes: Sequence[str]) -> dict[str, Standing]:
    """Of the shapes that pages have been read of."""
    host_id = ids.get(tx, host)
    found = tx.execute(
        "SELECT shape, novel, barren, cut FROM shapes WHERE host_id = ?"
        f" AND shape IN ({', '.join('?' * len(shapes))})",
        (host_id, *shapes),
    )
    return {shape: Standing(novel=novel, barren=barren, cut=cut) for shape, novel, barren, cut in found}


def unread(tx: Tx, ids: HostIds, host: str, run_id: int) -> int:
    """How many of a host's captures wait for a worker or are with one; a hundred stands for more."""
    host_id = ids.get(tx, host)
    count: int = tx.execute(
        "SELECT count(*) FROM (SELECT 1 FROM extractions INDEXED BY extractions_unread"
        " WHERE state < 2 AND state = 0 AND run_id = ?1 AND host_id = ?2"
        " UNION ALL SELECT 1 FROM extractions INDEXED BY extractions_unread"
        " WHERE state < 2 AND state = 1 AND owner_id > 0 AND host_id = ?2 LIMIT ?3)",
        (run_id, host_id, _UNREAD_ENOUGH),
    ).get
    return count


def traps(tx: Tx, limit: int) -> tuple[Trap, ...]:
    """Shapes of which URLs were left out, those with most first."""
    rows: Iterable[tuple[str, str, int, int]] = tx.execute(
        "SELECT key, shape, cut, barren FROM shapes INDEXED BY shapes_cut JOIN hosts ON hosts.id = host_id"
        " WHERE cut > 0 ORDER BY cut DESC, key, shape LIMIT ?",
        (limit,),
    )
    return tuple(Trap(host=host, shape=shape, cut=cut, barren=barren) for host, shape, cut, barren in rows)
