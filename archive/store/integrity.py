"""What must always hold among the tables of crawl.db, whatever happened: looked at by `verify` and by the
tests."""

from __future__ import annotations

from collections.abc import Iterator

from archive.store.connection import Tx

__all__ = ["problems"]

_MUST_BE_EMPTY = (
    (
        "a leased URL without a lease",
        "SELECT host_id || '/' || hash FROM urls WHERE state = 1 AND NOT EXISTS("
        "SELECT 1 FROM leases l WHERE l.host_id = urls.host_id AND l.hash = urls.hash)",
    ),
    (
        "a lease without its leased URL",
        "SELECT token FROM leases l WHERE NOT EXISTS("
        "SELECT 1 FROM urls WHERE host_id = l.host_id AND hash = l.hash AND state = 1 AND job_id = l.job_id)",
    ),
    (
        "a lease without its owner",
        "SELECT token FROM leases WHERE owner_id NOT IN (SELECT id FROM owners)",
    ),
    (
        "queued URLs without a queue, or due before it",
        "SELECT u.host_id || '/' || u.job_id FROM (SELECT host_id, job_id, min(due) AS due FROM urls WHERE state = 0"
        " GROUP BY host_id, job_id) u LEFT JOIN queues q USING(host_id, job_id) WHERE q.due IS NULL OR q.due > u.due",
    ),
    (
        "a tally of URLs that is wrong",
        "SELECT job_id || '/' || state FROM (SELECT job_id, state, urls, 0 AS there FROM tallies UNION ALL"
        " SELECT job_id, state, 0, count(*) FROM urls WHERE state <> 1 GROUP BY job_id, state)"
        " GROUP BY job_id, state HAVING sum(urls) <> sum(there)",
    ),
    (
        "a queue that does not wake in time",
        "SELECT q.host_id || '/' || q.job_id FROM queues q JOIN hosts ON hosts.id = q.host_id"
        # a leased host's queues are woken by the end of its lease
        " WHERE q.host_id NOT IN (SELECT host_id FROM leases) AND NOT EXISTS(SELECT 1 FROM wakes w"
        " WHERE w.job_id = q.job_id AND w.at = max(next_at, pause_until, due) AND w.host_id = q.host_id)",
    ),
    (
        "a moment to wake without its queue",
        "SELECT w.host_id || '/' || w.job_id FROM wakes w JOIN hosts ON hosts.id = w.host_id WHERE NOT EXISTS(SELECT 1"
        " FROM queues q WHERE q.host_id = w.host_id AND q.job_id = w.job_id AND w.at = max(next_at, pause_until, due))",
    ),
    (
        "a stored URL that no extraction is to come for",
        "SELECT host_id || '/' || hash FROM urls WHERE state = 2 AND NOT EXISTS(SELECT 1 FROM captures c"
        " JOIN extractions e ON e.capture_id = c.id WHERE c.host_id = urls.host_id AND c.hash = urls.hash"
        " AND e.state < 2)",
    ),
    (
        "an extraction without its capture",
        "SELECT capture_id FROM extractions WHERE NOT EXISTS("
        "SELECT 1 FROM captures c WHERE c.id = capture_id AND c.host_id = extractions.host_id)",
    ),
    (
        "a claimed extraction without its owner",
        "SELECT capture_id FROM extractions WHERE state = 1 AND owner_id NOT IN (SELECT id FROM owners)",
    ),
    (
        "a capture behind the committed length of its file",
        "SELECT c.id FROM captures c JOIN files f ON f.id = file_id"
        " WHERE path IS NULL AND offset + length > committed",
    ),
    (
        "a capture without its file or URL",
        "SELECT c.id FROM captures c WHERE file_id NOT IN (SELECT id FROM files) OR NOT EXISTS("
        "SELECT 1 FROM urls WHERE host_id = c.host_id AND hash = c.hash)",
    ),
)


def problems(tx: Tx, *, pages: bool = True) -> Iterator[str]:
    """Each in words; none when all is well. `pages`: have SQLite check its own pages and indexes, too."""
    if pages:
        yield from (f"SQLite: {row[0]}" for row in tx.execute("PRAGMA quick_check(20)") if row[0] != "ok")
    for what, query in _MUST_BE_EMPTY:
        for (where,) in tx.execute(f"{query} LIMIT 20"):
            yield f"{what}: {where}"
