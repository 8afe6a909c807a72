"""When may a host be spoken to next? Arithmetic only; the caller owns the clock. Times in microseconds.

IDLE --lease--> BUSY --settle(ok)-----> RESTING until finish + delay
                    \\-settle(failed)--> RESTING until finish + penalty, doubled each time
"""

from __future__ import annotations

from email.utils import parsedate_to_datetime

from archive.store.types import HostState

__all__ = ["delay_of", "retry_after", "settle"]

_SECOND = 1_000_000
_FIRST_PENALTY = 30 * _SECOND
_LONGEST_PENALTY = 6 * 3600 * _SECOND
_LONGEST_DELAY = 300 * _SECOND


def delay_of(site_delay: int, crawl_delay: float | None) -> int:
    """The pause between finish and next start: the site's delay or the crawl-delay, the longer of them."""
    asked = int(min(max(crawl_delay or 0.0, 0.0), _LONGEST_DELAY / _SECOND) * _SECOND)
    return max(site_delay, asked)


def retry_after(value: str, now: int) -> int:
    """The pause in a Retry-After header (RFC 9110, 10.2.3: seconds or a date), 0 when there is none."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        return min(int(value[:9]) * _SECOND, 24 * 3600 * _SECOND)
    try:
        at = int(parsedate_to_datetime(value).timestamp() * _SECOND)
    except (ValueError, TypeError, OverflowError):
        return 0
    return min(max(at - now, 0), 24 * 3600 * _SECOND)


def settle(
    *, finished: int, delay: int, failures: int, status: int, error: str, asked_pause: int, jitter: float
) -> HostState:
    """The host after an exchange that ended at `finished`. `status` 0 with `error` means that none came;
    `asked_pause` is Retry-After's; `jitter` between 0 and 1 spreads penalties by a quarter."""
    if status in (429, 503) or (not status and error and not error.startswith("refused-address")):
        penalty = asked_pause or min(_FIRST_PENALTY * 2 ** min(failures, 16), _LONGEST_PENALTY)
        if not status and failures == 0:
            penalty = min(penalty, 5 * _SECOND)
        pause = max(delay, penalty + int(penalty * jitter / 4))
        why = f"status {status}" if status else error.partition(":")[0]
        return HostState(next_at=finished + pause, delay=delay, failures=failures + 1, resting=why)
    return HostState(next_at=finished + delay, delay=delay, failures=max(0, failures - 1))
