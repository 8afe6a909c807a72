"""Heads, chunks and content codings of archived messages."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from archive.capture import Capture
from archive.decoding import Limits, decode_content, decode_pieces
from archive.http import content_codings, dechunk, parse_head, payload
from tests.corpus import corpus_path


def test_head_keeps_order_folds_and_latin1() -> None:
    lines = (
        b"HTTP/1.1 200  OK then",
        b"X-Latin: caf\xe9",
        b"Fold: a",
        b"\t b",
        b"Garbage",
        b"SP : x",
        b": y",
    )
    block = b"\r\n".join((*lines, b"", b"body"))
    head = parse_head(block)
    assert (head.version, head.status, head.reason) == ("HTTP/1.1", 200, "OK then")
    assert head.headers == (("X-Latin", "caf\xe9"), ("Fold", "a b"), ("SP", "x"))
    assert block[head.body_at :] == b"body"


@pytest.mark.parametrize(
    ("block", "status", "body"),
    [
        (b"HTTP/1.1 200 OK\nA: b\n\nx", 200, b"x"),
        (b"\r\nHTTP/1.1 200 OK\r\n\r\nx", 200, b"x"),
        (b"ICY 200 OK\r\n\r\nx", 200, b"x"),
        (b"HTTP/1.1 999\r\n\r\nx", 999, b"x"),
        (b"HTTP/1.1 200 OK\r\nA: b", 200, b""),
        (b"<html>no head", 0, b"<html>no head"),
        (b"", 0, b""),
        (b"HTTP/1.1 103 Early\r\nLink: a\r\n\r\nHTTP/1.1 200 OK\r\n\r\nx", 200, b"x"),
        (b"HTTP/1.1 200 OK\r\n\r\n\r\nx", 200, b"\r\nx"),
    ],
)
def test_odd_heads(block: bytes, status: int, body: bytes) -> None:
    head = parse_head(block)
    assert head.status == status
    assert block[head.body_at :] == body


def test_request_head() -> None:
    head = parse_head(b"POST /x HTTP/1.1\r\nHost: a\r\n\r\nq=1")
    assert (head.line, head.get("host"), head.status) == ("POST /x HTTP/1.1", "a", 0)


def chunks(pieces: list[bytes]) -> bytes:
    return b"".join(b"%x;e=1\r\n%b\r\n" % (len(p), p) for p in pieces) + b"0\r\nTrailer: x\r\n\r\n"


@given(st.lists(st.binary(min_size=1, max_size=40), max_size=8), st.integers(1, 50))
def test_dechunk_undoes_chunks_however_they_are_cut(pieces: list[bytes], size: int) -> None:
    wire = chunks(pieces)
    cut = [wire[at : at + size] for at in range(0, len(wire), size)]
    assert b"".join(dechunk(iter(cut))) == b"".join(pieces)


def test_payload_of_broken_chunks() -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert payload(head + b"3\r\nabc\r\nZZ\r\n") == b"abc"
    assert payload(head + b"5\r\nab") == b"ab"
    assert payload(head + b"<html>not chunked") == b"<html>not chunked"
    assert payload(head + b"3\nabc\n0\n\n") == b"abc"


def test_many_small_chunks_take_linear_time() -> None:
    body = b"1\r\nx\r\n" * 150_000 + b"0\r\n\r\n"
    assert sum(map(len, dechunk(iter((body,))))) == 150_000


def gz(data: bytes, wbits: int = 31) -> bytes:
    stream = zlib.compressobj(6, zlib.DEFLATED, wbits)
    return stream.compress(data) + stream.flush()


CODERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gz,
    "x-gzip": gz,
    "deflate": lambda d: gz(d, 15),
    "br": lambda d: brotli.compress(d, quality=5),
    "zstd": zstandard.compress,
}


@given(st.binary(max_size=3000), st.lists(st.sampled_from(sorted(CODERS)), max_size=2), st.integers(1, 700))
def test_decoding_undoes_coding(data: bytes, names: list[str], size: int) -> None:
    wire = data
    for name in names:
        wire = CODERS[name](wire)
    assert decode_content(wire, names).data == data
    cut = [wire[at : at + size] for at in range(0, len(wire), size)]
    decoded = decode_pieces(cut, names)
    assert (decoded.data, decoded.problem) == (data, "")


def test_raw_deflate_members_and_trailing_junk() -> None:
    assert decode_content(gz(b"hello", -15), ["deflate"]).data == b"hello"
    assert decode_content(gz(b"a") + gz(b"b") + b"\0\0", ["gzip"]) == decode_content(b"ab", [])


@pytest.mark.parametrize("name", ["gzip", "deflate", "br"])
def test_what_came_before_a_break_is_kept(name: str) -> None:
    text = b"".join(b"%d %d," % (n, n * n * 7919 % 10007) for n in range(60_000))
    wire = CODERS[name](text)
    decoded = decode_content(wire[: len(wire) * 2 // 3], [name])
    assert decoded.problem == f"the {name} stream ends early"
    assert len(decoded.data) > len(text) // 2 and text.startswith(decoded.data)
    hurt = bytearray(wire)
    hurt[len(wire) // 2 :] = b"\xff" * 900
    assert "br" in decode_content(bytes(hurt), [name]).problem


@pytest.mark.parametrize("name", ["gzip", "deflate", "br", "zstd"])
def test_bombs_stop_at_their_limits(name: str) -> None:
    wire = CODERS[name](bytes(10_000_000))
    limits = Limits(ratio_floor=400_000)
    decoded = decode_content(wire, [name], limits)
    assert "times its coded size" in decoded.problem
    assert len(decoded.data) <= max(400_000, 100 * len(wire))
    by_size = decode_content(wire, [name], Limits(max_size=2_000_000, max_ratio=10**9))
    assert len(by_size.data) == 2_000_000 and "over 2000000 bytes" in by_size.problem
    layered = decode_content(CODERS["gzip"](wire), [name, "gzip"], limits)
    assert len(layered.data) <= 400_000 and layered.problem


def test_wrong_unknown_and_too_many_codings() -> None:
    assert decode_content(b"plain", ["gzip"]).data == b"plain"
    assert decode_content(b"plain", ["gzip"]).problem == "declared as gzip, but it is not"
    assert decode_content(b"plain", ["rot13"]).data == b"plain"
    assert decode_content(b"plain", ["rot13"]).problem == "unknown content coding 'rot13'"
    assert decode_content(gz(b"x"), ["gzip"] * 3).problem.startswith("3 content codings")
    assert decode_content(b"", ["br"]).problem == ""


def test_page_of_a_capture() -> None:
    wire = (
        b"HTTP/1.1 200 OK\r\nContent-Type: Text/HTML; charset=utf-8\r\nContent-Encoding: gzip\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n" + chunks([gz(b"<p>caf\xc3\xa9")])
    )
    capture = Capture(url="http://a.example/", response=wire, fetched_at=1_700_000_000_123_456)
    page = capture.page()
    assert (page.html, page.media_type, page.status) == (b"<p>caf\xc3\xa9", "text/html", 200)
    assert page.fetched_at is not None and page.fetched_at.isoformat() == "2023-11-14T22:13:20.123456+00:00"
    assert capture.content().problem == ""


def test_page_of_a_bare_resource() -> None:
    page = Capture(url="http://a.example/x", response=b"<p>x", payload_type="text/html; charset=x").page()
    assert (page.html, page.media_type, page.status) == (b"<p>x", "text/html", 200)


def test_no_malformed_response_raises() -> None:
    cases = json.loads(corpus_path("data", "malformed_http_responses.json").read_bytes())
    read = 0
    for case in cases:
        wire = case["response_latin1"].encode("latin-1")
        head = parse_head(wire)
        decode_content(payload(wire, head), content_codings(head))
        read += head.status != 0
    assert read >= 35


@given(st.lists(st.sampled_from([b"\r", b"\n", b"a:b", b"x"]), max_size=12).map(b"".join))
def test_a_head_ends_at_its_first_blank_line(tail: bytes) -> None:
    """However it is spelt: CRs before an LF belong to it."""
    block = b"HTTP/1.1 200 OK" + tail
    ends = re.search(rb"\r*\n\r*\n", block)
    head = parse_head(block)
    assert (head.complete, head.body_at) == (ends is not None, ends.end() if ends else len(block))
    assert (
        head.line == block[: ends.start() if ends else len(block)].partition(b"\n")[0].rstrip(b"\r").decode()
    )
