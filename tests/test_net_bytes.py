"""Byte equality, from the server's socket to the file and back: what was sent is what is archived is what is read."""

from __future__ import annotations

import json
import re
import ssl
from pathlib import Path

import msgspec
import pytest
import trustme
from warcio.archiveiterator import ArchiveIterator

from archive.capture import Capture, RecordIds, octets_open
from archive.reader.files import Found, read_file
from archive.warc import Info, WarcFile
from crawler.net import REDACTED_HEADERS, AddressGuard, Fetcher, Resolver
from tests.corpus import corpus_path
from tests.malformed_replies import whole
from tests.rawserver import RawServer, raw_server
from tests.wire_cases import SENT, Case, malformed

T0 = 1_790_000_000_123_456


def fetcher(server: RawServer, tls: ssl.SSLContext | None = None) -> Fetcher:
    resolver = Resolver(AddressGuard(["127.0.0.0/8"], [server.port]))
    return Fetcher(resolver, user_agent="Broadsheet/test", clock=lambda: T0, tls=tls, timeout=20)


class Archived:
    """A WARC file and what warcio, a program of others, reads in it: blocks and fields of each exchange in turn."""

    def __init__(self, folder: Path) -> None:
        info = Info(redacted=REDACTED_HEADERS)
        self.file = WarcFile.create(folder, info, now=T0, token="bytes", serial=1)

    def add(self, capture: Capture) -> Capture:
        """Write it; what stands in the file by now: the capture with its records' ids."""
        written = self.file.append(capture)
        return msgspec.structs.replace(capture, record_ids=written.record_ids)

    def records(self, kind: str) -> list[tuple[bytes, dict[str, list[str]]]]:
        self.file.sync()
        found = []
        with self.file.path.open("rb") as file:
            for record in ArchiveIterator(file, no_record_parse=True):
                fields: dict[str, list[str]] = {}
                for name, value in record.rec_headers.headers:
                    fields.setdefault(name, []).append(value)
                if record.rec_type == kind:
                    found.append((record.raw_stream.read(), fields))
        return found


async def play(cases: dict[str, Case], folder: Path, authority: trustme.CA | None = None) -> None:
    """Play every case; hold blocks, requests, fields and the way back against what crossed the wire."""
    serving, trusting = None, None
    if authority is not None:
        serving, trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
        authority.issue_cert("127.0.0.1").configure_cert(serving)
        authority.configure_trust(trusting)
    archived, written = Archived(folder), list[Capture]()
    answers = {f"/{n}": case.sent for n, case in enumerate(cases.values())}
    async with raw_server(answers, serving) as server, fetcher(server, trusting) as client:
        for n, (name, case) in enumerate(cases.items()):
            capture = await client.exchange(f"{server.origin}/{n}", via="http://via.example/", hops="L")
            assert octets_open(capture.response).read() == case.archived, name
            assert (capture.truncated, bool(capture.error)) == (case.truncated, bool(case.error)), name
            assert capture.error.startswith(case.error), name
            written.append(archived.add(capture))
    responses, requests = archived.records("response"), archived.records("request")
    assert len(responses) == len(requests) == len(cases) == len(server.requests)
    for (name, case), sent, (block, fields), (asked, _) in zip(
        cases.items(), server.requests, responses, requests, strict=True
    ):
        assert block == case.archived, name
        assert asked == sent, name
        version = re.match(rb"\s*(HTTP/1\.[01])\s", block)
        protocols = [version[1].decode().lower()] if version else []
        if authority is not None:
            protocols.append("tls/1.3")
            assert fields["WARC-Cipher-Suite"][0].startswith("TLS_AES_"), name
        if case.error == "":
            assert fields.get("WARC-Protocol", []) == protocols, name
        assert fields["WARC-IP-Address"] == ["127.0.0.1"]
        assert fields["WARC-Date"] == ["2026-09-21T14:13:20.123456Z"]
        assert fields.get("WARC-Truncated", [""]) == [case.truncated], name
    archived.file.close()
    read = [found.capture for found in read_file(archived.file.path) if isinstance(found, Found)]
    assert len(read) == len(written)
    for name, before, after in zip(cases, written, read, strict=True):
        assert after == before, name
        assert after.took > 0 and after.record_ids != RecordIds()


def test_there_are_enough_of_them() -> None:
    assert len(SENT) >= 60


async def test_every_response_is_archived_and_read_back_byte_for_byte(tmp_path: Path) -> None:
    await play(SENT, tmp_path)


async def test_behind_tls_too(tmp_path: Path) -> None:
    await play(SENT, tmp_path, trustme.CA())


async def test_and_what_is_malformed(tmp_path: Path) -> None:
    listed = json.loads(corpus_path("data", "malformed_http_responses.json").read_bytes())
    sent = {c["name"]: whole(c["name"], c["response_latin1"], c["size"]) for c in listed}
    await play(malformed(sent), tmp_path)


@pytest.mark.parametrize("name", REDACTED_HEADERS)
async def test_secrets_reach_the_server_and_no_file(name: str, tmp_path: Path) -> None:
    archived = Archived(tmp_path)
    async with raw_server({"/": SENT["plain"].sent}) as server, fetcher(server) as client:
        secret = {name.title(): "Basic s3cret", "X-Other": "shown"}
        archived.add(await client.exchange(f"{server.origin}/", headers=secret))
    [(asked, _)] = archived.records("request")
    assert b"s3cret" in server.requests[0]
    assert asked == server.requests[0].replace(b"Basic s3cret", b"REDACTED")
    [(info, _)] = archived.records("warcinfo")
    assert f"redacted-request-headers: {', '.join(REDACTED_HEADERS)}".encode() in info
    archived.file.close()
