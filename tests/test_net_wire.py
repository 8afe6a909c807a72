"""The transport on real sockets: what is archived is what was sent, whatever h11 thinks of it."""

from __future__ import annotations

import gzip
import json
import ssl

import trustme

from archive.capture import Capture
from archive.octets import octets_open
from archive.store.types import Previous
from crawler.net import AddressGuard, Fetcher, Resolver
from tests.corpus import corpus_path
from tests.rawserver import RawServer, raw_server

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def fetcher(server: RawServer, *, tls: ssl.SSLContext | None = None, max_body: int = 2**20) -> Fetcher:
    guard = AddressGuard(["127.0.0.0/8"], [server.port])
    return Fetcher(
        Resolver(guard, {"site.example": ("127.0.0.1", server.port)}),
        user_agent="Broadsheet/test",
        clock=lambda: 1_700_000_000_000_000,
        tls=tls,
        timeout=5,
        max_body=max_body,
    )


def raw(capture: Capture) -> bytes:
    return octets_open(capture.response).read()


VERBATIM = {
    "plain": OK,
    "folds, case and latin-1": b"HTTP/1.1 200 OK\r\nx-oDD:   caf\xe9 \r\nX-Fold: a\r\n b\r\nContent-Length: 2\r\n\r\nok",
    "chunks with extensions and trailers": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"2;a=b\r\nok\r\n0\r\nX-T: 1\r\n\r\n",
    "bare LF": b"HTTP/1.1 200 OK\nContent-Length: 2\n\nok",
    "HTTP/1.0 to the end": b"HTTP/1.0 200 OK\r\nServer: x\r\n\r\nok",
    "gzip": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(b"ok"),
    "large": b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 900_000,
    "no colon": b"HTTP/1.1 200 OK\r\nNoColonLine\r\nContent-Length: 2\r\n\r\nok",
    "space in a name": b"HTTP/1.1 200 OK\r\nX Foo: a\r\nContent-Length: 2\r\n\r\nok",
}


async def test_blocks_are_the_bytes_that_came() -> None:
    answers = {f"/{n}": body for n, body in enumerate(VERBATIM.values())}
    async with raw_server(answers) as server, fetcher(server) as client:
        for n, (name, sent) in enumerate(VERBATIM.items()):
            capture = await client.exchange(f"{server.origin}/{n}")
            assert raw(capture) == sent, name
            assert (capture.truncated, capture.error, capture.status) == ("", "", 200), name
            assert capture.request == server.requests[n]
            assert capture.peer == "127.0.0.1"


async def test_informational_responses_are_left_out() -> None:
    async with (
        raw_server({"/": b"HTTP/1.1 103 Early\r\nLink: </a>\r\n\r\n" + OK}) as server,
        fetcher(server) as client,
    ):
        assert raw(await client.exchange(f"{server.origin}/")) == OK


async def test_a_body_cut_short_keeps_what_came() -> None:
    sent = b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\npart"
    async with raw_server({"/": sent}) as server, fetcher(server) as client:
        capture = await client.exchange(f"{server.origin}/")
        assert (raw(capture), capture.truncated) == (sent, "disconnect")


async def test_a_body_past_the_limit_is_stopped() -> None:
    head = b"HTTP/1.1 200 OK\r\n\r\n"
    async with (
        raw_server({"/": head + b"x" * 3_000_000}) as server,
        fetcher(server, max_body=100_000) as client,
    ):
        capture = await client.exchange(f"{server.origin}/")
        assert capture.truncated == "length"
        assert len(raw(capture)) < 500_000


async def test_a_kept_connection_is_used_again_and_replaced_when_stale() -> None:
    keep = b"HTTP/1.1 200 OK\r\nX: keep-alive-please\r\nContent-Length: 2\r\n\r\nok"
    async with raw_server({"/a": keep, "/b": OK}) as server, fetcher(server) as client:
        for path in ("/a", "/a", "/b", "/a"):
            assert raw(await client.exchange(server.origin + path))[-2:] == b"ok"
        assert server.connections == 2


async def test_a_name_is_resolved_as_told_and_an_inner_address_refused() -> None:
    async with raw_server({"/": OK}) as server, fetcher(server) as client:
        capture = await client.exchange("http://site.example/")
        assert capture.status == 200
        assert (
            b"Host: site.example" in server.requests[0] or b"host: site.example" in server.requests[0].lower()
        )
    strict = Fetcher(Resolver(AddressGuard()), user_agent="x", clock=lambda: 1)
    async with strict:
        for url in ("http://127.0.0.1/", "http://[::1]/", "http://10.0.0.1:8080/"):
            assert (await strict.exchange(url)).error.startswith("refused-address")


async def test_a_304_becomes_a_revisit() -> None:
    answer = b'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n'
    before = Previous(record_id="urn:uuid:1", date=5, payload_digest="sha1:A", etag='"a"')
    async with raw_server({"/": answer}) as server, fetcher(server) as client:
        capture = await client.exchange(f"{server.origin}/", previous=before)
        assert capture.revisit is not None and capture.revisit.record_id == "urn:uuid:1"
        assert b'if-none-match: "a"' in server.requests[0].lower()


async def test_tls_is_verified_and_noted() -> None:
    authority = trustme.CA()
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(server_side)
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    async with raw_server({"/": OK}, server_side) as server:
        async with fetcher(server, tls=trusting) as client:
            capture = await client.exchange(f"{server.origin}/")
            assert raw(capture) == OK
            assert capture.tls is not None and capture.tls.version.startswith("tls/1.")
        async with fetcher(server) as client:
            assert (await client.exchange(f"{server.origin}/")).error.startswith("tls")


async def test_malformed_responses_are_kept_byte_for_byte() -> None:
    cases = json.loads(corpus_path("data", "malformed_http_responses.json").read_text(encoding="utf-8"))
    answers = {
        f"/{n}": c["response_latin1"].encode("latin-1")
        for n, c in enumerate(cases)
        if c.get("response_latin1")
    }
    read = 0
    async with raw_server(answers) as server, fetcher(server) as client:
        for path, sent in answers.items():
            capture = await client.exchange(server.origin + path)
            kept = raw(capture)
            assert kept and kept in sent, sent[:80]
            assert capture.status or capture.error or capture.truncated
            read += capture.status >= 200
    assert read >= 32
