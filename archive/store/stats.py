"""What the store can tell people: how a crawl stands (`status`), and all about one URL (`explain`)."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import msgspec

from archive.store import captures, leases, robots, runs, shapes
from archive.store.connection import Tx
from archive.store.forgotten import Forgotten, look
from archive.store.shapes import Trap
from archive.store.types import CaptureRow, Kind, RobotsEntry, Run, State
from sites.url import host_key, key, origin

__all__ = ["Explained", "HostRow", "Stats", "UrlRow", "explain", "host_row", "resting", "stats", "url_row"]

_CAPTURES_SHOWN = 20
_RUNS_SHOWN = 100


class HostRow(msgspec.Struct, frozen=True, kw_only=True):
    """A host: not to be met before `next_at` or `pause_until`; `resting` says why when that is a penalty.
    `delay_set` is the operator's own delay (None: not set), `leased_until` 0 when nobody is there, `queued`
    the number of its queued URLs."""

    key: str
    next_at: int
    delay: int
    failures: int
    resting: str
    pause_until: int
    delay_set: int | None
    leased_until: int
    queued: int


class UrlRow(msgspec.Struct, frozen=True, kw_only=True):
    """A URL's row. `due`: when it may be asked for (queued) or queued again (settled; 0: when a link to it is
    found). `settled` 0: never yet. `tries` since it last was."""

    url: str
    state: State
    kind: Kind
    job: str
    run_id: int
    priority: int
    due: int
    depth: int
    hops: str
    via: str
    tries: int
    settled: int
    reason: str
    etag: str
    last_modified: str


class Explained(msgspec.Struct, frozen=True, kw_only=True):
    """All that is known of a URL. `url` and `host` are None when never heard of; `captures` newest first.
    Of a forgotten URL (`forgotten` says when and why) nothing else is told."""

    url: UrlRow | None
    host: HostRow | None
    robots: RobotsEntry | None
    captures: tuple[CaptureRow, ...]
    forgotten: Forgotten | None = None


class Stats(msgspec.Struct, frozen=True, kw_only=True):
    """The store in numbers. `urls` by state, `jobs`: URLs by job and state, `extractions` by state or
    outcome, `bytes` archived in files of our own, `runs` newest first, the last 100, `resting` hosts that wait longest
    first, `traps` patterns of which most URLs were left out. When there are too many captures to
    count, `counted` is false: `extractions` are those that wait, and captures taken from others are not told apart."""

    urls: dict[str, int]
    jobs: dict[str, dict[str, int]]
    hosts: int
    leased: int
    captures: int
    imported: int
    bytes: int
    files: int
    extractions: dict[str, int]
    runs: tuple[Run, ...]
    resting: tuple[HostRow, ...]
    traps: tuple[Trap, ...] = ()
    counted: bool = True


_HOST = (
    "SELECT key, max(next_at, ifnull(until + leases.delay, 0)), hosts.delay, failures, resting, pause_until, delay_set,"
    " ifnull(until, 0), (SELECT count(*) FROM urls INDEXED BY urls_queued WHERE state = 0 AND urls.host_id = hosts.id)"
    " FROM hosts LEFT JOIN leases ON leases.host_id = hosts.id"
)


def _host(row: tuple[Any, ...] | None) -> HostRow | None:
    if row is None:
        return None
    return msgspec.convert(dict(zip(HostRow.__struct_fields__, row, strict=True)), HostRow)


def resting(tx: Tx, now: int, limit: int) -> tuple[HostRow, ...]:
    """Hosts with a penalty or a pause that lasts, longest first."""
    rows = tx.execute(
        f"{_HOST} JOIN (SELECT id FROM hosts WHERE (resting <> '' AND next_at > ?1) OR pause_until > ?1"
        " ORDER BY max(next_at, pause_until) DESC LIMIT ?2) AS longest ON longest.id = hosts.id"
        " ORDER BY max(next_at, pause_until) DESC",
        (now, limit),
    )
    return tuple(host for row in rows if (host := _host(row)))


def stats(tx: Tx, now: int, most: int | None = None) -> Stats:
    """Reads a row a host, and a row a capture unless there are `most` or more: seconds when there are tens of millions."""
    kept = tx.execute("SELECT ifnull(max(id), 0) FROM captures").get
    counted = most is None or kept < most
    size, files = tx.execute(
        "SELECT ifnull(sum(committed), 0), count(*) FROM files WHERE path IS NULL"
    ).fetchone()
    urls, jobs = _urls(tx)
    total, imported = kept, 0
    if counted:
        total, imported = tx.execute("SELECT count(*), ifnull(sum(imported), 0) FROM captures").fetchone()
    return Stats(
        urls=urls,
        jobs=jobs,
        hosts=tx.execute("SELECT count(*) FROM hosts").get,
        leased=tx.execute("SELECT count(*) FROM leases").get,
        captures=total,
        imported=imported,
        bytes=size,
        files=files,
        extractions=_extractions(tx, counted),
        runs=tuple(runs.newest(tx, _RUNS_SHOWN)),
        resting=resting(tx, now, 20),
        traps=shapes.traps(tx, 20),
        counted=counted,
    )


def _urls(tx: Tx) -> tuple[dict[str, int], dict[str, dict[str, int]]]:
    urls: dict[str, int] = {state.name.lower(): 0 for state in State}
    jobs: dict[str, dict[str, int]] = defaultdict(dict)
    for job, state, number in tx.execute(
        "SELECT ifnull(name, ''), state, number FROM ("
        " SELECT job_id, state, urls AS number FROM tallies WHERE urls > 0"
        " UNION ALL SELECT job_id, 1, count(*) FROM leases GROUP BY job_id"
        ") LEFT JOIN jobs ON jobs.id = job_id ORDER BY 1, 2"
    ):
        urls[State(state).name.lower()] += number
        jobs[job][State(state).name.lower()] = number
    return urls, dict(jobs)


def _extractions(tx: Tx, counted: bool) -> dict[str, int]:
    if not counted:
        pending = tx.execute("SELECT count(*) FROM extractions WHERE state = 0").get
        return {
            "pending": pending,
            "claimed": tx.execute("SELECT count(*) FROM extractions WHERE state = 1").get,
        }
    return dict(
        tx.execute(
            "SELECT CASE state WHEN 0 THEN 'pending' WHEN 1 THEN 'claimed' ELSE outcome END, count(*)"
            " FROM extractions GROUP BY 1"
        )
    )


def host_row(tx: Tx, host: str) -> HostRow | None:
    """None for a host never heard of."""
    return _host(tx.execute(f"{_HOST} WHERE key = ?", (host,)).fetchone())


def url_row(tx: Tx, url: str, salt: str = "") -> UrlRow | None:
    """A URL's row; `salt` as it is keyed with."""
    host = host_key(url)
    row = tx.execute(
        "SELECT host_id, state, kind, ifnull(name, ''), run_id, priority, due, depth, hops, via, tries,"
        " ifnull(settled, 0), ifnull(reason, ''), ifnull(etag, ''), ifnull(last_modified, '')"
        " FROM urls LEFT JOIN jobs ON jobs.id = job_id"
        " WHERE host_id = (SELECT id FROM hosts WHERE key = ?) AND hash = ?",
        (host, key(url, salt)),
    ).fetchone()
    if row is None:
        return None
    host_id, *rest = row
    facts = dict(zip(UrlRow.__struct_fields__[1:], rest, strict=True))
    facts["via"] = leases.parent(tx, host_id, host, facts["via"])
    return msgspec.convert({"url": url, **facts}, UrlRow)


def explain(tx: Tx, url: str) -> Explained:
    """All that is known of an ada href."""
    host = host_key(url)
    host_id = tx.execute("SELECT id FROM hosts WHERE key = ?", (host,)).get
    found = captures.of_url(tx, (host_id, key(url)), _CAPTURES_SHOWN) if host_id is not None else []
    gone = look(tx, (host_id, key(url))) if host_id is not None else None
    return Explained(
        url=url_row(tx, url) if gone is None else None,
        host=host_row(tx, host),
        robots=robots.get(tx, origin(url)),
        captures=tuple(found),
        forgotten=gone,
    )
