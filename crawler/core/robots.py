"""robots.txt by RFC 9309: what a reply means, and what the rules say of a URL.

2xx ─▶ the rules in the first 500 KiB           4xx (not 429) ─▶ everything allowed
429, 5xx, no reply ─▶ nothing allowed, or the last good copy; asked again soon
"""

from __future__ import annotations

import re

import msgspec
from protego import Protego

from archive.store.types import RobotsEntry
from sites.charset import decode

__all__ = ["MAX_BYTES", "Rules", "entry_of", "parse"]

MAX_BYTES = 500 * 1024
_DAY = 24 * 3600 * 1_000_000
_RETRY = 10 * 60 * 1_000_000
_KNOWN = re.compile(
    r"\s*(user-?\s?agent|allow|disallow|dissallow|dissalow|disalow|diasllow|disallaw|sitemap|site-?map|crawl-?delay"
    r"|request-rate|visit-time|host|clean-param)\s*(:|\s)",
    re.IGNORECASE,
)
_AGENT = re.compile(r"\s*user-?\s?agent\s*[:\s]\s*([^#]*)", re.IGNORECASE)
_TOKEN = re.compile(r"[A-Za-z_-]+")
_SIGNAL = re.compile(r"\s*(content-signal|content-usage)\s*:\s*([^#\r\n]*)", re.IGNORECASE)


class Rules:
    """One robots.txt, parsed. Picklable: made in a worker process, asked in the main one."""

    __slots__ = ("_parsed", "_text", "signals", "token")

    def __init__(self, text: str, token: str, signals: tuple[str, ...] = ()) -> None:
        self._text, self.token, self.signals = text, token, signals
        self._parsed = Protego.parse(text)

    def allows(self, url: str) -> bool:
        """Whether our token may ask for `url`."""
        return bool(self._parsed.can_fetch(url, self.token))

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
            line = f"User-agent: {cut[0] if cut else ''}"
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
    if 300 <= status < 500 and status != 429:
        return RobotsEntry(
            origin=origin, status="allow-all", fetched_at=now, expires=now + _DAY, record_id=record_id
        )
    good = last if last is not None and last.body_at else None
    return RobotsEntry(
        origin=origin, status="unreachable", body=good.body if good else b"", body_at=good.body_at if good else 0,
        fetched_at=now, expires=now + _RETRY, record_id=record_id,
    )  # fmt: skip


class Verdict(msgspec.Struct, frozen=True):
    """Whether a URL may be asked for, and why not."""

    allowed: bool
    reason: str = ""
