"""The header of one WARC record by the rules: pure, one (rule, message) a fault."""

from __future__ import annotations

import ipaddress
import re
from collections import Counter
from collections.abc import Iterator

from archive.reader import Raw
from archive.verify.digests import ALGORITHMS, parse_label
from archive.warc.fields import parse_date

__all__ = ["Fault", "header_faults"]

Fault = tuple[str, str]

_CAPTURED = frozenset(("request", "response", "resource", "metadata", "revisit"))
_TYPES = _CAPTURED | {"warcinfo", "conversion", "continuation"}
_REPEATABLE = frozenset(("warc-concurrent-to", "warc-protocol"))  # the second by the proposal for it
_NEEDS_TARGET = _TYPES - {"warcinfo", "metadata"}
_DERIVED = frozenset(("metadata", "revisit", "conversion"))
_ALLOWED = {
    "warc-concurrent-to": _CAPTURED,
    "warc-ip-address": _CAPTURED,
    "warc-refers-to": _DERIVED,
    "warc-refers-to-target-uri": _DERIVED,
    "warc-refers-to-date": _DERIVED,
    "warc-target-uri": _TYPES - {"warcinfo"},
    "warc-warcinfo-id": _TYPES - {"warcinfo"},
    "warc-filename": frozenset(("warcinfo",)),
    "warc-profile": frozenset(("revisit",)),
    "warc-segment-origin-id": frozenset(("continuation",)),
    "warc-segment-total-length": frozenset(("continuation",)),
}
_ADVISED = {
    "warcinfo": "application/warc-fields",
    "response": "application/http",
    "request": "application/http",
}
_NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_MEDIA = re.compile(rf'{_NAME}/{_NAME}(\s*;\s*{_NAME}\s*=\s*({_NAME}|"(?:[^"\\]|\\.)*"))*\s*;?\s*')
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[\x21-\x7e]+")
_LINE = re.compile(rb"[^\x00-\x20\x7f-\xff:]+[ \t]*:.*", re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_TRUNCATIONS = ("length", "time", "disconnect", "unspecified")
_PROFILE = re.compile(
    r"https?://netpreserve\.org/warc/1\.[01]/(revisit/)?(identical-payload-digest|server-not-modified)/?"
)


def header_faults(raw: Raw) -> Iterator[Fault]:
    """Everything that is wrong in the header of a WARC record. ARC has no rules here."""
    yield from _form(raw)
    yield from _mandatory(raw)
    yield from _values(raw)
    yield from _by_type(raw)


def _form(raw: Raw) -> Iterator[Fault]:
    lines = raw.head.split(b"\n")
    version = lines[0].rstrip(b"\r").decode("latin-1")
    if version not in ("WARC/1.0", "WARC/1.1"):
        yield "version", f"the version is {version!r}"
    if any(not line.endswith(b"\r") for line in lines[:-1]) or b"\r\r" in raw.head:
        yield "line-end", "a header line does not end with CRLF"
    for line in lines[1:-1]:
        bare = line.rstrip(b"\r")
        if bare and not bare.startswith((b" ", b"\t")) and not _LINE.fullmatch(bare):
            yield "header-line", f"a header line without a name: {bare[:60]!r}"
    try:
        text = raw.head.decode()
    except UnicodeDecodeError:
        yield "encoding", "the header is not UTF-8"
    else:
        if _CONTROL.search(text.replace("\r\n", "")):
            yield "encoding", "a control character in the header"
    if raw.tail[:4] != b"\r\n\r\n":
        yield "record-end", f"{raw.tail[:4]!r} where CRLF CRLF should be"


def _mandatory(raw: Raw) -> Iterator[Fault]:
    for name in ("WARC-Record-ID", "WARC-Date", "WARC-Type"):
        if not raw.get(name):
            yield "mandatory", f"{name} is missing"
    counts = Counter(name.lower() for name, _ in raw.fields)
    for name, count in counts.items():
        known = name.startswith("warc-") or name in ("content-length", "content-type")
        if count > 1 and known and name not in _REPEATABLE:
            yield "repeated", f"{name} stands {count} times"


def _values(raw: Raw) -> Iterator[Fault]:
    date = raw.get("WARC-Date")
    if date and parse_date(date, strict=True) is None:
        yield "date", f"WARC-Date {date!r}"
    date = raw.get("WARC-Refers-To-Date")
    if date and parse_date(date, strict=True) is None:
        yield "date", f"WARC-Refers-To-Date {date!r}"
    for name in ("WARC-Record-ID", "WARC-Concurrent-To", "WARC-Refers-To", "WARC-Warcinfo-ID"):
        for value in raw.values(name):
            if not (value.startswith("<") and value.endswith(">") and _URI.fullmatch(value[1:-1])):
                yield "record-id", f"{name} {value!r}"
    target = raw.get("WARC-Target-URI")
    if target.startswith("<") and target.endswith(">"):
        yield "target-brackets", f"WARC-Target-URI {target!r}"
        target = target[1:-1]
    if target and not (_URI.fullmatch(target) and not set(target) & set('<>"')):
        yield "target-uri", f"WARC-Target-URI {target!r} is not an escaped URI"
    media = raw.get("Content-Type")
    if media and not _MEDIA.fullmatch(media):
        yield "content-type", f"Content-Type {media!r} is no media type"
    address = raw.get("WARC-IP-Address")
    if address and not _is_address(address):
        yield "ip-address", f"WARC-IP-Address {address!r}"
    truncated = raw.get("WARC-Truncated")
    if truncated and truncated not in _TRUNCATIONS:
        yield "truncated", f"WARC-Truncated {truncated!r} is none of the reasons defined"
    for name in ("WARC-Block-Digest", "WARC-Payload-Digest"):
        label = raw.get(name)
        if label and parse_label(label) is None:
            algorithm, colon, value = label.partition(":")
            known = not (colon and value) or algorithm.lower() in ALGORITHMS
            yield "digest-label" if known else "digest-algorithm", f"{name} {label!r} cannot be understood"


def _by_type(raw: Raw) -> Iterator[Fault]:
    kind = raw.get("WARC-Type").lower()
    if kind not in _TYPES:
        if kind:
            yield "type", f"WARC-Type {kind!r} is none of the eight"
        return
    for name, types in _ALLOWED.items():
        if raw.get(name) and kind not in types:
            yield "forbidden", f"{name} on a {kind} record"
    if kind in _NEEDS_TARGET and not raw.get("WARC-Target-URI"):
        yield "target-uri", f"a {kind} record without WARC-Target-URI"
    if raw.expected and not raw.get("Content-Type") and kind != "continuation":
        yield "content-type", f"a {kind} record without Content-Type"
    advised, media = _ADVISED.get(kind), raw.get("Content-Type").lower()
    is_web = kind == "warcinfo" or raw.get("WARC-Target-URI").strip("<>").startswith(("http:", "https:"))
    if advised and media and is_web and not media.startswith(advised):
        yield "content-type-advised", f"Content-Type {media!r} on a {kind} record, {advised} is advised"
    if kind == "revisit":
        profile = raw.get("WARC-Profile").strip("<>")
        if not profile:
            yield "profile", "a revisit without WARC-Profile"
        elif not _PROFILE.fullmatch(profile):
            yield "profile-unknown", f"WARC-Profile {profile!r}"
        elif "identical" in profile and not raw.get("WARC-Payload-Digest"):
            yield "profile", "a revisit for an identical payload without WARC-Payload-Digest"
    yield from _segments(raw, kind)


def _segments(raw: Raw, kind: str) -> Iterator[Fault]:
    number = raw.get("WARC-Segment-Number")
    if kind == "continuation":
        if not (number.isascii() and number.isdigit() and int(number[:18]) > 1):
            yield "segment", f"a continuation with WARC-Segment-Number {number!r}"
        if not raw.get("WARC-Segment-Origin-ID"):
            yield "segment", "a continuation without WARC-Segment-Origin-ID"
    elif number and number != "1":
        yield "segment", f"WARC-Segment-Number {number!r} on a {kind} record, only 1 may be"


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return "%" not in text
