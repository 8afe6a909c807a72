"""Decompression bombs, from a server's socket to a worker's memory: the peak of a real process, by the kernel."""

from __future__ import annotations

import gzip
import json
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import brotli
import pytest
import zstandard

from archive.octets import octets_size
from archive.warc import Info, WarcFile
from crawler.net import AddressGuard, Fetcher, Resolver
from tests.check.kit import run
from tests.rawserver import raw_server

pytestmark = pytest.mark.check

MOST = 40_000_000
BLOCK = b"a" * 2**20
ROOT = Path(__file__).resolve().parents[2]


def _times(count: int, compress: Callable[[bytes], bytes], finish: Callable[[], bytes]) -> bytes:
    """`count` MiB through a compressor that streams."""
    return b"".join([*(compress(BLOCK) for _ in range(count)), finish()])


def _zlib(count: int, bits: int) -> bytes:
    stream = zlib.compressobj(6, zlib.DEFLATED, bits)
    return _times(count, stream.compress, stream.flush)


def _brotli(count: int) -> bytes:
    stream = brotli.Compressor(quality=5)
    return _times(count, stream.process, stream.finish)


def _zstd(count: int) -> bytes:
    stream = zstandard.ZstdCompressor(level=3).compressobj()
    return _times(count, stream.compress, stream.flush)


def bombs() -> Iterator[tuple[str, str, bytes]]:
    """Name, Content-Encoding, and the body on the wire."""
    yield "gzip", "gzip", _zlib(256, 31)
    yield "deflate", "deflate", _zlib(256, 15)
    yield "deflate-raw", "deflate", _zlib(256, -15)
    yield "br", "br", _brotli(256)
    yield "zstd", "zstd", _zstd(256)
    member = _zlib(64, 31)
    yield "gzip-gzip", "gzip, gzip", gzip.compress(member * 64)
    yield "gzip-br", "br, gzip", gzip.compress(_brotli(256))
    yield "zstd-zstd", "zstd, zstd", zstandard.compress(_zstd(256))
    yield "fifty", ", ".join(["gzip"] * 50), gzip.compress(b"x")
    yield "members", "gzip", _zlib(1, 31) * 256


async def test_none_costs_much_more_than_an_idle_process(tmp_path: Path) -> None:
    plain = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<title>x</title><p>" + b"A page. " * 3000
    answers, sizes = {"/page": plain}, {}
    for name, coding, body in bombs():
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: {coding}\r\n"
        answers[f"/{name}"] = f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
        sizes[name] = len(answers[f"/{name}"])
    file = WarcFile.create(tmp_path, Info(), now=1, token="bombs", serial=1)
    async with raw_server(answers) as server:
        resolver = Resolver(AddressGuard(["127.0.0.0/8"], [server.port]))
        async with Fetcher(resolver, user_agent="x", clock=lambda: 1) as client:
            for path in answers:
                capture = await client.exchange(server.origin + path)
                assert octets_size(capture.response) == len(answers[path]), "the wire bytes are the archive's"
                file.append(capture)
    path = file.seal()
    for name, size in sizes.items():
        url = f"{server.origin}/{name}"
        row = json.loads(run(sys.executable, "-m", "tests.bomb_child", path, url, folder=ROOT))
        print(f"{name}: {size} bytes, {row['size']} decoded, {row['grew'] / 1e6:.1f} MB: {row['problem']}")
        assert row["problem"], f"{name} was read to its end"
        assert row["grew"] < MOST, f"{name} cost {row['grew'] / 1e6:.1f} MB"
