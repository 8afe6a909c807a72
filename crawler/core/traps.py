"""Which URLs belong to a trap? Arithmetic over a URL's shapes and what pages of these shapes have brought so far.

    page read ─▶ its URL's shapes ─▶ each counts it: text that is new on the host, or nothing new
    URL leased ─▶ its shapes ─▶ Go       what brings new text is never cut: each such page pays for two others
                              ─▶ Wait     as many of its like as may be barren are still unread
                              ─▶ Cut      too many of its like brought nothing new
    link found ─▶ `pathological` ─▶ a path that repeats or never ends is cut without a look

A calendar, a list in every order and a maze differ from an archive of any size in one thing: what they say is said
already. Shapes, from the widest: "/**" (the host), "/list/**" (first directory), "/list?*" (path with any query),
"/list/#?page&sort" (numbers, opaque ids and slugs set to #, ~ and *, and the parameters' names).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from hashlib import blake2b

import msgspec

from archive.store.shapes import Standing
from sites.url import path_query

__all__ = [
    "Cut",
    "Decision",
    "Go",
    "Wait",
    "good_for",
    "judge",
    "pathological",
    "shapes_of",
    "text_key",
    "without_session",
]

_MOST_CHARACTERS = 2_000
_MOST_SEGMENTS = 20
_PAYS_FOR = 2
_ALLOWED = {"host": 400, "directory": 40, "query": 32, "shape": 24}

_NUMBER = re.compile(r"[\d.,:_-]*\d[\d.,:_-]*")
_OPAQUE = re.compile(r"(?=[a-z-]*\d)(?=[\d-]*[a-z])(?:[0-9a-f-]{8,}|[0-9a-z]{16,})")
_WORD = re.compile(r"[a-z][a-z0-9]{0,23}(?:[._-][a-z0-9]{1,12})?")
_WORDS = re.compile(r"\w+")
_SESSION = re.compile(
    r"(?:jsession|phpsess|asp\.?net_?session|aspsession\w*|session_?|sess|s|cfid|cftoken|zen|oscs|oscsid)id"
    r"|cfid|cftoken|session|sess",
    re.IGNORECASE,
)
_TICKET = re.compile(r"(?=\D*\d)[0-9A-Za-z_.!~-]{16,}")
_IN_PATH = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/?;]*", re.IGNORECASE)
_REPEATS = re.compile(r"(/(?=[^/]*[^\d/])[^/]+(?:/[^/]+)*?)\1{2,}(?=/|\Z)")


class Go(msgspec.Struct, frozen=True):
    """No trap, as far as is known."""


class Wait(msgspec.Struct, frozen=True):
    """Not before more of its like have been read."""


class Cut(msgspec.Struct, frozen=True):
    """Not asked for: it is of `shape`, of which `barren` pages brought nothing new."""

    shape: str
    barren: int


Decision = Go | Wait | Cut
_GO, _WAIT, _NOTHING = Go(), Wait(), Standing()


@lru_cache(maxsize=4096)
def shapes_of(url: str) -> tuple[str, ...]:
    """A URL's shapes on its host, the narrowest first. Only the narrow ones need have a query."""
    path, question, query = path_query(url).partition("?")
    parts = path.lower().split("/")[1:]
    last = parts.pop()
    kinds = [_kind(part, n < 2) for n, part in enumerate(parts)]
    tail = (_kind(last, bool(question)) if last else "",)
    base = "/" + "/".join((*_joined(kinds), *tail)) if last else "/".join(("", *_joined(kinds), ""))
    wider = (f"/{kinds[0]}/**", "/**") if kinds else ("/**",)
    if not question:
        return (base, *wider)
    names = sorted({_name(pair.partition("=")[0]) for pair in query.split("&") if pair})
    return (f"{base}?{'&'.join(names[:8])}", f"{base}?*", *wider)


def _kind(segment: str, literal: bool) -> str:
    if _NUMBER.fullmatch(segment):
        return "#"
    if _OPAQUE.fullmatch(segment):
        return "~"
    return segment if literal and _WORD.fullmatch(segment) else "*"


def _joined(kinds: list[str]) -> list[str]:
    """Without neighbours of the same kind, and nothing literal after something that varies."""
    out: list[str] = []
    for kind in kinds:
        if not out or kind != out[-1]:
            out.append(kind)
    return out


def _name(name: str) -> str:
    name = re.sub(r"\d+", "#", name.lower())
    return name[:24] if len(name) < 24 else "~"


def _allowed(shape: str) -> int:
    if shape == "/**":
        return _ALLOWED["host"]
    if shape.endswith("/**"):
        return _ALLOWED["directory"]
    return _ALLOWED["query" if shape.endswith("?*") else "shape"]


def judge(url: str, standing: Mapping[str, Standing], unread: int) -> Decision:
    """Whether to ask for a URL. `standing` by shape, absent ones have none yet; `unread` is how many of the host's
    pages have come that no worker has read."""
    shapes = shapes_of(url)
    if good_for(standing.get(shapes[0], _NOTHING)):
        return _GO
    decision: Decision = _GO
    for shape in shapes:
        known = standing.get(shape, _NOTHING)
        allowed = _allowed(shape) + _PAYS_FOR * known.novel
        if known.barren >= allowed:
            return Cut(shape, known.barren)
        if known.barren + unread >= allowed:
            decision = _WAIT
    return decision


def good_for(own: Standing) -> int:
    """How many more pages of a shape may be asked for without a look at it: half of those known are new, and more."""
    return max(0, own.novel - own.barren) if own.novel >= 3 else 0


def pathological(url: str) -> str:
    """Why a URL is none to ask for, whatever stands there: "" when nothing is wrong with it."""
    if len(url) > _MOST_CHARACTERS:
        return "longer than any real one"
    path = path_query(url).partition("?")[0]
    if path.count("/") > _MOST_SEGMENTS:
        return "a path without end"
    if _REPEATS.search(path):
        return "a path that repeats"
    parts = [part for part in path.split("/") if part and not _NUMBER.fullmatch(part)]
    if len(parts) - len(set(parts)) > 2 and max(map(parts.count, set(parts))) > 3:
        return "a path that repeats"
    return ""


def without_session(url: str) -> str:
    """The URL without a session's id in it: PHPSESSID, ;jsessionid= and their like, when the value is a ticket."""
    if ";" in url:
        path, question, query = url.partition("?")
        url = _IN_PATH.sub("", path) + question + query
    path, question, query = url.partition("?")
    if not question:
        return url
    pairs = query.split("&")
    kept = [pair for pair in pairs if not _is_session(*pair.partition("=")[::2])]
    if len(kept) == len(pairs):
        return url
    return f"{path}?{'&'.join(kept)}" if kept else path


def _is_session(name: str, value: str) -> bool:
    return _SESSION.fullmatch(name) is not None and _TICKET.fullmatch(value) is not None


def text_key(text: str) -> int:
    """64 bits that are the same for texts of the same words in any order and number, digits aside (a calendar's
    days, a list's orders); 0 when there are no words."""
    words = sorted({word for word in _WORDS.findall(text.lower()) if not any(map(str.isdigit, word))})
    if not words:
        return 0
    return int.from_bytes(blake2b("\0".join(words).encode(), digest_size=8).digest(), "big", signed=True) or 1
