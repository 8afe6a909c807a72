"""Reading what others wrote, and what is damaged: all that is readable, each damage named, no crash."""

from __future__ import annotations

import gzip
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from fastwarc import ArchiveIterator
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.capture import Capture
from archive.errors import ArchiveError
from archive.importing import import_file
from archive.reader import Damage, Found, Placed, read_capture, read_file, read_raw
from tests.archive_kit import CLOCK, MemoryLedger, html, warc
from tests.corpus import corpus_path


def headless(size: int) -> str:
    return f"a record header without a usable Content-Length, {size} bytes"


DAMAGED = {
    "gowarc__corrupted-mid-record.warc.gz.open": [(1219, "bytes that are no compressed data")],
    "gowarc__corrupted-trailing-bytes.warc.gz.open": [(2362, "bytes that are no compressed data")],
    "jwat__invalid-arcfile-record-then-garbage.arc": [(2329, "25 bytes that belong to no record")],
    "jwat__invalid-warcfile-fields-empty.warc": [(0, headless(414))],
    "jwat__invalid-warcfile-fields-invalidformat.warc": [(0, headless(492))],
    "jwat__invalid-warcfile-fields-missing.warc": [(0, headless(374))],
    "jwat__invalid-warcfile-lonely-continuation.warc": [(0, headless(41))],
    "jwat__invalid-warcfile-lonely-monkeys.warc": [(0, headless(31))],
    "jwat__invalid-warcfile-lonely-request-response-resource-conversion.warc": [(0, headless(149))],
    "jwat__invalid-warcfile-lonely-revisit.warc": [(0, headless(36))],
    "jwat__invalid-warcfile-lonely-warcinfo-metadata.warc": [(0, headless(74))],
    "jwat__invalid-warcfile-record-then-garbage.warc": [(1135, "55 bytes that belong to no record")],
    "pywb__invalid_example_1.wacz": [(0, "a WACZ without WARC files")],
    "warcio__bad.arc": [
        (0, "202 bytes that belong to no record"),  # lengths of -1
        (262, "69 bytes that belong to no record"),
    ],
    "warcio__example-space-in-url.arc": [
        (151, "a record is cut short: 1579 of 1591 bytes of its block are there")
    ],
    "warcio__example-trunc.warc": [(2560, "6 bytes that belong to no record")],
}

# responses, revisits and resources in files of which other readers read more or less than we, and why
CAPTURES = {
    "warcio__bad.arc": 1,  # two of the four records have a length of -1 or "abc"
    "warcio__example-space-in-url.arc": 1,  # cut short, but the page in it is whole by its Content-Length
    "jwat__invalid-warcfile-fields-invalidformat.warc": 0,  # a Content-Length that is no number
    "jwat__valid-warcfile-upper-lower-case.warc": 4,  # names have no case (4); fastwarc says they do
}


def samples() -> list[Path]:
    return sorted(path for path in corpus_path("warc-samples").iterdir() if path.suffix != ".md")


def test_every_sample_is_read_and_each_damage_named() -> None:
    store = MemoryLedger()
    total = 0
    for path in samples():
        items = list(read_file(path))
        damage = [(item.offset, item.reason) for item in items if isinstance(item, Damage)]
        assert damage == DAMAGED.get(path.name, []), path.name
        found = [item for item in items if isinstance(item, Found)]
        for item in found:
            again = read_capture(path, item.location)
            assert again == item.capture, (path.name, item.location)
            again.page()
        report = import_file(path, store, CLOCK)
        assert [(d.offset, d.reason) for d in report.damage] == damage
        assert report.captures + sum(report.skipped.values()) == len(found), path.name
        total += report.new
        assert import_file(path, store, CLOCK).new == 0
    assert total > 700


def test_as_many_records_as_other_readers_find() -> None:
    for path in samples():
        if ".arc" in path.name or path.suffix == ".wacz":
            continue
        ours = Counter(item.raw.type for item in read_raw(path) if isinstance(item, Placed))
        theirs: Counter[str] = Counter()
        try:
            with path.open("rb") as stream:
                for record in ArchiveIterator(stream, parse_http=False):
                    theirs[str(record.record_type).rpartition(".")[2]] += 1
        except (OSError, ValueError):
            pass
        captures = sum(ours[kind] for kind in ("response", "revisit", "resource"))
        expected = sum(theirs[kind] for kind in ("response", "revisit", "resource"))
        if path.name in CAPTURES or "lonely" in path.name:
            assert captures == CAPTURES.get(path.name, 0), path.name
        else:
            assert captures == expected, (path.name, ours, theirs)


def test_first_pages_of_odd_samples() -> None:
    def first(name: str) -> Capture:
        return next(i for i in read_file(corpus_path("warc-samples", name)) if isinstance(i, Found)).capture

    assert first("pywb__missing-status-text.warc").status == 302
    assert b"Example Domain" in first("warcio__example.arc.gz").page().html
    assert first("warcio__example-wget-bad-target-uri.warc.gz").url.startswith("http://example.com/")
    assert b"Example Domain" in first("warcio__example-space-in-url.arc").page().html
    assert first("cdxj-indexer__missing-http.warc.gz").status == 0
    heritrix = first("warc-specifications__20141124-heritrix-server-not-modified.warc.gz")
    assert heritrix.revisit is not None and heritrix.revisit.profile == "server-not-modified"
    assert first("replayweb.page__netpreserve-twitter.warc").content().problem == ""


