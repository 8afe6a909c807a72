"""When may a host be spoken to next? Arithmetic only; the caller owns the clock. Times in microseconds.

    IDLE --lease--> BUSY --answered--------------------> RESTING until finish + gap        slow shrinks by a tenth
                       \\-slower than it used to be------> RESTING until finish + gap        slow grows
                       \\-timed out in its body----------> RESTING until finish + gap        slow doubles
                       \\-429, 503, timed out------------> RESTING until finish + penalty    slow doubles
                       \\-no connection------------------> RESTING until finish + penalty
    gap = max(site's delay, crawl-delay, FACTOR x response time) + slow
    penalty = what Retry-After asks for, else 5 s, 30 s, then doubled each time, to six hours

All of it is in `HostState`, which is committed with every exchange: a restart begins where the last one stopped.
"""

from __future__ import annotations

from email.utils import parsedate_to_datetime

import msgspec

from archive.store.types import HostState
from sites.quiet import Quiet

__all__ = [
    "PAGES",
    "Manners",
    "delay_of",
    "is_failing",
    "is_given_up",
    "pages_counter",
    "retry_after",
    "settle",
]

PAGES = "pages"
"""The name under which a run counts its pages."""

_SECOND = 1_000_000
_DAY = 24 * 3600 * _SECOND
_FIRST_PENALTY = 30 * _SECOND
_LONGEST_PENALTY = 6 * 3600 * _SECOND
_FACTOR = 5
_LONGEST_FACTOR = 60 * _SECOND
_LEAST_SLOW = _SECOND
_MOST_SLOW = 300 * _SECOND
_NOTICED = _SECOND // 20
_SLUGGISH = _SECOND
"""A response time below this is no cause to slow down, however much it has grown."""


class Manners(msgspec.Struct, frozen=True, kw_only=True):
    """How a job treats its hosts: the least `delay` (microseconds), when to leave them alone, how many pages of one
    host and how many in all it takes in a run (0: no limit)."""

    delay: int
    quiet: Quiet | None = None
    host_pages: int = 0
    pages: int = 0


def pages_counter(host: str) -> str:
    """The name under which a run counts a host's pages."""
    return f"pages:{host}"


def delay_of(site_delay: int, crawl_delay: float | None) -> int:
    """The pause between finish and next start: the site's delay or the crawl-delay (seconds), the longer of them.
    A crawl-delay of more than a day is taken for a day."""
    if crawl_delay is None or not crawl_delay > 0:
        return site_delay
    return max(site_delay, int(min(crawl_delay * _SECOND, _DAY)))


def retry_after(value: str, now: int) -> int:
    """The pause in a Retry-After header (RFC 9110, 10.2.3: seconds or a date), 0 when there is none; a day at
    most."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        return min(int(value[:9]) * _SECOND, _DAY)
    try:
        at = int(parsedate_to_datetime(value).timestamp() * _SECOND)
    except (ValueError, TypeError, OverflowError):
        return 0
    return min(max(at - now, 0), _DAY)


def is_failing(host: HostState) -> bool:
    """Whether the host as a whole seems to have stopped answering: what fails now is no fault of the URL."""
    return host.failures >= 4


def is_given_up(host: HostState) -> bool:
    """Whether it has failed so often that its URLs are given up one by one, as they are tried; that is after most of
    a day of pauses."""
    return host.failures >= 12


def settle(
    before: HostState,
    *,
    finished: int,
    delay: int,
    took: int,
    status: int,
    error: str = "",
    asked_pause: int = 0,
    jitter: float = 0.0,
) -> HostState:
    """The host after an exchange that ended at `finished` and took `took`; `before` is what was remembered of it.

    `status` 0 with `error` ("timeout: …") means that none came; `error` "time" beside a status, that the body took too
    long. `asked_pause` is Retry-After's; `jitter` between 0 and 1 lengthens penalties by up to a quarter. A `delay`
    of 0 says that the server is the operator's own: it rests only when it asks for it.
    """
    reason = error.partition(":")[0]
    if reason == "refused-address":  # ours was the refusal, the host was never spoken to
        return HostState(
            next_at=finished + delay, delay=before.delay, failures=before.failures, slow=before.slow,
            lately=before.lately, usual=before.usual,
        )  # fmt: skip
    strained = status in (429, 503) or reason in ("timeout", "time")
    lately = _towards(before.lately, took, 4) if status else before.lately
    usual = _towards(before.usual, took, 32) if status else before.usual
    gap = max(delay, min(_FACTOR * lately, _LONGEST_FACTOR)) if delay else 0
    slow = before.slow
    if strained:
        slow = min(max(2 * slow, gap, _LEAST_SLOW), _MOST_SLOW)
    elif status and lately > max(2 * usual, _SLUGGISH):
        slow = min(slow + max(gap, _LEAST_SLOW) // 2, _MOST_SLOW)
    elif status:
        slow = slow * 9 // 10 if slow > _NOTICED else 0
    gap += slow
    if status not in (0, 429, 503):
        penalty, why, failures = asked_pause, "Retry-After" if asked_pause else "", before.failures // 2
    else:
        penalty = asked_pause or _penalty(before.failures, quick=not status)
        why, failures = f"status {status}" if status in (429, 503) else reason, before.failures + 1
    pause = max(gap, penalty + int(penalty * jitter / 4))
    return HostState(
        next_at=finished + pause,
        delay=gap,
        failures=failures,
        resting=why,
        slow=slow,
        lately=lately,
        usual=usual,
    )


def _penalty(failures: int, *, quick: bool) -> int:
    """The first time that nothing came it may have been a hiccup."""
    if not failures and quick:
        return 5 * _SECOND
    return min(_FIRST_PENALTY << min(failures, 16), _LONGEST_PENALTY)


def _towards(mean: int, value: int, share: int) -> int:
    """A running mean; the first value is the mean."""
    return max(0, mean + (value - mean) // share) if mean else value
