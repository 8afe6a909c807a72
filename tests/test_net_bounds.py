"""Bounds of an exchange, and the second reader: whatever a server sends is kept, and nothing is waited for in vain."""

from __future__ import annotations

import json
import re
import shutil
import ssl
import subprocess
from pathlib import Path
from typing import Any

import h11
import pytest
import trio
import trustme
from hypothesis import given
from hypothesis import strategies as st

from archive.capture import Capture, Spill
from archive.http import payload
from archive.octets import octets_open
from crawler.errors import FetchError
from crawler.net import AddressGuard, Fetcher, Resolver
from crawler.net.reply import Bounds, Reply
from crawler.net.tape import Budget, Tape
from crawler.net.wire import iana_cipher
from tests.corpus import corpus_path
from tests.malformed_replies import OUTCOMES, whole
from tests.rawserver import RawServer, raw_server

DOCS = Path(__file__).resolve().parents[1] / "docs"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
KEPT = b"HTTP/1.1 200 OK\r\nX: keep-alive-please\r\nContent-Length: 2\r\n\r\nok"


def fetcher(server: RawServer, bounds: Bounds | None = None, memory: int = 2**27) -> Fetcher:
    resolver = Resolver(AddressGuard(["127.0.0.0/8"], [server.port]))
    bounds = bounds or Bounds(timeout=5)
    return Fetcher(resolver, user_agent="Broadsheet/test", clock=lambda: 1, bounds=bounds, memory=memory)


def raw(capture: Capture) -> bytes:
    return octets_open(capture.response).read()


def cases() -> dict[str, bytes]:
    listed = json.loads(corpus_path("data", "malformed_http_responses.json").read_bytes())
    return {c["name"]: whole(c["name"], c["response_latin1"], c["size"]) for c in listed}


async def test_each_malformed_response_comes_out_as_the_table_says() -> None:
    sent = cases()
    assert set(sent) == set(OUTCOMES)
    answers = {f"/{n}": data for n, data in enumerate(sent.values())}
    async with raw_server(answers) as server, fetcher(server) as client:
        for n, (name, data) in enumerate(sent.items()):
            capture = await client.exchange(f"{server.origin}/{n}")
            status, body, truncated, error = OUTCOMES[name][0]
            block = raw(capture)
            assert (capture.status, payload(block), capture.truncated) == (status, body, truncated), name
            assert capture.error.startswith(error) and bool(error) == bool(capture.error), name
            assert block in data, name


@pytest.mark.check
def test_the_table_says_what_curl_does() -> None:
    curl = shutil.which("curl")
    version = subprocess.run([curl, "--version"], capture_output=True, check=True).stdout if curl else b""
    if not version.startswith(b"curl 7.88"):
        pytest.skip("the table was made with curl 7.88, which is not here")
    seen: dict[str, str] = {}

    async def ask() -> None:
        sent = cases()
        async with raw_server({f"/{n}": data for n, data in enumerate(sent.values())}) as server:
            for n, name in enumerate(sent):
                done = await trio.run_process(
                    ["curl", "-sS", "-m", "5", f"{server.origin}/{n}"],
                    capture_stdout=True, stderr=subprocess.DEVNULL, check=False,
                )  # fmt: skip
                seen[name] = done.stdout.decode() if done.returncode == 0 else f"exit {done.returncode}"

    trio.run(ask)
    assert seen == {name: curl for name, (_, curl) in OUTCOMES.items()}


def read(data: bytes, size: int, bounds: Bounds | None = None, *, end: bool = True) -> Reply:
    """A response fed in pieces of `size` bytes."""
    http = h11.Connection(h11.CLIENT, max_incomplete_event_size=2**18)
    http.send(h11.Request(method="GET", target="/", headers=[("Host", "a")]))
    http.send(h11.EndOfMessage())
    reply = Reply(http, Tape(Budget(2**20)), bounds or Bounds())
    for at in range(0, len(data), size):
        if not reply.done:
            reply.feed(data[at : at + size])
    if end and not reply.done:
        reply.end()
    return reply


def outcome(reply: Reply) -> tuple[bytes, str, str, bool]:
    return octets_open(reply.tape.octets()).read(), reply.truncated, reply.error, reply.done


SMALL = [data for name, data in (("", OK), ("", KEPT))] + [
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\nok\n0\n\n",
    b"HTTP/1.1 200 OK\r\nBad Name: x\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\nok\r\n0\r\nT: 1\r\n\r\n",
    b"HTTP/1.1 100 Go on\r\nX Y: z\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
    b"\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
    b"HTTP/1.1 200 OK\r\nNo\r\nContent-Length: 5\r\n\r\nok",
    b"HTTP/1.1 204 No\r\nX Y: z\r\n\r\n",
]


@given(st.sampled_from(SMALL), st.integers(1, 60))
def test_how_the_bytes_are_cut_makes_no_difference(data: bytes, size: int) -> None:
    assert outcome(read(data, size)) == outcome(read(data, len(data)))


