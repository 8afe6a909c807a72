"""Records as gzip members, squeezed or stored, and what may stand in their header fields."""

from __future__ import annotations

import gzip
import random
import zlib
from contextlib import nullcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import ArchiveError
from archive.warc.fields import check_fields, check_uri
from archive.warc.records import Draft, write_member


@pytest.mark.parametrize("size", [0, 1, 65_534, 65_535, 65_536, 131_070, 300_001])
@pytest.mark.parametrize("squeeze", [True, False])
def test_a_member_of_any_size_is_gzip(size: int, squeeze: bool) -> None:
    block = random.Random(size).randbytes(size)
    pieces: list[bytes] = []
    length = write_member(Draft("resource", [], "image/png", block, squeeze), pieces.append)
    member = b"".join(pieces)
    assert len(member) == length
    assert gzip.decompress(member).endswith(b"\r\n\r\n" + block + b"\r\n\r\n")
    reader = zlib.decompressobj(16 + zlib.MAX_WBITS)
    reader.decompress(member + b"next")
    assert reader.eof and reader.unused_data == b"next"
    assert length <= size + 1000


@given(st.text(max_size=20))
def test_values_are_held_to_their_characters(value: str) -> None:
    control = any(
        c < " " or "\x7f" <= c <= "\x9f" or c in "\u2028\u2029" or "\ud800" <= c <= "\udfff" for c in value
    )
    with pytest.raises(ArchiveError) if control else nullcontext():
        check_fields([("A", "fine"), ("B", value)])
    uri = bool(value) and all("!" <= c <= "~" and c not in '<>"' for c in value)
    with nullcontext() if uri else pytest.raises(ArchiveError):
        check_uri("U", value)
