"""The block of one record against its header, and the HTTP message in it against itself."""

from __future__ import annotations

from collections.abc import Iterator

from archive.http import MAX_HEAD, Head, parse_head, payload_pieces
from archive.octets import octets_open, octets_pieces, octets_size
from archive.reader import Raw
from archive.verify.digests import block_problem, digest_matches
from archive.verify.headers import Fault

__all__ = ["content_faults"]

_MAGIC = {"gzip": b"\x1f\x8b", "x-gzip": b"\x1f\x8b", "zstd": b"\x28\xb5\x2f\xfd"}


def content_faults(raw: Raw) -> Iterator[Fault]:
    """Digests, and for application/http the framing of the message."""
    if problem := block_problem(raw):
        yield "block-digest", problem
    if raw.type in ("request", "response") and _is_http(raw):
        head = parse_head(octets_open(raw.block).read(MAX_HEAD))
        yield from _payload_digest(raw, head)
        if raw.type == "response":
            yield from _response(raw, head)
    elif raw.type in ("resource", "conversion", "response"):
        label = raw.get("WARC-Payload-Digest")
        if label and digest_matches(label, octets_pieces(raw.block)) is False:
            yield "payload-digest", "the payload is not the one its WARC-Payload-Digest is of"


def _is_http(raw: Raw) -> bool:
    media = raw.get("Content-Type").lower()
    return media.startswith("application/http") or octets_open(raw.block).read(5) == b"HTTP/"


def _payload_digest(raw: Raw, head: Head) -> Iterator[Fault]:
    label = raw.get("WARC-Payload-Digest")
    if not label or raw.get("WARC-Segment-Number"):
        return
    if digest_matches(label, payload_pieces(raw.block, head)) is not False:
        return
    if digest_matches(label, octets_pieces(raw.block, head.body_at)):
        yield "payload-digest-framed", "WARC-Payload-Digest is of the body with its chunk framing"
    else:
        yield "payload-digest", "the payload is not the one its WARC-Payload-Digest is of"


def _response(raw: Raw, head: Head) -> Iterator[Fault]:
    if not octets_size(raw.block):
        return
    if head.status == 0:
        yield "http-head", "no HTTP status line"
        return
    first = octets_open(raw.block).read(64).lstrip(b"\r\n").split(b"\n")[0].rstrip(b"\r")
    if first != head.line[:64].encode("latin-1")[: len(first)]:
        yield "http-interim", f"{first.decode('latin-1')!r} before the final response"
    if head.version not in ("HTTP/1.0", "HTTP/1.1"):
        yield "http-head", f"the status line says {head.version}"
    if not head.complete and not raw.get("WARC-Truncated"):
        yield "http-head", "the head has no end"
    if raw.get("WARC-Truncated") or raw.get("WARC-Segment-Number"):
        return
    yield from _length(raw, head)
    yield from _codings(raw, head)


def _length(raw: Raw, head: Head) -> Iterator[Fault]:
    size = octets_size(raw.block) - head.body_at
    if head.chunked:
        problem = _chunk_problem(raw, head)
        if problem:
            yield "http-chunked", problem
        return
    lengths = {value.strip() for value in head.values("content-length")}
    if size and len(lengths) > 1:
        yield "http-length", f"differing Content-Length fields: {', '.join(sorted(lengths))}"
    elif lengths and (length := lengths.pop()) != str(size):
        bodiless = size == 0 and (head.status in (204, 304) or head.status < 200)
        if not bodiless and not (size == 0 and _may_be_head(raw)):
            yield "http-length", f"HTTP Content-Length {length!r}, but the body has {size} bytes"


def _may_be_head(raw: Raw) -> bool:
    """An answer to HEAD keeps its Content-Length; which request it was is not known here."""
    return not raw.get("WARC-Payload-Digest")


def _chunk_problem(raw: Raw, head: Head) -> str:
    """Whether the chunks lead to a last one; sizes are followed, nothing is kept."""
    file = octets_open(raw.block)
    file.seek(head.body_at)
    while True:
        line = file.readline(4096)
        size_text = line.split(b";")[0].strip()
        try:
            size = int(size_text, 16)
        except ValueError:
            what = "no chunk begins where one should" if line else "the last chunk is missing"
            return f"the body is said to be chunked: {what}"
        if size == 0:
            return ""
        data_end = file.tell() + size
        file.seek(data_end)
        if data_end > octets_size(raw.block):
            return "the body is said to be chunked: a chunk is cut short"
        if file.readline(3) not in (b"\r\n", b"\n"):
            return "the body is said to be chunked: no line end after a chunk"


def _codings(raw: Raw, head: Head) -> Iterator[Fault]:
    codings = head.values("content-encoding")
    magic = _MAGIC.get(codings[-1].lower()) if codings else None
    if magic is None:
        return
    body = next((piece for piece in payload_pieces(raw.block, head) if piece), b"")
    if body and not body.startswith(magic[: len(body)]):
        yield "http-coding", f"Content-Encoding {codings[-1]}, but the body is not in it"
