"""CDXJ and WACZ: places that can be read, packages that prove themselves, nothing of what is forgotten."""

from __future__ import annotations

import json
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from archive.exporting import export_cdxj, export_wacz, surt
from archive.exporting.cdxj import in_order
from archive.exporting.copying import Files
from archive.exporting.wacz import Package
from archive.exporting.whole import whole_file
from archive.importing import import_file
from archive.reader import Found, read_file
from archive.store import Store
from archive.store.types import Selection
from archive.verify import verify_file
from tests.archive_kit import CLOCK, INFO
from tests.corpus import corpus_path
from tests.takedown_kit import ALIAS, CHILD, FRONT, OTHER, SHORT, URL, WORD, build, opened


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://a.example/", "example,a)/"),
        ("https://www.shop.example:8443/A//b/?z=1&a=2", "example,shop:8443)/a/b?a=2&z=1"),
        ("http://a.example/x?sid=0123456789abcdef0123456789abcdef&b=1", "example,a)/x?b=1"),
        ("http://a.example/x?b=1&sid=0123456789abcdef0123456789abcdef", "example,a)/x?b=1"),
        ("http://[2001:db8::1]:81/x?", "2001:db8::1:81)/x"),
        ("http://1.2.3.4/caf%C3%A9%2541", "4,3,2,1)/caf%c3%a9a"),
    ],
)
def test_keys(url: str, key: str) -> None:
    assert surt(url) == key


def _index(store: Store, target: Path, wanted: Selection | None = None) -> list[dict[str, str]]:
    count = export_cdxj(store.select_captures(wanted), store.file_path, target)
    lines = target.read_bytes().splitlines()
    assert len(lines) == count and lines == sorted(lines)
    return [json.loads(line.split(b" ", 2)[2]) for line in lines]


def _package(store: Store, target: Path, wanted: Selection | None = None) -> Package:
    return export_wacz(
        wanted or Selection(), Files(store, INFO, CLOCK), lambda url: f"Title of {url}", target,
        title="Tests", software="test", now=CLOCK,
    )  # fmt: skip


def test_every_line_leads_to_its_record(tmp_path: Path) -> None:
    build(tmp_path)
    with opened(tmp_path, "x") as (store, _):
        lines = _index(store, tmp_path / "all.cdxj")
        assert len(lines) == 12 and sum(line["mime"] == "warc/revisit" for line in lines) == 5
        for line in lines:
            path = tmp_path / "archive" / line["filename"]
            start, length = int(line["offset"]), int(line["length"])
            piece = tmp_path / "piece.warc.gz"
            piece.write_bytes(path.read_bytes()[start : start + length])
            [found] = [item for item in read_file(piece) if isinstance(item, Found)]
            assert found.capture.url == line["url"] and found.payload_digest == line["digest"]
        assert {line["url"] for line in _index(store, tmp_path / "one.cdxj", Selection(url=URL))} == {URL}


def test_a_package_proves_itself_and_holds_the_same_captures(tmp_path: Path) -> None:
    build(tmp_path)
    with opened(tmp_path, "x") as (store, _):
        package = _package(store, tmp_path / "all.wacz")
        ours = [
            item.capture
            for path in sorted((tmp_path / "archive").iterdir())
            for item in read_file(path)
            if isinstance(item, Found)
        ]
        part = _package(store, tmp_path / "part.wacz", Selection(url=URL, until=CLOCK + 86_000_000_000))
    theirs = [item.capture for item in read_file(tmp_path / "all.wacz") if isinstance(item, Found)]
    assert sorted(theirs, key=repr) == sorted(ours, key=repr)
    assert (package.captures, package.pages, package.left_out, part.captures) == (12, 5, 0, 1)
    for name in ("all.wacz", "part.wacz"):
        assert {f.rule for f in verify_file(tmp_path / name)} <= {"revisit-elsewhere"}
    with zipfile.ZipFile(tmp_path / "part.wacz") as zipped:
        assert WORD.encode() not in zipped.read("pages/pages.jsonl")
        head, page = map(json.loads, zipped.read("pages/pages.jsonl").splitlines())
        assert head["title"] == "Tests" and (page["url"], page["title"]) == (URL, f"Title of {URL}")


def test_nothing_of_a_forgotten_url_is_exported_while_it_is_still_in_a_file(tmp_path: Path) -> None:
    build(tmp_path)
    with opened(tmp_path, "x") as (store, _):
        store.forget([URL, ALIAS, SHORT], "asked for", CLOCK)
        urls = {line["url"] for line in _index(store, tmp_path / "all.cdxj")}
        _package(store, tmp_path / "all.wacz")
    there = {item.capture.url for item in read_file(tmp_path / "all.wacz") if isinstance(item, Found)}
    assert urls == there == {FRONT, CHILD, OTHER}


def test_files_of_others_are_written_anew(tmp_path: Path) -> None:
    names = (
        "warcio__example.arc.gz",
        "warcio__example-bad-non-chunked.warc.gz",
        "warc-specifications__hello-world.warc",
    )
    with closing(Store.open(tmp_path / "crawl.db")) as store:
        for name in names:
            import_file(corpus_path("warc-samples", name), store, CLOCK)
        rows = list(store.select_captures())
        done = _package(store, tmp_path / "x.wacz")
        index = _index(store, tmp_path / "x.cdxj")
    found = [item for item in read_file(tmp_path / "x.wacz") if isinstance(item, Found)]
    assert len(found) + done.left_out == len(rows) and done.files == 3 and len(found) >= 4
    assert {f.rule for f in verify_file(tmp_path / "x.wacz") if f.severity == "error"} == set()
    assert {line["filename"] for line in index} <= {
        str(corpus_path("warc-samples", n).resolve()) for n in names
    }


def test_a_file_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "new" / "x"
    with whole_file(target) as file:
        file.write(b"old")
    with pytest.raises(KeyError):
        _half(target)
    assert target.read_bytes() == b"old" and list(target.parent.iterdir()) == [target]


def _half(target: Path) -> None:
    with whole_file(target) as file:
        file.write(b"half")
        raise KeyError


def test_more_lines_than_memory_is_wanted_for_are_sorted_all_the_same() -> None:
    lines = [b"%06d\n" % ((number * 7_919) % 250_001) for number in range(250_001)]
    assert list(in_order(iter(lines))) == sorted(lines)
