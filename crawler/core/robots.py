"""robots.txt by RFC 9309: what a reply means, and what the rules say of a URL.

2xx ─▶ the rules in the first 500 KiB         4xx (not 429) ─▶ everything allowed
304 ─▶ the rules we have, for another day     other 3xx: followed, five times; then as no reply
429, 5xx, no reply ─▶ the last good copy for as long as there is no other; without one nothing is allowed
    for 30 days, then everything (RFC 9309, 2.3.1.4). Tried again after 10 minutes, 20, 40 … 6 hours.
"""

from __future__ import annotations

import re

import msgspec
from protego import Protego

from archive.store.types import RobotsEntry
from sites.charset import decode
from sites.url import path_query

__all__ = ["MAX_BYTES", "Rules", "Verdict", "entry_of", "parse"]

MAX_BYTES = 500 * 1024
_DAY = 24 * 3600 * 1_000_000
_RETRY = 10 * 60 * 1_000_000
_LONGEST_RETRY = 6 * 3600 * 1_000_000
_PATIENCE = 30 * _DAY
_KNOWN = re.compile(
    r"\s*(user-?\s?agent|allow|disallow|dissallow|dissalow|disalow|diasllow|disallaw|sitemap|site-?map|crawl-?delay"
    r"|request-rate|visit-time|host|clean-param)\s*(:|\s)",
    re.IGNORECASE,
)
_AGENT = re.compile(r"\s*user-?\s?agent\s*[:\s]\s*([^#]*)", re.IGNORECASE)
_TOKEN = re.compile(r"[A-Za-z_-]+")
_DISALLOW = re.compile(r"\s*(d\w+allow|disallaw|disalow|dissalow)\s*[:\s]", re.IGNORECASE)
_MOST_QUOTED = 500
_BARRED = re.compile(r"^[ \t]*d\w+[ \t]*[: \t][ \t]*(\S.*)$", re.IGNORECASE | re.MULTILINE)
_PLAIN = re.compile(r"[A-Za-z0-9._~/?=&-]*")
# All other crawlers under one name: a file of 30,000 names costs protego quadratic time, and protego would take
# a group for "broad" as one for "broadsheet".
_OTHER = "0"
_SIGNAL = re.compile(r"\s*(content-signal|content-usage)\s*:\s*([^#\r\n]*)", re.IGNORECASE)


class Verdict(msgspec.Struct, frozen=True):
    """Whether a URL may be asked for; `reason` is the line that forbids it."""

    allowed: bool
    reason: str = ""


class Rules:
    """One robots.txt, parsed. Picklable: made in a worker process, asked in the main one."""

    __slots__ = ("_barred", "_lines", "_parsed", "_text", "signals", "token")

    def __init__(self, text: str, token: str, signals: tuple[str, ...] = ()) -> None:
        self._text, self.token, self.signals = text, token, signals
        self._parsed = Protego.parse(text)
        self._barred = tuple({_PLAIN.match(value)[0] for value in _BARRED.findall(text)})  # type: ignore[index]
        self._lines: list[tuple[str, Protego]] | None = None

    def allows(self, url: str) -> bool:
        """Whether our token may ask for `url`."""
        path = path_query(url)
        if _PLAIN.fullmatch(path) and not path.startswith(self._barred):
            return True  # no group's rule begins like it; protego would first take the URL apart and quote it
        return bool(self._parsed.can_fetch(url, self.token))

    def verdict(self, url: str) -> Verdict:
        """As `allows`, with the line that forbids: the longest, as RFC 9309 (2.2.2) weighs them."""
        if self.allows(url):
            return Verdict(True)
        for line, alone in self._forbidding():
            if not alone.can_fetch(url, "*"):
                return Verdict(False, line)
        return Verdict(False)

    def _forbidding(self) -> list[tuple[str, Protego]]:
        """Each line that may forbid something, with what it forbids by itself; the longest first."""
        if self._lines is None:
            lines = [line for line in self._text.splitlines() if _DISALLOW.match(line)][:_MOST_QUOTED]
            self._lines = [
                (" ".join(line.split())[:200], Protego.parse(f"User-agent: *\n{line}"))
                for line in sorted(dict.fromkeys(lines), key=len, reverse=True)
            ]
        return self._lines

    @property
    def crawl_delay(self) -> float | None:
        """Seconds, when the file asks our token for a delay."""
        delay = self._parsed.crawl_delay(self.token)
        return float(delay) if delay is not None else None

    @property
    def sitemaps(self) -> tuple[str, ...]:
        return tuple(self._parsed.sitemaps)

    def __reduce__(self) -> tuple[type[Rules], tuple[str, str, tuple[str, ...]]]:
        return Rules, (self._text, self.token, self.signals)


def parse(body: bytes, token: str) -> Rules:
    """Rules for `token` out of the bytes of a robots.txt: the first 500 KiB, the cut line dropped."""
    if len(body) > MAX_BYTES:
        body = body[:MAX_BYTES]
        body = body[: max(body.rfind(b"\n"), body.rfind(b"\r"), 0)]
    text, _, _ = decode(body, "text/plain; charset=utf-8")
    lines, signals = [], []
    for line in text.lstrip("\ufeff").splitlines():
        signal = _SIGNAL.match(line)
        if signal:
            signals.append(line.strip()[:1000])
        if not _KNOWN.match(line):
            continue  # an unknown line must not close a group
        agent = _AGENT.match(line)
        if agent and not agent[1].strip().startswith("*"):
            cut = _TOKEN.match(agent[1].strip())
            ours = (cut[0] if cut else agent[1].strip()).lower() == token.lower()
            line = f"User-agent: {token if ours else _OTHER}"
        lines.append(line[:2083])
    return Rules("\n".join(lines), token, tuple(signals))


def entry_of(
    origin: str, status: int, body: bytes, now: int, last: RobotsEntry | None, record_id: str = ""
) -> RobotsEntry:
    """What a reply to a request for robots.txt means (status 0: no reply). `last` is the entry until now."""
    if 200 <= status < 300:
        return RobotsEntry(
            origin=origin, status="ok", body=body[: MAX_BYTES + 1], body_at=now, fetched_at=now,
            expires=now + _DAY, record_id=record_id,
        )  # fmt: skip
    known = last is not None and last.status != "unreachable" and not last.since
    if status == 304 and last is not None and (known or last.body_at):
        good = last.status if known else "ok"
        at = now if last.body_at else 0
        return msgspec.structs.replace(
            last, status=good, body_at=at, fetched_at=now, expires=now + _DAY, since=0, record_id=record_id
        )
    if 400 <= status < 500 and status != 429:
        return RobotsEntry(
            origin=origin, status="allow-all", fetched_at=now, expires=now + _DAY, record_id=record_id
        )
    return _unreachable(origin, now, last, record_id)


def _unreachable(origin: str, now: int, last: RobotsEntry | None, record_id: str) -> RobotsEntry:
    since, wait, body, body_at = now, _RETRY, b"", 0
    if last is not None:
        body, body_at = (last.body, last.body_at) if last.body_at else (b"", 0)
        if last.since:
            since, wait = last.since, min(2 * max(last.expires - last.fetched_at, _RETRY), _LONGEST_RETRY)
    forgiven = not body_at and now - since >= _PATIENCE
    return RobotsEntry(
        origin=origin, status="allow-all" if forgiven else "unreachable", body=body, body_at=body_at,
        fetched_at=now, expires=now + (_DAY if forgiven else wait), record_id=record_id, since=since,
    )  # fmt: skip
