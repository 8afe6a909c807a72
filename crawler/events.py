"""What happens in a crawl, as values. The progress bar, the log and the metrics only listen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import msgspec

__all__ = [
    "AtWork",
    "DiskLow",
    "DiskRoomy",
    "Event",
    "HostResting",
    "HostTaught",
    "Listener",
    "Notice",
    "PageExtracted",
    "PageFailed",
    "PageStored",
    "RoundBegun",
    "RoundEnded",
    "RunEnded",
    "RunStarted",
]


class RunStarted(msgspec.Struct, frozen=True, tag=True):
    """A run of a job begins or goes on."""

    job: str
    resumed: bool


class PageStored(msgspec.Struct, frozen=True, tag=True):
    """A capture is committed. `size` is the response's wire bytes, `took` seconds."""

    url: str
    status: int
    size: int
    took: float


class PageFailed(msgspec.Struct, frozen=True, tag=True):
    """A URL was put off, refused or given up: `fate` says which, `reason` why; `others` of its host share
    it."""

    url: str
    fate: Literal["retry", "denied", "dead"]
    reason: str
    others: int = 0


class PageExtracted(msgspec.Struct, frozen=True, tag=True):
    """A worker has read a capture."""

    url: str
    outcome: str
    page_type: str
    title: str
    found: int


class HostResting(msgspec.Struct, frozen=True, tag=True):
    """A host asked for a pause, or failed as a whole; `until` is microseconds (UTC epoch)."""

    host: str
    until: int
    reason: str


class DiskLow(msgspec.Struct, frozen=True, tag=True):
    """The crawl pauses: `free` bytes are left on the disk where `wanted` are to stay free; `error` is what found
    no room, "" when nothing has yet."""

    free: int
    wanted: int
    error: str


class DiskRoomy(msgspec.Struct, frozen=True, tag=True):
    """There is room again, the crawl goes on."""

    free: int


class HostTaught(msgspec.Struct, frozen=True, tag=True):
    """What a host's pages repeat was learnt from `pages` of them; `again` captures are read once more by it."""

    host: str
    pages: int
    again: int


class Notice(msgspec.Struct, frozen=True, tag=True):
    """Something an operator should read."""

    text: str
    level: Literal["info", "warning"] = "info"


class AtWork(msgspec.Struct, frozen=True, tag=True):
    """So many processes crawl together now."""

    processes: int


class RunEnded(msgspec.Struct, frozen=True, tag=True):
    """The run is over: finished, or stopped. `deferred` URLs are left, the first of them due at `next_at`
    (microseconds, UTC epoch; 0 when none is)."""

    job: str
    finished: bool
    deferred: int
    next_at: int


class RoundBegun(msgspec.Struct, frozen=True, tag=True):
    """The schedule crawls these sites; it will end the crawl at `until` (microseconds, UTC epoch; None: it will not)."""

    sites: tuple[str, ...]
    until: int | None


class RoundEnded(msgspec.Struct, frozen=True, tag=True):
    """The schedule's crawl of these sites is over (times in microseconds); `wrong` says how it failed, "" when it
    did not."""

    sites: tuple[str, ...]
    began: int
    ended: int
    wrong: str = ""


Event = (
    AtWork
    | RunStarted
    | PageStored
    | PageFailed
    | PageExtracted
    | HostResting
    | HostTaught
    | DiskLow
    | DiskRoomy
    | Notice
    | RunEnded
    | RoundBegun
    | RoundEnded
)
Listener = Callable[[Event], None]
