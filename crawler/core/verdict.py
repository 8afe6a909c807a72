"""What becomes of a URL after an exchange: a pure decision, the caller acts on it.

2xx, 304 ─▶ Stored        3xx ─▶ Stored, its target queued      404, 410, other 4xx ─▶ Dead
cut off by time or the network ─▶ archived, and Again once; then Stored with what came
429, 5xx, no reply ─▶ Again with growing pauses, Dead after the last try
429, 503, no reply, and the host as a whole is failing ─▶ PutBack: no fault of the URL; Dead when the host is given up,
                                                                  with all that is queued there
"""

from __future__ import annotations

from archive.store.types import Again, Dead, Outcome, PutBack, Stored

__all__ = ["MAX_REDIRECTS", "decide"]

MAX_REDIRECTS = 10
_SECOND = 1_000_000
_CUT = ("time", "disconnect", "unspecified")
_CUT_TRIES = 2  # some servers always promise more than they send
_CUT_WAIT = 30 * _SECOND
_LONGEST = 6 * 3600 * _SECOND


def decide(
    *,
    status: int,
    error: str,
    tries: int,
    max_tries: int,
    now: int,
    pause: int,
    jitter: float,
    host_failing: bool = False,
    host_given_up: bool = False,
    etag: str = "",
    last_modified: str = "",
    next_due: int = 0,
    truncated: str = "",
) -> Outcome:
    """The URL's outcome. `status` 0: no response, `error` says why; `pause` is what Retry-After asked for; `jitter` is
    in 0…1; `truncated` why the response is short (a bound on its length is none of the server's faults)."""
    if status in (408, 425, 429) or status >= 500 or status == 0:
        reason = f"status {status}" if status else error
        ours = error.startswith("refused-address")
        waits = status in (0, 429, 503) and host_failing and not ours
        if waits and host_given_up:
            return Dead(f"{reason}; the host has failed for a day", whole_host=True)
        if ours or (tries >= max_tries and not waits):
            return Dead(reason)
        wait = min(30 * _SECOND * 2 ** max(0, tries - 1), _LONGEST)
        if not status and tries == 1:
            wait = 5 * _SECOND
        due = now + max(pause, int(wait * (0.75 + jitter / 2)))
        return PutBack(due, reason) if waits else Again(due, reason)
    if 400 <= status < 500:
        return Dead(f"status {status}")
    if truncated in _CUT and tries < _CUT_TRIES:
        wait = int(_CUT_WAIT * (0.75 + jitter / 2))
        return Again(due=now + wait, reason=f"cut off: {truncated}")
    redirect = 300 <= status < 400 and status != 304
    return Stored(
        next_due=next_due,
        extract=not redirect,
        status=status,
        etag=etag,
        last_modified=last_modified,
    )
