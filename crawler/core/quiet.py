"""When do quiet hours end? Local time is what counts, so that they follow summer time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sites.quiet import Quiet

__all__ = ["quiet_until"]

_MINUTE = timedelta(minutes=1)


def quiet_until(quiet: Quiet | None, now: int) -> int:
    """The end of the quiet hours that `now` lies in (microseconds, UTC epoch); 0 when it lies in none."""
    if quiet is None:
        return 0
    zone = ZoneInfo(quiet.zone)
    start = local = datetime.fromtimestamp(now / 1e6, UTC).astimezone(zone).replace(tzinfo=None)
    while (end := _end(quiet, local)) is not None and end - start < timedelta(days=8):
        local = end
    if local == start:
        return 0
    return max(int(local.replace(tzinfo=zone).timestamp() * 1_000_000), now + 1)


def _end(quiet: Quiet, local: datetime) -> datetime | None:
    """The end of a span around a local time, the latest of them."""
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    ends = []
    for back in (0, 1):
        day = midnight - timedelta(days=back)
        for span in quiet.spans:
            if day.weekday() in span.days and day + span.start * _MINUTE <= local < day + span.end * _MINUTE:
                ends.append(day + span.end * _MINUTE)
    return max(ends, default=None)
