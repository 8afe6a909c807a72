"""Raw records of one exchange put together as a Capture: the way back from `archive.warc.exchange`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, cast

from archive.capture import Capture, RecordIds, Revisit, Tls, Truncation
from archive.octets import Octets, octets_open, octets_size
from archive.reader.records import Raw, fields_of
from archive.warc.fields import parse_date, unescape

__all__ = ["belongs", "capture_of", "is_capture"]

_TRUNCATIONS = ("", "length", "time", "disconnect", "unspecified")
_MAX_FIELDS = 1024 * 1024


def is_capture(raw: Raw) -> bool:
    """Whether a record begins an exchange: a response, a revisit, a resource, or one of our lone metadata
    records of a failed attempt. A segmented record's continuation does not."""
    if raw.type in ("response", "revisit", "resource"):
        return bool(raw.get("WARC-Target-URI"))
    if raw.type != "metadata" or raw.values("WARC-Concurrent-To") or not raw.get("WARC-Target-URI"):
        return False
    return {"error", "fetchTimeMicros"} <= {name for name, _ in _body_fields(raw)}


def belongs(raw: Raw, main: Raw) -> bool:
    """Whether `raw`, that directly follows `main`, is of the same exchange (WARC 1.1, 5.7)."""
    if raw.type not in ("request", "metadata") or not main.id:
        return False
    return main.id in (value.strip("<>") for value in raw.values("WARC-Concurrent-To"))


def capture_of(main: Raw, others: Sequence[Raw] = ()) -> Capture:
    """The Capture of an exchange's records. Fields that are missing or senseless become defaults."""
    request = next((raw for raw in others if raw.type == "request"), None)
    metadata = main if main.type == "metadata" else next((r for r in others if r.type == "metadata"), None)
    said = dict(_body_fields(metadata)) if metadata else {}
    ours = "fetchTimeMicros" in said
    if ours:
        said = {name: unescape(value) for name, value in said.items()}
    sent = _bytes(request.block) if request else b""
    response: Octets = b"" if main.type == "metadata" else main.block
    return Capture(
        url=_bare(main.get("WARC-Target-URI")),
        method=said.get("method", "") or (sent[:32].partition(b" ")[0].decode("latin-1") or "GET"),
        request=sent,
        response=response,
        fetched_at=parse_date(main.get("WARC-Date")) or 0,
        took=_number(said.get("fetchTimeMicros", "")) or 1000 * _number(said.get("fetchTimeMs", "")),
        peer=main.get("WARC-IP-Address"),
        tls=_tls(main),
        truncated=_truncation(main, said),
        error=said.get("error", "") if ours else "",
        via=said.get("via", ""),
        hops=said.get("hopsFromSeed", ""),
        delay=_number(said["delayMicros"]) if "delayMicros" in said else None,
        payload_type=_payload_type(main),
        revisit=_revisit(main) if main.type == "revisit" else None,
        record_ids=RecordIds(
            response="" if main.type == "metadata" else main.id,
            request=request.id if request else "",
            metadata=metadata.id if metadata else "",
        ),
    )


def _bare(uri: str) -> str:
    """Without the angle brackets that wget writes."""
    return uri[1:-1] if uri.startswith("<") and uri.endswith(">") else uri


def _bytes(block: Octets) -> bytes:
    return block if isinstance(block, bytes) else octets_open(block).read()


def _body_fields(raw: Raw) -> tuple[tuple[str, str], ...]:
    if not raw.get("Content-Type").lower().startswith("application/warc-fields"):
        return ()
    return fields_of(octets_open(raw.block).read(_MAX_FIELDS))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _tls(main: Raw) -> Tls | None:
    protocols = (value.strip() for line in main.values("WARC-Protocol") for value in line.split(","))
    secure = next((p for p in protocols if p.startswith(("tls/", "ssl/"))), "")
    return Tls(secure, main.get("WARC-Cipher-Suite")) if secure else None


def _truncation(main: Raw, said: dict[str, str]) -> Truncation:
    """A revisit is truncated by its nature: what is said of it is the exchange's own state."""
    text = said.get("truncated", "") if main.type in ("revisit", "metadata") else main.get("WARC-Truncated")
    if not text and main.get("WARC-Segment-Number") == "1":
        text = "length"
    return cast(Truncation, text if text in _TRUNCATIONS else "unspecified")


def _payload_type(main: Raw) -> str:
    declared = main.get("Content-Type")
    if main.type in ("metadata", "revisit"):
        return ""
    if main.type == "resource":
        return declared or "application/octet-stream"
    is_http = declared.replace(" ", "").lower().startswith("application/http")
    if is_http or octets_open(main.block).read(5) == b"HTTP/" or not octets_size(main.block):
        return ""
    return declared or "application/octet-stream"


def _revisit(main: Raw) -> Revisit:
    unchanged = "server-not-modified" in main.get("WARC-Profile")
    profile: Literal["server-not-modified", "identical-payload-digest"] = (
        "server-not-modified" if unchanged else "identical-payload-digest"
    )
    return Revisit(
        profile,
        main.get("WARC-Refers-To").strip("<>"),
        _bare(main.get("WARC-Refers-To-Target-URI")) or _bare(main.get("WARC-Target-URI")),
        parse_date(main.get("WARC-Refers-To-Date")) or 0,
        main.get("WARC-Payload-Digest"),
    )
