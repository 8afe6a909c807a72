"""Writing and reading back: `read(write(c)) == c`, records as the specification wants them."""

from __future__ import annotations

import gzip
import os
import random
import tempfile
import zlib
from pathlib import Path

import msgspec
import pytest
from fastwarc import ArchiveIterator
from hypothesis import given, settings

from archive.capture import Capture, Location, Revisit
from archive.errors import ArchiveError
from archive.reader import Found, Placed, read_capture, read_file, read_raw
from archive.store.types import Previous
from archive.warc import WarcFile, as_revisit, file_name, rejoin, resolve
from archive.warc.fields import check_uri, escape, parse_date, unescape, warc_date
from tests.archive_kit import CLOCK, INFO, as_written, captures, checked, html, spilled, warc


@settings(deadline=None, max_examples=50)
@given(captures())
def test_read_of_write_is_the_capture(capture: Capture) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = warc(Path(folder))
        written = file.append(capture)
        more = file.append(html())
        path = file.seal()
        assert read_capture(path, written.location) == as_written(capture, written)
        found = list(read_file(path))
        assert [f.location for f in found if isinstance(f, Found)] == [written.location, more.location]
        assert found[0] == Found(
            written.location,
            as_written(capture, written),
            written.payload_digest if written.record_ids.response else "",
            written.response_length,
        )


def test_spilled_and_many_members(tmp_path: Path) -> None:
    body = random.Random(1).randbytes(9_000_000)
    capture = html(body)
    big = msgspec.structs.replace(capture, response=spilled(bytes(capture.response)))  # type: ignore[arg-type]
    file = warc(tmp_path)
    written = file.append(big)
    path = file.seal()
    assert written.payload_size == len(body)
    assert read_capture(path, written.location).response == capture.response
    huge = Location(path.name, 0, path.stat().st_size)
    with pytest.raises(ArchiveError, match="a warcinfo record, no capture"):
        read_capture(path, huge)


def test_the_outside_checkers_agree(tmp_path: Path) -> None:
    file = warc(tmp_path)
    first = file.append(html())
    coded = gzip.compress(b"<p>coded" * 100)
    file.append(html(coded, extra=b"Content-Encoding: gzip\r\n"))
    previous = Previous(record_id=first.record_ids.response, date=CLOCK, payload_digest=first.payload_digest)
    again = as_revisit(html(extra=b"X: 2\r\n"), previous)
    assert again.revisit is not None and again.revisit.profile == "identical-payload-digest"
    file.append(again)
    not_modified = msgspec.structs.replace(html(), response=b"HTTP/1.1 304 Not Modified\r\n\r\n")
    file.append(as_revisit(not_modified, previous))
    file.append(Capture(url="http://gone.example/", error="no such host\r\nWARC/1.1"))
    path = file.seal()
    checked(path)
    with path.open("rb") as stream:
        types = [str(record.record_type) for record in ArchiveIterator(stream, parse_http=False)]
    exchange = ["request", "metadata"]
    expected = [
        "warcinfo",
        "response",
        *exchange,
        "response",
        *exchange,
        "revisit",
        *exchange,
        "revisit",
        *exchange,
    ]
    assert [t.rpartition(".")[2] for t in types] == [*expected, "metadata"]


def test_fields_of_each_record(tmp_path: Path) -> None:
    file = warc(tmp_path)
    file.append(html())
    path = file.seal()
    raws = [placed.raw for placed in read_raw(path) if isinstance(placed, Placed)]
    info, response, request, metadata = raws
    assert info.get("WARC-Filename") == path.name and not info.get("WARC-Target-URI")
    assert b"redacted-request-headers: authorization, cookie\r\n" in bytes(info.block)  # type: ignore[arg-type]
    assert response.get("WARC-Date") == "2026-09-21T14:13:20.000000Z"
    assert {raw.get("WARC-Date") for raw in (request, metadata)} == {response.get("WARC-Date")}
    assert {raw.get("WARC-Warcinfo-ID") for raw in raws[1:]} == {info.get("WARC-Record-ID")}
    assert request.get("WARC-Concurrent-To") == response.get("WARC-Record-ID")
    assert metadata.block == b"hopsFromSeed: \r\nfetchTimeMs: 1\r\nfetchTimeMicros: 1500\r\n"
    assert {raw.version for raw in raws} == {"WARC/1.1"}


def test_payload_digest_is_over_the_dechunked_body(tmp_path: Path) -> None:
    plain = html(b"abc")
    wire = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n2\r\nbc\r\n0\r\n\r\n"
    chunked = msgspec.structs.replace(plain, response=wire)
    file = warc(tmp_path)
    assert file.append(plain).payload_digest == file.append(chunked).payload_digest
    file.close()


def test_coded_bodies_are_stored_not_squeezed(tmp_path: Path) -> None:
    file = warc(tmp_path)
    body = bytes(50_000)
    squeezed = file.append(html(body))
    stored = file.append(html(body, extra=b"Content-Encoding: br\r\n"))
    assert squeezed.response_length < 1_500 and 50_000 < stored.response_length < 51_500
    file.close()


