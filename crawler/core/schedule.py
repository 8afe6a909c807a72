"""When is each site to be crawled, and what is begun now? Decisions only; times are microseconds, UTC epoch.

    "6h"            six hours after its last round began       never crawled: now
    "0 7 * * fri"   the first Friday, 7:00 UTC, after that      never crawled: the next one
    interrupted     now                                         failed: after a pause that doubles, and alone

All that is due is crawled together. When another site falls due meanwhile, the crawl is ended, five minutes
after its start at the soonest; what it leaves is due at once and goes on beside the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec

from crawler.errors import ConfigError
from crawler.settings import parse_duration

__all__ = ["Begin", "Cron", "Every", "Interval", "Last", "Wait", "decide", "due_at", "parse_every"]

_SECOND = 1_000_000
_LEAST = 300 * _SECOND
_PENALTY = 60 * _SECOND
_LONGEST_PENALTY = 6 * 3600 * _SECOND


class Interval(msgspec.Struct, frozen=True):
    """From one beginning to the next, in microseconds."""

    length: int


class Cron(msgspec.Struct, frozen=True):
    """Five cron fields, in UTC."""

    text: str


Every = Interval | Cron


class Last(msgspec.Struct, frozen=True, kw_only=True):
    """A site's last round: when it began, whether it came to its end, and how many in a row have `failed`, the
    last of them at `ended`."""

    began: int
    finished: bool = True
    failed: int = 0
    ended: int = 0


class Begin(msgspec.Struct, frozen=True):
    """Crawl these sites now; end at `until` if they take so long (None: no other site will want its turn)."""

    sites: tuple[str, ...]
    until: int | None = None


class Wait(msgspec.Struct, frozen=True):
    """Nothing is due before `until` (None: there is no site)."""

    until: int | None


def parse_every(text: str, name: str = "every") -> Every:
    """An interval ("30m", "6h", "1d") or five cron fields. Raises ConfigError naming `name`."""
    if len(text.split()) != 5:
        length = int(parse_duration(text, name) * _SECOND)
        if length <= 0:
            raise ConfigError(f"{name} {text!r}: an interval is longer than nothing")
        return Interval(length)
    _after(Cron(text), 0, name)
    return Cron(text)


def _after(every: Every, moment: int, name: str = "every") -> int:
    """The first time after `moment`."""
    if isinstance(every, Interval):
        return moment + every.length
    from cronsim import CronSim, CronSimError

    try:
        found = next(CronSim(every.text, datetime.fromtimestamp(moment // _SECOND, UTC)), None)
    except CronSimError as error:
        raise ConfigError(f"{name} {every.text!r}: {error}") from None
    if found is None:
        raise ConfigError(f"{name} {every.text!r}: there is no such day")
    return int(found.timestamp()) * _SECOND


def due_at(every: Every, last: Last | None, since: int) -> int:
    """When a site is to be crawled; `since` is when the schedule was begun."""
    if last is None:
        return since if isinstance(every, Interval) else _after(every, since)
    if last.failed:
        return last.ended + min(_PENALTY << min(last.failed - 1, 20), _LONGEST_PENALTY)
    return _after(every, last.began) if last.finished else last.began


def decide(plan: Mapping[str, Every], last: Mapping[str, Last], now: int, since: int) -> Begin | Wait:
    """What to do now. A site that has failed is crawled alone, so that it takes no other with it."""
    due = {site: due_at(every, last.get(site), since) for site, every in plan.items()}
    ready = sorted((at, site) for site, at in due.items() if at <= now)
    if not ready:
        return Wait(min(due.values(), default=None))
    failed = {site for site in plan if site in last and last[site].failed}
    first = ready[0][1]
    group = (first,) if first in failed else tuple(site for _, site in ready if site not in failed)
    others = [at for site, at in due.items() if site not in group]
    if len(group) > 1:  # a short round must not wait for a long one beside it
        others += [_after(plan[site], now) for site in group]
    return Begin(group, max(min(others), now + _LEAST) if others else None)