@given(st.binary(max_size=300), st.sampled_from([b"", b"HTTP/1.1 200 OK\r\n", *SMALL]), st.integers(1, 99))
def test_no_bytes_make_it_raise_or_lose_any(junk: bytes, before: bytes, size: int) -> None:
    data = before + junk
    reply = read(data, size)
    block = octets_open(reply.tape.octets()).read()
    assert reply.done and block in data
    if reply.error:
        assert block == b"" or reply.truncated


def test_what_follows_the_message_is_cut_and_the_connection_not_used_again() -> None:
    reply = read(OK + b"HTTP/1.1 200 OK\r\n\r\npoison", 1000, end=False)
    assert octets_open(reply.tape.octets()).read() == OK
    assert reply.done and not reply.reusable
    assert read(OK, 1000, end=False).reusable


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"HTTP/1.1 200 OK\r\nX: " + b"a" * 300_000, "protocol: head over 262144 bytes"),
        (b"HTTP/1.1 200 OK\r\n" + b"a:\r\n" * 30_000 + b"\r\n", "protocol: 30000 header lines"),
        (b"HTTP/1.1 100 Continue\r\n\r\n" * 300 + OK, "protocol: over 100 informational responses"),
    ],
)
def test_heads_are_bounded(data: bytes, error: str) -> None:
    reply = read(data, 65536, end=False)
    assert (reply.done, reply.error) == (True, error)
    assert reply.tape.size <= 300_000


async def test_a_refused_head_with_length_does_not_wait_for_the_end() -> None:
    sent = b"HTTP/1.1 200 OK\r\nNo colon\r\nContent-Length: 2\r\n\r\nok"
    chunked = b"HTTP/1.1 200 OK\r\nNo colon\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"
    empty = b"HTTP/1.1 304 No\r\nNo colon\r\n\r\n"
    async with raw_server({"/a": sent, "/b": chunked, "/c": empty}) as server, fetcher(server) as client:
        server.hold = {"/a", "/b", "/c"}
        with trio.fail_after(3):
            for path, block in server.answers.items():
                assert raw(await client.exchange(server.origin + path)) == block


async def test_a_silent_server_is_left_and_what_came_is_kept() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n"
    answers = {"/head": head + b"some", "/half": b"HTTP/1.1 200", "/none": b""}
    async with raw_server(answers) as server:
        server.hold = set(answers)
        async with fetcher(server, Bounds(timeout=0.3)) as client:
            whole_head = await client.exchange(f"{server.origin}/head")
            assert (raw(whole_head), whole_head.truncated, whole_head.error) == (head + b"some", "time", "")
            half = await client.exchange(f"{server.origin}/half")
            assert (raw(half), half.truncated, half.error[:8]) == (b"HTTP/1.1 200", "time", "timeout:")
            none = await client.exchange(f"{server.origin}/none")
            assert (none.response, none.truncated, none.error[:8]) == (b"", "", "timeout:")
        async with fetcher(server, Bounds(timeout=60, grace=0.2, min_rate=1000)) as client:
            with trio.fail_after(5):
                slow = await client.exchange(f"{server.origin}/head")
            assert (slow.truncated, slow.status) == ("time", 200)


async def test_large_bodies_spill_and_stop_at_the_byte() -> None:
    head = b"HTTP/1.1 200 OK\r\n\r\n"
    async with raw_server({"/": head + b"x" * 3_000_000, "/s": head + b"y" * 9000}) as server:
        async with fetcher(server) as client:
            capture = await client.exchange(f"{server.origin}/")
            assert isinstance(capture.response, Spill) and capture.truncated == ""
            assert raw(capture) == head + b"x" * 3_000_000
        async with fetcher(server, Bounds(max_body=2_000_000)) as client:
            capture = await client.exchange(f"{server.origin}/")
            assert (len(raw(capture)), capture.truncated) == (len(head) + 2_000_000, "length")
            short = await client.exchange(f"{server.origin}/s", max_body=10)
            assert (raw(short), short.truncated) == (head + b"y" * 10, "length")
        async with fetcher(server, memory=1000) as client:
            capture = await client.exchange(f"{server.origin}/s")
            assert isinstance(capture.response, Spill) and raw(capture) == head + b"y" * 9000


