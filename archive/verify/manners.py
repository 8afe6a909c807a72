"""`broadsheet verify --manners`: proof from WARC files alone that no robots rule then valid was broken and no
host was met faster than its delay. How rules are parsed and delays computed is handed in: the crawler's way.

    exchanges of all files, in time ─▶ robots.txt replies: what is in force for an origin from then on
                                    ─▶ others: allowed by what was in force?
                                    ─▶ all: far enough from the one before? By the delay that its metadata
                                       record promises, and the crawl-delay in force when it ended.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Protocol

import msgspec

from archive.capture import Capture
from archive.reader import Damage, read_file
from archive.verify.findings import Finding, finding
from sites.url import host_key, origin, parse, path_query

__all__ = ["RobotsRules", "verify_manners"]

_DAY = 24 * 3600 * 1_000_000
_GRACE = 60 * 1_000_000  # between the look at a rule's age and the request
_MAX_BODY = 512 * 1024
_FOR_ROBOTS = re.compile(r".*XR{1,5}")


class RobotsRules(Protocol):
    """A robots.txt, parsed for our token. `crawl_delay` in seconds."""

    def allows(self, url: str) -> bool: ...
    @property
    def crawl_delay(self) -> float | None: ...


class _Event(msgspec.Struct, frozen=True):
    file: str
    offset: int
    url: str
    start: int
    end: int
    status: int
    location: str
    body: bytes | None
    sent: bool
    delay: int | None


class _Force(msgspec.Struct):
    """What is in force for an origin. `rules` None: everything is allowed, or nothing (`closed`)."""

    since: int
    rules: RobotsRules | None = None
    closed: bool = False


def verify_manners(
    paths: Iterable[Path],
    rules_of: Callable[[bytes], RobotsRules],
    delay_of: Callable[[int, float | None], int],
    *,
    slack: int = 1_000,
) -> Iterator[Finding]:
    """Every breach in the files of one crawl. `delay_of(promised, crawl_delay)` gives the pause (µs) that the
    settings (µs) and a host's robots.txt (seconds) ask for; `slack` microseconds are forgiven to the clock."""
    events, paths = list[_Event](), tuple(paths)
    for path in paths:
        for item in _events(path):
            if isinstance(item, Finding):
                yield item
            else:
                events.append(item)
    if not events:
        names = ", ".join(path.name for path in paths[:3])
        yield finding(names, 0, "manners-unread", "no exchange was found: there is nothing to prove")
    events.sort(key=lambda event: event.start)
    robots = _Robots(rules_of)
    last: dict[str, tuple[_Event, int]] = {}
    silent: set[str] = set()
    for event in events:
        if not robots.is_reply(event):
            yield from _breaches(event, robots.of(event))
        if event.delay is None and event.file not in silent:
            silent.add(event.file)
            message = "no delay is promised in this file: crawl-delay alone is held against it"
            yield finding(event.file, event.offset, "manners-no-promise", message)
        robots.learn(event)
        if not event.sent:
            continue
        host = host_key(event.url)
        if host in last:
            before, asked = last[host]
            gap = event.start - before.end
            if gap + slack < asked:
                after = f"{gap / 1e6:.3f} s after {before.url}"
                message = f"{event.url} came {after}, {asked / 1e6:.3f} s are asked"
                yield finding(event.file, event.offset, "manners-delay", message)
        if host not in last or event.end > last[host][0].end:
            last[host] = event, delay_of(event.delay or 0, robots.crawl_delay(event))


def _breaches(event: _Event, force: _Force | None) -> Iterator[Finding]:
    if not event.sent:
        return
    if force is None or event.start - force.since > _DAY + _GRACE:
        known = "none had been read" if force is None else "the last one read was over a day old"
        message = f"{event.url} was asked for, but of robots.txt {known}"
        yield finding(event.file, event.offset, "manners-robots-unread", message)
    elif force.closed or (force.rules is not None and not force.rules.allows(event.url)):
        what = "it could not be reached" if force.closed else "its rules then valid say no"
        yield finding(event.file, event.offset, "manners-robots", f"{event.url} against robots.txt: {what}")


class _Robots:
    """The robots.txt of each origin, as replies come in (RFC 9309, 2.3)."""

    def __init__(self, rules_of: Callable[[bytes], RobotsRules]) -> None:
        self._rules_of = rules_of
        self._force: dict[str, _Force] = {}
        self._good: dict[str, RobotsRules] = {}
        self._expected: dict[str, list[str]] = {}  # a redirect's target -> the origins it speaks for

    def is_reply(self, event: _Event) -> bool:
        return path_query(event.url) == "/robots.txt" or event.url in self._expected

    def of(self, event: _Event) -> _Force | None:
        """What binds this exchange; None for a robots.txt itself, or when nothing is known."""
        return None if self.is_reply(event) else self._force.get(origin(event.url))

    def crawl_delay(self, event: _Event) -> float | None:
        force = self._force.get(origin(event.url))
        return force.rules.crawl_delay if force is not None and force.rules is not None else None

    def learn(self, event: _Event) -> None:
        origins = self._expected.pop(event.url, [])
        if path_query(event.url) == "/robots.txt":
            origins = [origin(event.url), *origins]
        for place in origins:
            if 300 <= event.status < 400 and event.status != 304 and event.location:
                target = parse(event.location, event.url)
                if target is not None:
                    self._expected.setdefault(target, []).append(place)
                    continue
            self._force[place] = self._meaning(place, event)

    def _meaning(self, place: str, event: _Event) -> _Force:
        good = self._good.get(place)
        if event.status == 304:
            return _Force(event.end, good)
        if 200 <= event.status < 300:
            if event.body is None and good is not None:  # a revisit: the same as last time
                return _Force(event.end, good)
            self._good[place] = self._rules_of(event.body or b"")
            return _Force(event.end, self._good[place])
        if 300 <= event.status < 500 and event.status != 429:
            return _Force(event.end)
        return _Force(event.end, good, closed=good is None)


def _events(path: Path) -> Iterator[_Event | Finding]:
    for item in read_file(path):
        if isinstance(item, Damage):
            yield finding(path.name, item.offset, "manners-unread", item.reason)
            continue
        if item.capture.payload_type:
            continue
        capture = item.capture
        url = parse(capture.url)
        if url is None:
            continue
        head = capture.head
        yield _Event(
            file=path.name,
            offset=item.location.offset,
            url=url,
            start=capture.fetched_at,
            end=capture.fetched_at + capture.took,
            status=head.status,
            location=head.get("location"),
            body=_robots_body(capture, url),
            sent=bool(capture.request or capture.response),
            delay=capture.delay,
        )


def _robots_body(capture: Capture, url: str) -> bytes | None:
    """The body of what may be a robots.txt; None for other pages and for revisits."""
    wanted = path_query(url) == "/robots.txt" or _FOR_ROBOTS.fullmatch(capture.hops) is not None
    if not wanted or capture.revisit is not None:
        return None
    return capture.content().data[:_MAX_BODY]
