"""Running the command as its users do, and looking at what it left with other people's tools."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from warcio.archiveiterator import ArchiveIterator

from archive.store import Store
from tests.realweb import RealWeb

__all__ = [
    "BIN",
    "VALIDATORS",
    "articles",
    "assert_settled_once",
    "captured",
    "crawl_command",
    "marked",
    "run",
    "start",
    "wait_gone",
    "warc_files",
]

BIN = Path(sys.executable).parent
VALIDATORS = Path(__file__).resolve().parents[2] / ".build/validators/bin"
_MARK = "BROADSHEET_TEST_MARK"


def crawl_command(web: RealWeb, data: Path, *, seeds: Sequence[str] = (), delay: str = "0") -> list[str]:
    """`broadsheet crawl` of a site on loopback."""
    manners = ["--allow-address", "127.0.0.0/8", "--delay", delay]
    return [str(BIN / "broadsheet"), "crawl", *(seeds or web.seeds), *manners, "--data", str(data), "--json"]


def run(*command: str | Path, folder: Path | None = None, timeout: float = 600) -> str:
    """Standard output of a command that must succeed; the assertion shows all that a failed one said."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=timeout, check=False)
    assert done.returncode == 0, f"{command} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
    return done.stdout


def start(command: Sequence[str], output: Path, mark: str = "") -> subprocess.Popen[bytes]:
    """Start a command in a session of its own; every process below it can be found by `mark`."""
    with output.open("ab") as file:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            env={**os.environ, _MARK: mark},
            start_new_session=True,
        )


def marked(mark: str) -> set[int]:
    """Living processes (no zombies) that carry `mark`, by /proc."""
    found = set()
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and f"{_MARK}={mark}".encode() in (entry / "environ").read_bytes().split(
                b"\0"
            ):
                found.add(int(entry.name))
        except OSError:  # gone meanwhile, or not ours
            continue
    return found


def wait_gone(pids: set[int], timeout: float) -> set[int]:
    """The processes that are still there after `timeout` seconds."""
    left = set()
    for pid in pids:
        try:
            fd = os.pidfd_open(pid)
        except ProcessLookupError:
            continue
        try:
            if not select.select([fd], [], [], timeout)[0]:
                left.add(pid)
        finally:
            os.close(fd)
    return left


def warc_files(data: Path) -> list[Path]:
    """The archive's files, sealed or still `.open`."""
    return sorted(path for path in (data / "archive").iterdir() if path.is_file())


def captured(data: Path) -> Counter[str]:
    """How many responses the archive holds for each URL, robots.txt left out; read with warcio."""
    urls: Counter[str] = Counter()
    for path in warc_files(data):
        with path.open("rb") as file:
            for record in ArchiveIterator(file):
                url = record.rec_headers.get_header("WARC-Target-URI") or ""
                if record.rec_type in ("response", "revisit") and not url.endswith("/robots.txt"):
                    urls[url] += 1
    return urls


def articles(data: Path) -> dict[str, dict[str, Any]]:
    """All articles of the index, by URL, as `articles export` gives them."""
    lines = run(BIN / "broadsheet", "articles", "export", "--data", data).splitlines()
    rows = [json.loads(line) for line in lines]
    assert len({row["url"] for row in rows}) == len(rows)
    return {row["url"]: row for row in rows}


def assert_settled_once(web: RealWeb, data: Path) -> None:
    """Every page of the web is in the archive, and no run settled one twice. A run that begins when all is done (a
    process started in the place of a killed one may) asks again for front pages and for what is no article, for
    nothing else."""
    times = captured(data)
    assert set(times) == set(web.expected_urls)
    with closing(Store.open(data / "crawl.db", create=False)) as store:
        settled = Counter((row.run_id, row.url, int(row.kind)) for row in store.select_captures())
    assert [key for key, count in settled.items() if count > 1] == []
    again = sorted({url for url, count in times.items() if count > 1} - set(web.seeds))
    assert [url for url in again if _read(data, url) != {"none"}] == []


def _read(data: Path, url: str) -> set[str]:
    """What came of reading the captures of a URL."""
    told = json.loads(run(BIN / "broadsheet", "explain", url, "--data", data, "--json"))
    return {capture["outcome"] for capture in told["captures"]}
