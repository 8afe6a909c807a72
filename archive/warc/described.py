"""What can be said of a capture before it is written, or after it was read."""

from __future__ import annotations

import msgspec

from archive.capture import Capture
from archive.http import Head, payload_pieces
from archive.octets import octets_pieces, octets_size
from archive.warc.fields import media_type, sha1_of

__all__ = ["Described", "describe"]


class Described(msgspec.Struct, frozen=True):
    """`payload_digest` over the transfer-decoded body, "" when nothing came, of a revisit that of the
    original; `complete`: a whole response, so that later revisits may refer to it."""

    head: Head
    payload_digest: str
    payload_size: int
    media_type: str
    complete: bool


def describe(capture: Capture) -> Described:
    head, response = capture.head, capture.response
    digest, size = "", 0
    if capture.revisit is not None:
        digest = capture.revisit.payload_digest
    elif capture.payload_type:
        digest, size = sha1_of(octets_pieces(response))
    elif octets_size(response):
        digest, size = sha1_of(payload_pieces(response, head))
    whole = not (capture.truncated or capture.error or capture.revisit or capture.payload_type)
    complete = whole and head.complete and head.status not in (0, 304)
    return Described(head, digest, size, media_type(head.get("content-type")), complete)