@pytest.mark.parametrize(
    "capture",
    [
        Capture(url="http://a.example/\r\nWARC-Type: response", response=b"HTTP/1.1 200 OK\r\n\r\n"),
        Capture(url="http://a.example/ x", error="x"),
        Capture(url="http://a.example/caf\xe9", error="x"),
        Capture(url="", error="x"),
        msgspec.structs.replace(html(), peer="1.2.3.4\r\nX: y"),
        msgspec.structs.replace(html(), payload_type="text/html\n\nWARC/1.1"),
        msgspec.structs.replace(html(), revisit=Revisit("server-not-modified", "urn:x\r\n", "http://a/", 0)),
        msgspec.structs.replace(html(), revisit=Revisit("identical-payload-digest", "", "http://a/", 0)),
    ],
)
def test_hostile_values_are_refused_and_leave_nothing(tmp_path: Path, capture: Capture) -> None:
    file = warc(tmp_path)
    size = file.size
    with pytest.raises(ArchiveError, match="refused"):
        file.append(capture)
    assert file.size == size == file.path.stat().st_size
    file.append(html())
    checked(file.seal())


def test_one_writer_a_file_and_going_on(tmp_path: Path) -> None:
    file = warc(tmp_path)
    written = file.append(html())
    assert WarcFile.take(file.path) is None
    with pytest.raises(ArchiveError, match="in use by another process"):
        WarcFile.resume(file.path, file.size, INFO, now=CLOCK)
    assert read_capture(tmp_path / file.file, written.location).url == "http://a.example/"
    size = file.size
    file.close()
    with pytest.raises(ArchiveError, match="are committed"):
        WarcFile.resume(file.path, size - 1, INFO, now=CLOCK)
    again = WarcFile.resume(file.path, size, INFO, now=CLOCK)
    again.append(html())
    final = again.seal()
    types = [p.raw.type for p in read_raw(final) if isinstance(p, Placed)]
    assert types.count("warcinfo") == 2 and types[4] == "warcinfo"
    checked(final)
    assert WarcFile.take(final.with_name(final.name + ".open")) is None
    assert repr(again) == f"<WarcFile {final.name} {final.stat().st_size} bytes>"


def test_sealing_never_replaces(tmp_path: Path) -> None:
    file = warc(tmp_path)
    (tmp_path / file.file).write_bytes(b"precious")
    with pytest.raises(FileExistsError):
        file.seal()
    file.close()
    assert (tmp_path / file.file).read_bytes() == b"precious"


def test_names() -> None:
    assert file_name("paper", CLOCK, "a1b2", 7) == "paper-20260921141320-a1b2-00007.warc.gz"
    with pytest.raises(ArchiveError):
        file_name("../x", CLOCK, "a", 1)
    with pytest.raises(ArchiveError, match="no such file"):
        resolve(Path("/nonexistent/x.warc.gz"))


def test_dates() -> None:
    assert parse_date(warc_date(1)) == 1
    assert parse_date("2026-09-21T14:13:20.1234567Z") == CLOCK + 123_456
    assert parse_date("20260921141320") == CLOCK == parse_date("2026-09-21T14:13:20Z", strict=True)
    assert parse_date("2026-09-21") is not None and parse_date("2026-09-21", strict=True) is None
    assert parse_date("2026-13-21T14:13:20Z") is None and parse_date("x") is None


def test_escapes_and_uris() -> None:
    for text in (" a", "a\n", "\\u0041", "\ud800", "\u2028x ", "a:b", "\x85"):
        escaped = escape(text)
        assert unescape(escaped) == text and escaped == escaped.strip() and escaped.isprintable()
    with pytest.raises(ArchiveError):
        check_uri("x", "<http://a/>")


def test_revisits_only_for_what_is_the_same() -> None:
    previous = Previous(record_id="urn:uuid:1", date=5, payload_digest="sha1:XXXX")
    assert as_revisit(html(), previous).revisit is None
    empty = html(b"")
    nothing = "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ"
    assert as_revisit(empty, msgspec.structs.replace(previous, payload_digest=nothing)).revisit is None
    cut = msgspec.structs.replace(html(), response=b"HTTP/1.1 304 X\r\n\r\n", truncated="time")
    assert as_revisit(cut, previous).revisit is None


def test_rejoin_gives_the_page_back() -> None:
    original = html(b"<p>old")
    revisit = as_revisit(
        msgspec.structs.replace(html(), response=b"HTTP/1.1 304 X\r\n\r\n", fetched_at=CLOCK + 9),
        Previous(record_id="urn:uuid:1", date=CLOCK, payload_digest="sha1:XXXX"),
    )
    assert rejoin(revisit, original).page().html == b"<p>old"
    assert rejoin(revisit, original).fetched_at == CLOCK + 9


def test_each_record_is_one_gzip_member(tmp_path: Path) -> None:
    file = warc(tmp_path)
    written = file.append(html(os.urandom(3000), extra=b"Content-Encoding: gzip\r\n"))
    data = file.seal().read_bytes()
    members = []
    while data:
        stream = zlib.decompressobj(31)
        members.append(stream.decompress(data))
        data = stream.unused_data
    assert [m.startswith(b"WARC/1.1\r\n") and m.endswith(b"\r\n\r\n") for m in members] == [True] * 4
    assert written.location.offset + written.location.length == file.size
