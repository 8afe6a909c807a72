"""What goes into the store and what comes out: values only. All times are microseconds (UTC epoch)."""

from __future__ import annotations

from enum import IntEnum
from typing import Literal

import msgspec

from archive.capture import Capture, Location
from archive.store.outcomes import Again, Dead, Denied, Outcome, PutBack, Stored

__all__ = [
    "Again",
    "CaptureRow",
    "Committed",
    "Dead",
    "Denied",
    "ExtractionDone",
    "HostState",
    "Kind",
    "Lease",
    "Outcome",
    "Outstanding",
    "PendingExtraction",
    "Previous",
    "PutBack",
    "RobotsEntry",
    "Run",
    "Selection",
    "Settlement",
    "State",
    "Stored",
    "Target",
]


class State(IntEnum):
    """A URL's life (docs/architecture.md, 5)."""

    QUEUED = 0
    LEASED = 1
    STORED = 2  # committed, extraction still to come
    DONE = 3
    DENIED = 4
    DEAD = 5


class Kind(IntEnum):
    """What a URL is asked for as. `ROBOTS` rows are keyed apart from pages of the same URL."""

    PAGE = 0
    ROBOTS = 1
    SITEMAP = 2
    FEED = 3
    REQUISITE = 4


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """A URL to be queued. `url` is an ada href, `host` its politeness key (host, with the port if it is not
    the default of its scheme). Smaller `priority` goes first. `due` 0 means now. `robots_for` is the origin
    whose rules a ROBOTS target yields (it differs from the URL's own after a redirect).
    """

    url: str
    host: str
    kind: Kind = Kind.PAGE
    priority: int = 50
    depth: int = 0
    hops: str = ""
    via: str = ""
    due: int = 0
    robots_for: str = ""


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One pass of a job. `spec` is the job's settings as JSON; `resumed` tells that it was unfinished."""

    id: int
    job_id: int
    job: str
    spec: bytes
    started: int
    resumed: bool = False
    finished: int = 0


class Previous(msgspec.Struct, frozen=True, kw_only=True):
    """The last complete capture of the same URL, for conditional requests and revisits."""

    record_id: str
    date: int
    payload_digest: str
    etag: str = ""
    last_modified: str = ""


class HostState(msgspec.Struct, frozen=True, kw_only=True):
    """What politeness remembers of a host. `next_at`: not before; `resting` says why when it is a penalty.
    `delay` is the pause last kept, of which `slow` was added because the host seemed strained; `failures` in
    succession; `lately` and `usual` are its response times, of late and over a long time."""

    next_at: int
    delay: int = 0
    failures: int = 0
    resting: str = ""
    slow: int = 0
    lately: int = 0
    usual: int = 0


class Lease(msgspec.Struct, frozen=True, kw_only=True):
    """A host and one URL of it, ours until `until`. `tries` counts this one; `token` names the lease. `memory` is
    what is known of the host, `delay_set` the operator's least delay for it."""

    token: int
    run_id: int
    job_id: int
    host_id: int
    url_key: int
    target: Target
    tries: int
    taken: int
    until: int
    memory: HostState = HostState(next_at=0)
    delay_set: int | None = None
    previous: Previous | None = None


class RobotsEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One origin's robots.txt. `status` is "ok" (use `body`), "allow-all" (4xx) or "unreachable" (disallow
    all, but `body` is the last good copy when there is one, fetched at `body_at`). Looked at again at
    `expires`. `since`: when the file began to be unreachable, 0 while it is not.
    """

    origin: str
    status: Literal["ok", "allow-all", "unreachable"]
    body: bytes = b""
    body_at: int = 0
    fetched_at: int
    expires: int
    record_id: str = ""
    since: int = 0


class Settlement(msgspec.Struct, frozen=True, kw_only=True):
    """How a lease ends. Everything in it is committed in one transaction, or nothing. `counts` names counters of the
    run that this one adds to; `others` are queued URLs of the host (their keys) that are denied with it, for each of
    these reasons."""

    lease: Lease
    outcome: Outcome
    host: HostState
    capture: Capture | None = None
    robots: RobotsEntry | None = None
    targets: tuple[Target, ...] = ()
    counts: tuple[str, ...] = ()
    others: tuple[tuple[Denied, tuple[int, ...]], ...] = ()
    now: int = 0


class Committed(msgspec.Struct, frozen=True, kw_only=True):
    """A settled lease. `capture_id` 0 and `location` None when nothing was archived; `stale` tells that the
    lease had been lost (the capture is kept, the URL was not settled by it); `others` is how many URLs shared its
    fate."""

    lease: Lease
    capture_id: int = 0
    location: Location | None = None
    stale: bool = False
    others: int = 0


class PendingExtraction(msgspec.Struct, frozen=True, kw_only=True):
    """A capture that waits for a worker; claimed by this owner. `original` is where the body of a revisit
    lies, None for other captures and for revisits of what is not here; `again`: it was read before."""

    capture_id: int
    run_id: int
    job_id: int
    url: str
    kind: Kind
    depth: int
    hops: str
    fetched_at: int
    location: Location
    attempts: int
    record_id: str = ""
    original: Location | None = None
    again: bool = False


class ExtractionDone(msgspec.Struct, frozen=True, kw_only=True):
    """A worker's verdict on a capture, with the links that passed the scope. `skipped` counts the links
    that did not, by reason; `fields` are what is counted for the site, the article's fields that have a
    value above all (what drift is measured against). `shapes` are those of its URL (() for what is no page), `text` is the same for the same text,
    0 for none to speak of; `cuts` counts links left out as a trap's, by host key and shape."""

    capture_id: int
    fingerprint: str
    outcome: Literal["ok", "none", "timeout", "memory", "crash", "error"]
    page_type: str = ""
    detail: str = ""
    site: str = ""
    targets: tuple[Target, ...] = ()
    skipped: dict[str, int] = {}
    fields: tuple[str, ...] = ()
    shapes: tuple[str, ...] = ()
    text: int = 0
    cuts: dict[tuple[str, str], int] = {}
    next_due: int = 0
    now: int = 0


class Outstanding(msgspec.Struct, frozen=True, kw_only=True):
    """What some runs still have before them: URLs leased now (by any process), URLs queued (due or not),
    captures waiting for a worker or with one; `next_wake` is when a host may next be leased, None for never.
    """

    leased: int
    queued: int
    extractions: int
    next_wake: int | None

    @property
    def nothing(self) -> bool:
        return not (self.leased or self.queued or self.extractions)


class CaptureRow(msgspec.Struct, frozen=True, kw_only=True):
    """A committed capture as the catalogue knows it, with what extraction made of it: `outcome` and
    `fingerprint` are "" while there is no result; `extraction` is "" when none was wanted."""

    capture_id: int
    url: str
    kind: Kind
    run_id: int
    location: Location
    response_length: int
    status: int
    media_type: str
    payload_digest: str
    payload_size: int
    fetched_at: int
    took: int
    record_id: str
    truncated: str
    error: str
    complete: bool
    imported: bool
    revisit_of: str = ""
    extraction: Literal["", "pending", "claimed", "done"] = ""
    fingerprint: str = ""
    outcome: str = ""
    page_type: str = ""
    site: str = ""
    detail: str = ""


class Selection(msgspec.Struct, frozen=True, kw_only=True):
    """Which captures: all that satisfy every given condition. `site` as extraction found it, or else one of
    `hosts` (host keys) for captures without a result; `since` <= fetched_at < `until` (0: open)."""

    site: str = ""
    hosts: tuple[str, ...] = ()
    url: str = ""
    file: str = ""
    since: int = 0
    until: int = 0