def good(folder: Path, count: int = 4) -> tuple[Path, list[Found]]:
    file = warc(folder)
    for n in range(count):
        file.append(html(b"<p>page %d" % n, url=f"http://a.example/{n}"))
    path = file.seal()
    return path, [item for item in read_file(path) if isinstance(item, Found)]


@settings(deadline=None, max_examples=50)
@given(st.data())
def test_one_damaged_byte_costs_at_most_its_own_exchange(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path, before = good(Path(folder))
        blob = bytearray(path.read_bytes())
        at = data.draw(st.integers(0, len(blob) - 1))
        blob[at] ^= data.draw(st.integers(1, 255))
        path.write_bytes(blob)
        after = list(read_file(path))
        urls = {item.capture.url for item in after if isinstance(item, Found)}
        kept = {
            f.capture.url
            for f in before
            if not f.location.offset <= at < f.location.offset + f.location.length
        }
        assert kept <= urls


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 4000), st.binary(max_size=60), st.booleans())
def test_cut_and_overwritten_files_never_crash(cut: int, junk: bytes, packed: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path, _ = good(Path(folder), 2)
        data = path.read_bytes() if packed else gzip.decompress(path.read_bytes())
        path.write_bytes(data[:cut] + junk + data[cut + len(junk) : 3 * cut + 200])
        for item in read_file(path):
            if isinstance(item, Found):
                assert read_capture(path, item.location) == item.capture


@settings(deadline=None, max_examples=50)
@given(st.binary(max_size=200))
def test_any_bytes_are_no_reason_to_crash(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.warc"
        for start in (
            b"",
            b"\x1f\x8b\x08\x00",
            b"\x28\xb5\x2f\xfd",
            b"WARC/1.0\r\n",
            b"filedesc://x 0 0 0 0\n",
            b"PK",
        ):
            path.write_bytes(start + data)
            list(read_file(path))


def test_a_junk_stretch_between_members_is_stepped_over(tmp_path: Path) -> None:
    path, before = good(tmp_path, 2)
    data, at = path.read_bytes(), before[1].location.offset
    path.write_bytes(data[:at] + b"junk\x1f\x8b\x08junk" + data[at:])
    items = list(read_file(path))
    assert [i.capture for i in items if isinstance(i, Found)] == [f.capture for f in before]
    assert [i for i in items if isinstance(i, Damage)] == [Damage(at, "bytes that are no compressed data")]


def test_a_wrong_content_length_does_not_swallow_the_next_record(tmp_path: Path) -> None:
    path, _ = good(tmp_path, 2)
    plain = gzip.decompress(path.read_bytes())
    first = plain.index(b"WARC-Type: response")
    length = plain.index(b"Content-Length: ", first) + 16
    end = plain.index(b"\r\n", length)
    for size, reason in ((b"2000", "reaches into the next"), (b"999999", "is cut short")):
        path.write_bytes(plain[:length] + size + plain[end:])
        items = list(read_file(path))
        assert [i.capture.url for i in items if isinstance(i, Found)] == ["http://a.example/1"]
        assert [reason in i.reason for i in items if isinstance(i, Damage)] == [True]


def test_one_long_member_is_addressed_by_negative_offsets(tmp_path: Path) -> None:
    path, before = good(tmp_path)
    plain = gzip.decompress(path.read_bytes())
    path.write_bytes(gzip.compress(plain))
    after = [item for item in read_file(path) if isinstance(item, Found)]
    assert [f.capture for f in after] == [f.capture for f in before]
    for found in after:
        start = -1 - found.location.offset
        assert plain[start:].startswith(b"WARC/1.1")
        assert read_capture(path, found.location) == found.capture


def test_reading_where_nothing_is(tmp_path: Path) -> None:
    path, found = good(tmp_path)
    place = found[0].location
    for offset, length in ((place.offset + 1, place.length), (place.offset, 40), (10**9, 10), (-(10**9), 5)):
        with pytest.raises(ArchiveError, match=f"at byte {offset}"):
            read_capture(path, type(place)(place.file, offset, length))
    with pytest.raises(ArchiveError, match="no such file"):
        read_capture(tmp_path / "none.warc.gz", place)


def test_an_inflated_bomb_spills_to_disk(tmp_path: Path) -> None:
    path = tmp_path / "bomb.warc.gz"
    block = b"HTTP/1.1 200 OK\r\n\r\n" + bytes(40_000_000)
    head = b"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: http://a.example/\r\n"
    head += b"Content-Type: application/http\r\nContent-Length: %d\r\n\r\n" % len(block)
    path.write_bytes(gzip.compress(head + block + b"\r\n\r\n"))
    (found,) = read_file(path)
    assert isinstance(found, Found) and not isinstance(found.capture.response, bytes)
    assert found.capture.response.size == len(block)
