"""What becomes of a leased URL (docs/architecture.md, "A URL's life"). Times are microseconds (UTC epoch)."""

from __future__ import annotations

import msgspec

__all__ = ["Again", "Dead", "Denied", "Outcome", "PutBack", "Stored"]


class Stored(msgspec.Struct, frozen=True):
    """The page came. `next_due`: when it may be asked for again; `extract`: whether a worker should read it;
    `status` is the HTTP status; `etag` and `last_modified` go into the next conditional request."""

    next_due: int = 0
    extract: bool = True
    status: int = 0
    etag: str = ""
    last_modified: str = ""


class Again(msgspec.Struct, frozen=True):
    """Another try at `due`."""

    due: int
    reason: str


class PutBack(msgspec.Struct, frozen=True):
    """Never asked, or no fault of the URL: back to the queue, and the try does not count."""

    due: int
    reason: str


class Denied(msgspec.Struct, frozen=True):
    """Refused by robots.txt (`reason` quotes the line) or by the scope or address rules, or, with a `shape`, as
    one more page of a trap. Looked at again by a later run that finds a link to it, or at `next_due` if that
    is not 0. `whole_host`: what else the job has queued at the host is refused with it."""

    reason: str
    next_due: int = 0
    shape: str = ""
    whole_host: bool = False


class Dead(msgspec.Struct, frozen=True):
    """Given up; revived by a later run that finds a link to it, or at `next_due` if that is not 0. `whole_host`: what
    else the job has queued at the host is given up with it."""

    reason: str
    next_due: int = 0
    whole_host: bool = False


Outcome = Stored | Again | PutBack | Denied | Dead
