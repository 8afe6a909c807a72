"""When a response is no news: the same payload as last time, or 304. Then a revisit record is enough."""

from __future__ import annotations

import msgspec

from archive.capture import Capture, Revisit
from archive.http import MAX_HEAD, parse_head, payload_pieces
from archive.octets import octets_open
from archive.store.types import Previous
from archive.warc.fields import sha1_of

__all__ = ["as_revisit", "rejoin"]


def as_revisit(capture: Capture, previous: Previous) -> Capture:
    """The capture without its body and with a Revisit, when it says nothing new over `previous` (the last
    complete capture of the same URL); else the capture as it is. Truncated and failed ones never qualify, nor
    empty payloads, which save nothing."""
    if capture.revisit or capture.error or capture.truncated or capture.payload_type or not capture.response:
        return capture
    block = octets_open(capture.response).read(MAX_HEAD)
    head = parse_head(block)
    revisit = Revisit(
        "server-not-modified", previous.record_id, capture.url, previous.date, previous.payload_digest
    )
    if head.status == 304:
        return msgspec.structs.replace(capture, revisit=revisit)
    if head.status != 200 or not head.complete or not previous.payload_digest:
        return capture
    digest, size = sha1_of(payload_pieces(capture.response, head))
    if size == 0 or digest != previous.payload_digest:
        return capture
    revisit = msgspec.structs.replace(revisit, profile="identical-payload-digest")
    return msgspec.structs.replace(capture, response=block[: head.body_at], revisit=revisit)


def rejoin(revisit: Capture, original: Capture) -> Capture:
    """A revisit read as the page it stands for: the original's message, at the revisit's date and way there.
    The original's head comes along, since only it fits the original's framing (RFC 9111, 4.3.4 would let a
    304 replace some fields; for what a page means they do not matter)."""
    return msgspec.structs.replace(revisit, response=original.response, revisit=None)
