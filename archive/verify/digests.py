"""Labelled digests, computed again (WARC 1.1, 5.9): whatever algorithm and encoding the label says."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable

from archive.octets import octets_pieces
from archive.reader import Raw

__all__ = ["ALGORITHMS", "block_problem", "digest_matches", "parse_label"]

ALGORITHMS = {
    "sha1": 20,
    "sha-1": 20,
    "md5": 16,
    "sha224": 28,
    "sha256": 32,
    "sha-256": 32,
    "sha384": 48,
    "sha512": 64,
}
_LABEL = re.compile(r"([A-Za-z0-9-]+):([A-Za-z0-9+/=_-]+)")


def parse_label(text: str) -> tuple[str, bytes] | None:
    """(algorithm, digest) of "sha1:BASE32", hex or base64 by length; None when it is not to be understood."""
    match = _LABEL.fullmatch(text.strip())
    if match is None:
        return None
    name, value = match[1].lower(), match[2]
    size = ALGORITHMS.get(name)
    if size is None:
        return None
    for decode in (bytes.fromhex, _base32, _base64):
        try:
            digest = decode(value)
        except (ValueError, binascii.Error):
            continue
        if len(digest) == size:
            return name.replace("-", ""), digest
    return None


def _base32(value: str) -> bytes:
    bare = value.upper().rstrip("=")
    return base64.b32decode(bare + "=" * (-len(bare) % 8))


def _base64(value: str) -> bytes:
    bare = value.replace("-", "+").replace("_", "/").rstrip("=")
    return base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True)


def digest_matches(label: str, pieces: Iterable[bytes]) -> bool | None:
    """Whether the bytes have that digest; None when the label is not to be understood."""
    parsed = parse_label(label)
    if parsed is None:
        return None
    made = hashlib.new(parsed[0], usedforsecurity=False)
    for piece in pieces:
        made.update(piece)
    return made.digest() == parsed[1]


def block_problem(raw: Raw) -> str:
    """Why a record's block is not the one that was written; "" when it is, or nothing is claimed of it."""
    label = raw.get("WARC-Block-Digest")
    if label and digest_matches(label, octets_pieces(raw.block)) is False:
        return "the block is not the one its WARC-Block-Digest is of"
    return ""
