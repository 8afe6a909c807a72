"""robots.txt by RFC 9309: what a reply means, and what the rules say of a URL.

    2xx ─▶ the rules in the first 500 KiB         4xx (not 429) ─▶ everything allowed
    304 ─▶ the rules we have, for another day     429, 5xx, no reply ─▶ nothing allowed, or the last good copy

After 30 days without an answer RFC 9309 (2.3.1.4) would let a crawler go on as if nothing were forbidden: we do
not, the last good copy holds for as long as it is the last.
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

    __slots__ = ("_barred", "_parsed", "_text", "signals", "token")

    def __init__(self, text: str, token: str, signals: tuple[str, ...] = ()) -> None:
        self._text, self.token, self.signals = text, token, signals
        self._parsed = Protego.parse(text)
        self._barred = tuple({_PLAIN.match(value)[0] for value in _BARRED.findall(text)})  # type: ignore[index]

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
        rules = [line for line in self._text.splitlines() if _DISALLOW.match(line)][:_MOST_QUOTED]
        for line in sorted(dict.fromkeys(rules), key=len, reverse=True):
            if not Protego.parse(f"User-agent: *\n{line}").can_fetch(url, "*"):
                return Verdict(False, " ".join(line.split())[:200])
        return Verdict(False, "robots.txt")

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
    good = last if last is not None and last.body_at else None
    if status == 304 and last is not None and last.status != "unreachable":
        return msgspec.structs.replace(
            last, body_at=now if last.body_at else 0, fetched_at=now, expires=now + _DAY, record_id=record_id
        )
    if status == 304 and good is not None:
        return RobotsEntry(
            origin=origin, status="ok", body=good.body, body_at=now, fetched_at=now, expires=now + _DAY,
            record_id=record_id,
        )  # fmt: skip
    if 400 <= status < 500 and status != 429:
        return RobotsEntry(
            origin=origin, status="allow-all", fetched_at=now, expires=now + _DAY, record_id=record_id
        )
    return RobotsEntry(
        origin=origin, status="unreachable", body=good.body if good else b"", body_at=good.body_at if good else 0,
        fetched_at=now, expires=now + _RETRY, record_id=record_id,
    )  # fmt: skip
