"""The archive proves the crawl's manners: of a polite one, and against one whose politeness was tampered with."""

from __future__ import annotations

import gzip
import json
import random
import subprocess
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import date
from pathlib import Path

import apsw
import pytest

from crawler.demo import build_newsroom
from crawler.demo.server import Server, running
from tests.check.kit import BIN, articles, captured, run

pytestmark = pytest.mark.check
_DELAY = 0.5


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running(build_newsroom(1, today=date(2026, 11, 20), crawl_delay=0.8)) as up:
        yield up


def _crawl(server: Server, folder: Path, pages: int, delay: float = _DELAY) -> list[str]:
    settings = folder / "broadsheet.toml"
    settings.write_text(server.settings, encoding="utf-8")
    sites = ("gazette", "http://lantern.example/")
    options = ("--delay", f"{delay}s", "--max-pages", f"{pages}", "--config", settings)
    return [str(part) for part in (BIN / "broadsheet", "crawl", *sites, *options, "--data", folder / "data")]


def _verdict(folder: Path) -> tuple[int, list[dict[str, str]]]:
    command = [BIN / "broadsheet", "verify", "--manners", "--data", folder / "data", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()][:-1]


def test_a_polite_crawl_proves_its_manners(server: Server, tmp_path: Path) -> None:
    run(*_crawl(server, tmp_path, 8))
    assert _verdict(tmp_path) == (0, [])
    [file] = (tmp_path / "data" / "archive").glob("*.warc.gz*")
    bare = tmp_path / "elsewhere.warc.gz"
    file.rename(bare)  # from the file alone, without database or settings
    run(BIN / "broadsheet", "verify", "--manners", bare)


def test_a_crawl_whose_delay_was_tampered_with_is_found_out(server: Server, tmp_path: Path) -> None:
    """Between two processes (one keeps its hosts' peace by itself) somebody tells the database that every host has
    rested long enough. The delay is one that no slow machine keeps by accident."""
    for _ in range(2):
        run(*_crawl(server, tmp_path, 1, delay=8))
        _no_rest(tmp_path / "data" / "crawl.db")
    code, findings = _verdict(tmp_path)
    assert code == 1
    assert {finding["rule"] for finding in findings} == {"manners-delay"}
    assert all("8.000 s are asked" in finding["message"] for finding in findings)


def _no_rest(database: Path) -> None:
    with closing(apsw.Connection(str(database))) as connection:
        connection.execute("UPDATE hosts SET next_at = 0; UPDATE queues SET due = 0")


def test_a_take_down_killed_again_and_again_leaves_no_trace(server: Server, tmp_path: Path) -> None:
    run(*_crawl(server, tmp_path, 12))
    data = tmp_path / "data"
    url, text = next((url, article["text"]) for url, article in articles(data).items() if "/news/" in url)
    command = [BIN / "broadsheet", "forget", url, "--reason", "asked for", "--data", data]
    dice = random.Random(4)
    for _ in range(8):
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
            with suppress(subprocess.TimeoutExpired):
                process.wait(dice.uniform(0.4, 2.0))
            process.kill()
    run(*command)

    assert url not in articles(data) and url not in captured(data)
    for name in ("search", "show", "history"):
        words = text.split()[:5] if name == "search" else [url]
        arguments = [BIN / "broadsheet", "articles", name, *words, "--data", data, "--json"]
        assert subprocess.run(arguments, capture_output=True, check=False).stdout == b""
    known = json.loads(run(BIN / "broadsheet", "explain", url, "--data", data, "--json"))
    assert (known["url"], known["captures"], known["forgotten"]["reason"]) == (None, [], "asked for")
    run(BIN / "broadsheet", "verify", "--data", data)
    for path in data.rglob("*"):
        if path.is_file():
            content = gzip.decompress(path.read_bytes()) if ".warc.gz" in path.name else path.read_bytes()
            assert url.encode() not in content, path
    hits = len(server.hits)
    run(*_crawl(server, tmp_path, 12))
    path = url.split("/", 3)[3]
    assert not [hit for hit in list(server.hits)[hits:] if hit.target == f"/{path}"]
