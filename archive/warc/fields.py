"""Values of WARC header fields: what may stand in one, dates, and digests (WARC 1.1, 4 and 5)."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from archive.errors import ArchiveError

__all__ = [
    "check_fields",
    "check_uri",
    "escape",
    "media_type",
    "parse_date",
    "sha1_label",
    "sha1_of",
    "unescape",
    "warc_date",
]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_NOT_URI = re.compile(r"[^\x21-\x7e]|[<>\"]")
_TO_ESCAPE = re.compile(r"\\|[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]|\A\s|\s\Z")
_ESCAPED = re.compile(r"\\u([0-9a-f]{4})")
_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?Z")
_LOOSE_DATE = re.compile(
    r"(\d{4})-?(\d\d)?-?(\d\d)?T?(\d\d)?:?(\d\d)?:?(\d\d)?(?:\.(\d{1,9}))?(?:Z|\+00:00)?"
)


def check_fields(fields: Sequence[tuple[str, str]]) -> None:
    """ArchiveError unless all values may stand in a WARC header: a control character could smuggle in a whole
    record."""
    values = "".join([value for _, value in fields])
    if values.isascii() and values.isprintable():
        return
    for name, value in fields:
        if _CONTROL.search(value):
            raise ArchiveError(f"refused: a control character in the value of {name}: {value[:200]!r}")


def check_uri(name: str, value: str) -> str:
    """The value, if it is a URI as WARC 1.1, 5.14 wants it: no spaces, no angle brackets, ASCII alone."""
    if not value or _NOT_URI.search(value):
        raise ArchiveError(f"refused: {name} is not a URI: {value[:200]!r}")
    return value


def escape(value: str) -> str:
    r"""One line of text for an application/warc-fields body. Backslashes, control characters and white space
    at the ends become \uXXXX; `unescape` is the way back."""
    return _TO_ESCAPE.sub(lambda m: f"\\u{ord(m[0]):04x}", value)


def unescape(value: str) -> str:
    return _ESCAPED.sub(lambda m: chr(int(m[1], 16)), value)


def warc_date(moment: int) -> str:
    """Microseconds (UTC epoch) as a WARC-Date (5.4): six fraction digits, always."""
    return (_EPOCH + timedelta(microseconds=moment)).isoformat(timespec="microseconds")[:-6] + "Z"


def parse_date(text: str, *, strict: bool = False) -> int | None:
    """A WARC-Date in microseconds, None when it is none. `strict` takes what 5.4 allows for captures (seconds
    and up to nine fraction digits); else shortened W3C dates and ARC's 14 digits are taken too."""
    match = (_DATE if strict else _LOOSE_DATE).fullmatch(text.strip())
    if match is None:
        return None
    parts = [int(part or least) for part, least in zip(match.groups()[:6], (0, 1, 1, 0, 0, 0), strict=True)]
    try:
        whole = datetime(*parts[:3], *parts[3:], tzinfo=UTC)  # type: ignore[arg-type,misc]
    except ValueError:
        return None
    micros = int(((match[7] or "") + "000000")[:6])
    return (whole - _EPOCH) // timedelta(microseconds=1) + micros


def sha1_label(digest: bytes) -> str:
    """A labelled digest (5.9) as every CDX and dedup tool expects it: sha1, base32, upper case."""
    return "sha1:" + base64.b32encode(digest).decode("ascii")


def sha1_of(pieces: Iterable[bytes]) -> tuple[str, int]:
    """The labelled digest of some bytes, and their number."""
    sha1, size = hashlib.sha1(usedforsecurity=False), 0
    for piece in pieces:
        sha1.update(piece)
        size += len(piece)
    return sha1_label(sha1.digest()), size


def media_type(content_type: str) -> str:
    """ "text/html" of "Text/HTML; charset=x"."""
    return content_type.partition(";")[0].strip().lower()