async def test_a_body_nobody_wants_is_stopped_behind_its_head() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\nContent-Length: 5\r\n\r\n"
    async with raw_server(
        {"/": head + b"movie", "/e": b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"}
    ) as server:
        async with fetcher(server) as client:
            capture = await client.exchange(
                f"{server.origin}/", keep=lambda h: h.get("content-type") != "video/mp4"
            )
            assert (raw(capture), capture.truncated) == (head, "length")
            assert (await client.exchange(f"{server.origin}/e", keep=lambda _: False)).truncated == ""


async def test_secrets_are_sent_and_not_archived() -> None:
    async with raw_server({"/": OK}) as server, fetcher(server) as client:
        capture = await client.exchange(
            f"{server.origin}/", headers={"Cookie": "s=1", "AUTHORIZATION": "Basic x"}
        )
        assert b"Cookie: s=1\r\n" in server.requests[0] and b"Basic x" in server.requests[0]
        assert (
            b"Cookie: REDACTED\r\n" in capture.request and b"AUTHORIZATION: REDACTED\r\n" in capture.request
        )
        assert b"Basic" not in capture.request


async def test_targets_go_out_as_ada_wrote_them() -> None:
    path = "/a|b/%7Ec'd?q=[1]{2}|^`"
    async with raw_server({path: OK}) as server, fetcher(server) as client:
        assert (await client.exchange(server.origin + path)).status == 200
        assert server.requests[0].startswith(f"GET {path} HTTP/1.1\r\n".encode())


async def test_failures_are_captures_that_name_their_reason() -> None:
    async def lookup(name: str) -> list[str]:
        if name == "mixed.example":
            return ["93.184.215.14", "10.0.0.1"]
        if name == "hangs.example":
            await trio.sleep_forever()
        raise OSError(-2, "Name or service not known")

    closed = trio.socket.socket()
    await closed.bind(("127.0.0.1", 0))
    port = closed.getsockname()[1]
    guard = AddressGuard(["127.0.0.0/8"], [port])
    resolver = Resolver(guard, lookup=lookup, timeout=0.1)
    async with Fetcher(resolver, user_agent="x", clock=lambda: 1) as client:
        for url, reason in {
            "http://mixed.example/": "refused-address: mixed.example is at 10.0.0.1 (private)",
            "http://hangs.example/": "dns: no answer",
            "http://gone.example/": "dns: gone.example: Name or service not known",
            "http://[::ffff:a00:1]/": "refused-address: ::ffff:",  # newer Pythons write 10.0.0.1 behind it
            "http://gone.example:99/": "refused-address: port 99",
            f"http://127.0.0.1:{port}/": "connect: 127.0.0.1",
        }.items():
            capture = await client.exchange(url)
            assert capture.error.startswith(reason), capture.error
            assert capture.response == b"" and capture.truncated == ""
    closed.close()


async def test_tls_is_verified_reused_and_named() -> None:
    authority, stranger = trustme.CA(), trustme.CA()
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    for issuer, name, problem in (
        (authority, "127.0.0.1", ""),
        (authority, "other.example", "tls: 127.0.0.1: IP address mismatch"),
        (stranger, "127.0.0.1", "tls: 127.0.0.1: unable to get local issuer"),
    ):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        issuer.issue_cert(name).configure_cert(context)
        async with raw_server({"/": KEPT}, context) as server:
            resolver = Resolver(AddressGuard(["127.0.0.0/8"], [server.port]))
            async with Fetcher(resolver, user_agent="x", clock=lambda: 1, tls=trusting) as client:
                for _ in range(3):
                    capture = await client.exchange(f"{server.origin}/")
                    assert capture.error.startswith(problem) and bool(capture.error) == bool(problem)
            if not problem:
                assert server.connections == 1
                assert capture.tls is not None and capture.tls.cipher.startswith("TLS_")
    async with raw_server({"/": OK}) as server:  # plain HTTP where TLS was expected
        resolver = Resolver(AddressGuard(["127.0.0.0/8"], [server.port]))
        async with Fetcher(resolver, user_agent="x", clock=lambda: 1, bounds=Bounds(connect=1)) as client:
            capture = await client.exchange(f"https://127.0.0.1:{server.port}/")
            assert capture.error.startswith("tls: ")


async def test_a_script_may_ask_through_httpx_as_the_docs_say() -> None:
    told: dict[str, Any] = {}
    [code] = re.findall(
        r"```python\n(import httpx\n.+?)```", (DOCS / "operate.md").read_text("utf-8"), re.DOTALL
    )
    exec(code, told)
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"
    async with raw_server({"/": chunked}) as server:
        response = await told["ask"](server.origin, AddressGuard(["127.0.0.0/8"], [server.port]))
        assert (response.status_code, response.text) == (200, "ok")
        assert response.extensions["wire"].response == chunked
        with pytest.raises(FetchError, match="loopback"):
            await told["ask"]("http://[::1]/", AddressGuard())


async def test_many_tasks_share_one_fetcher_and_leave_no_bytes_behind() -> None:
    async with raw_server({f"/{n}": KEPT for n in range(40)}) as server, fetcher(server) as client:

        async def one(n: int) -> None:
            assert raw(await client.exchange(f"{server.origin}/{n}")) == KEPT

        async with trio.open_nursery() as nursery:
            for n in range(40):
                nursery.start_soon(one, n)
        assert "1 idle, 0 bytes in memory" in repr(client)


def test_ciphers_have_their_iana_names() -> None:
    assert iana_cipher("TLS_AES_256_GCM_SHA384") == "TLS_AES_256_GCM_SHA384"
    assert iana_cipher("ECDHE-RSA-AES128-GCM-SHA256") == "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"
    assert iana_cipher("AES256-SHA") == "TLS_RSA_WITH_AES_256_CBC_SHA"
    assert iana_cipher("ECDHE-ECDSA-CHACHA20-POLY1305") == "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"
    for cipher in ssl.create_default_context().get_ciphers():
        assert iana_cipher(cipher["name"]).startswith("TLS_")
