"""Other people's checkers and replay programs over a crawl of the demo: revisits, redirects, latin-1, every mood.

Where they differ from us, a table says where and why; nothing else may differ.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest

from archive.capture import Capture
from archive.exporting import surt
from archive.http import payload
from archive.octets import octets_open
from archive.reader import Found, Placed, Raw, read_file, read_raw
from archive.verify import verify_file
from archive.warc import rejoin
from crawler.demo import build_newsroom
from crawler.demo.server import running
from tests.check.kit import BIN, VALIDATORS, run, warc_files
from tests.check.pywb import Wayback, collection, replayed

pytestmark = pytest.mark.check

CHECKERS = {
    # (tool, what kind of record): why it calls a right record wrong
    ("warcio check", "chunked"): "hashes the payload with its chunk framing; WARC 1.1, 6.3.2 has it removed",
    ("fastwarc check -p", "chunked"): "the same",
    ("fastwarc check -p", "revisit"): "hashes the empty payload; the digest is that of the original (6.7.2)",
    (
        "fastwarc check -p",
        "bare LF",
    ): "finds no end of a head whose lines end with LF alone, which the server sent",
}
REPLAY = {
    "304": "answers as the server did, without a body, instead of with the original's",
    "trailer": "leaves the last chunk and the trailers behind it in the body",
    "self-redirect": "refuses to replay a redirect to the same URL",
}


class Crawl(msgspec.Struct, frozen=True):
    """Two crawls of some papers; `file` holds all of it under a final name."""

    data: Path
    file: Path


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Crawl:
    folder = tmp_path_factory.mktemp("demo")
    with running(build_newsroom(1, today=date(2026, 11, 20), crawl_delay=0)) as up:
        (folder / "broadsheet.toml").write_text(up.settings, encoding="utf-8")
        for wait in ("40s", "4s"):
            options = ("--delay", "0", "--wait", wait, "--max-time", "60s", "--data", folder / "data")
            run(BIN / "broadsheet", "crawl", "moody", "gazette", *options, folder=folder)
    [path] = warc_files(folder / "data")
    file = folder / path.name.removesuffix(".open")
    shutil.copy(path, file)
    return Crawl(folder / "data", file)


def _captures(file: Path) -> dict[str, Capture]:
    found = [item.capture for item in read_file(file) if isinstance(item, Found)]
    return {capture.record_ids.response: capture for capture in found if capture.record_ids.response}


def _kind(raw: Raw) -> str:
    block = octets_open(raw.block).read()
    head = block.partition(b"\n\n")[0]
    if raw.type == "revisit":
        return "revisit"
    if b"\r" not in head:
        return "bare LF"
    return (
        "chunked" if b"transfer-encoding: chunked" in block.partition(b"\r\n\r\n")[0].lower() else "ordinary"
    )


def _failed(tool: str, output: str) -> Iterator[str]:
    """The ids of the records that a tool calls wrong."""
    if tool == "fastwarc check -p":
        yield from re.findall(r"<(urn:uuid:[^>]+)>", output)
        return
    record = ""
    for line in output.splitlines():
        if found := re.search(r"WARC-Record-ID <([^>]+)>", line):
            record = found[1]
        elif "failed" in line:
            yield record


def test_the_checkers_find_only_what_the_table_explains(demo: Crawl) -> None:
    assert [f for f in verify_file(demo.file) if f.severity != "note"] == []
    run(BIN / "fastwarc", "check", "-q", demo.file)
    records = {item.raw.id: item.raw for item in read_raw(demo.file) if isinstance(item, Placed)}
    differs = set()
    # warcio as it stands beside pywb: with the brotli of today it ends in an error on coded bodies
    commands = {
        "warcio check": [VALIDATORS / "warcio", "check", "-v"],
        "fastwarc check -p": [BIN / "fastwarc", "check", "-p"],
    }
    for tool, command in commands.items():
        done = subprocess.run([*command, demo.file], capture_output=True, text=True, check=False)
        assert "Traceback" not in done.stderr
        differs |= {(tool, _kind(records[name])) for name in _failed(tool, done.stdout + done.stderr)}
    assert {("fastwarc check -p", "revisit")} <= differs <= set(CHECKERS)


def _stamp(capture: Capture) -> str:
    return datetime.fromtimestamp(capture.fetched_at / 1e6, UTC).strftime("%Y%m%d%H%M%S")


def _differences(wayback: Wayback, file: Path, unchanged: int = 304) -> Iterator[tuple[str, str]]:
    """Every capture asked for; (why, URL) of each that is not replayed as it is. `unchanged` is the status wanted
    for a 304. Captures of one URL in the same second cannot be told apart by a replay program."""
    captures = _captures(file)
    wanted: dict[tuple[str, str], list[tuple[int, bytes]]] = defaultdict(list)
    for capture in captures.values():
        status, whole = capture.status if capture.status != 304 else unchanged, capture
        if capture.revisit is not None:
            whole = rejoin(capture, captures[capture.revisit.record_id])
        wanted[_stamp(capture), capture.url].append((status, payload(whole.response)))
    assert len(wanted) > 100
    for (stamp, url), ours in wanted.items():
        status, _, body = wayback.get(stamp, url)
        if (status, body) in ours:
            continue
        status_wanted, body_wanted = ours[-1]
        if (status, body, status_wanted) == (304, b"", 304):
            yield "304", url
        elif status == 400 and status_wanted in (301, 302):
            yield "self-redirect", url
        elif status == 200 and body.startswith(body_wanted + b"0\r\n"):
            yield "trailer", url
        else:
            yield f"{status} with {len(body)} bytes instead of {status_wanted} with {len(body_wanted)}", url


def test_pywb_replays_the_archive_body_for_body(demo: Crawl, tmp_path: Path) -> None:
    captures = _captures(demo.file).values()
    assert {c.revisit.profile for c in captures if c.revisit} == {
        "identical-payload-digest",
        "server-not-modified",
    }
    assert len({301, 302, 307, 308} & {c.status for c in captures}) >= 2
    assert any("iso-8859-1" in c.head.get("content-type").lower() for c in captures)
    collection(tmp_path / "replay", demo.file)
    with replayed(tmp_path / "replay") as wayback:
        assert {"304"} <= {why for why, _ in _differences(wayback, demo.file)} <= set(REPLAY)


def _lines(text: str) -> list[tuple[str, str, dict[str, str]]]:
    parts = (line.split(" ", 2) for line in text.splitlines())
    return [(key, stamp, json.loads(facts)) for key, stamp, facts in parts]


def test_our_index_says_what_the_indexer_of_others_says(demo: Crawl, tmp_path: Path) -> None:
    index = tmp_path / "ours.cdxj"
    run(BIN / "broadsheet", "export", "cdxj", "--data", demo.data, "--output", index)
    [lying] = warc_files(demo.data)
    theirs = _lines(run(VALIDATORS / "cdxj-indexer", "--sort", demo.file))
    for _, _, facts in theirs:
        facts["filename"] = lying.name
    left_out = [
        line for line in theirs if line[2]["mime"] == "warc/revisit" and line[2].get("status") == "304"
    ]
    assert left_out, "304s are in the files and not in the index: without them the original is replayed"
    assert _lines(index.read_text(encoding="utf-8")) == [line for line in theirs if line not in left_out]


def test_pywb_replays_by_our_index(demo: Crawl, tmp_path: Path) -> None:
    place = collection(tmp_path / "replay")
    [lying] = warc_files(demo.data)
    shutil.copy(lying, place / "archive" / lying.name)
    run(
        BIN / "broadsheet",
        "export",
        "cdxj",
        "--data",
        demo.data,
        "--output",
        place / "indexes" / "index.cdxj",
    )
    with replayed(tmp_path / "replay") as wayback:
        found = {why for why, _ in _differences(wayback, demo.file, unchanged=200)}
    assert found <= set(REPLAY) - {"304"}, "a 304 is replayed as the page that it says is still good"


def test_a_wacz_is_valid_and_replayed(demo: Crawl, tmp_path: Path) -> None:
    package = tmp_path / "demo.wacz"
    run(BIN / "broadsheet", "export", "wacz", "--data", demo.data, "--output", package)
    run(VALIDATORS / "wacz", "validate", "-f", package)
    assert [f for f in verify_file(package) if f.severity != "note"] == []
    collection(tmp_path / "replay", package, options=("--unpack-wacz",))
    with replayed(tmp_path / "replay") as wayback:
        assert wayback.get("2026", "http://gazette.example/")[0] == 200
        found = {why for why, _ in _differences(wayback, demo.file, unchanged=200)}
    assert found <= set(REPLAY) - {"304"}


URLS = """http://a.example/ http://www.a.example/X/ http://www2.a.example:8080/x?b=2&a=1 https://a.example/a%20b?q=A+B%20c
http://a.example/?jsessionid=0123456789abcdef0123456789abcdef http://a.example/x?sid=0123456789abcdef0123456789abcdef&b=1
http://a.example/x?PHPSESSID=0123456789abcdef0123456789abcdef&z=1&a http://a.example/x? http://a.example/x?&a=1
http://a.example/x?a=1& http://a.example/x//y/ http://a.example/caf%C3%A9 http://xn--bcher-kva.example/ http://1.2.3.4/x
http://[::1]/x http://[2001:db8::1]:81/x http://a.example/%2F%3f%23%25 http://a.example/x?a=%26b&c=%3D&d=%2B+
http://a.example/(S(abcdefghijklmnopqrstuvwx))/x.aspx http://a.example/x?cfid=12&cftoken=34 http://a.example/?a=1&a=0&b
http://a.example/%41%7e http://a.example./x http://a.example/x?a=b;c=d http://a.example// http://www.example/
http://a.example/x?xsid=0123456789abcdef0123456789abcdef http://a.example:443/ http://a.example/100%25 http://a.example/%2541
http://a.example/x?aspsessionidabcdefgh=abcdefghijklmnopqrstuvwx&q=1 http://a.example/x?q=%2541&r=100%25 http://www12.www.a.example/x
http://a.example/x?b&a&b=1 http://a.example/x%0Ay http://a.example/x?y=http://b.example/ http://a.example/%E6%97%A5?%E6=1"""


def test_our_keys_are_those_of_the_other_indexes() -> None:
    urls = URLS.split()
    script = "import sys, surt\nfor line in sys.stdin: print(surt.surt(line.strip()))"
    done = subprocess.run(
        [VALIDATORS / "python", "-c", script],
        input="\n".join(urls),
        capture_output=True,
        text=True,
        check=True,
    )
    assert {url: surt(url) for url in urls} == dict(zip(urls, done.stdout.splitlines(), strict=True))
