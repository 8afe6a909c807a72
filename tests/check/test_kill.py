"""SIGKILL at random moments of a loaded crawl, in half of the rounds of two processes on one folder: what was committed
stays, nothing is torn, settled twice or left running."""

from __future__ import annotations

import re
import subprocess
from contextlib import closing, suppress
from pathlib import Path
from random import Random

import msgspec
import pytest

from archive.reader import Damage, read_file
from archive.store import Store
from archive.verify import verify_store
from tests.check.kit import BIN, assert_settled_once, crawl_command, marked, run, start, wait_gone, warc_files
from tests.corpus import corpus_path
from tests.faulty_vfs import copied
from tests.realweb import RealWeb, nginx_missing

pytestmark = [pytest.mark.corpus]

_STARTED = 60.0  # seconds in which a process must have asked for something
_ORPHANED = re.compile(
    r"Traceback [^\n]*\n(?:  [^\n]*\n)*?  [^\n]*spawn\.py[^\n]*in spawn_main\n(?:  [^\n]*\n)*EOFError: Ran out of input\n"
)
"""What a worker prints whose crawl was killed while it was being started: it never came to be one."""

_ROUNDS_A_PROOF = 10  # rounds after which every record is read again


class Struck(msgspec.Struct):
    """What `rounds` came to: processes `killed` at work, captures `committed` when the last one fell, `tails` of bytes
    that were not committed, moved to quarantine."""

    rounds: int
    killed: int = 0
    committed: int = 0
    tails: int = 0


def kill_later(processes: list[subprocess.Popen[bytes]], web: RealWeb, rng: Random) -> int:
    """Kill each at a moment of its own, after a few more pages; the number that was still running."""
    killed = 0
    for process in processes:
        goal = len(web.access_log()) + rng.randint(0, 12)
        for _ in range(int(_STARTED / 0.02)):
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.02)
            if process.poll() is not None or len(web.access_log()) >= goal:
                break
        with suppress(subprocess.TimeoutExpired):
            process.wait(rng.uniform(0, 0.05))
        killed += process.poll() is None
        process.kill()
        process.wait()
    return killed


def left(data: Path, scratch: Path, *, read_all: bool) -> set[tuple[str, str, int]]:
    """The captures (URL, file, offset) that a kill left, by a copy of the database: looking must not mend. Every
    invariant of the tables holds, and with `read_all` every record is there, whole, and is what was committed."""
    if not (data / "crawl.db").exists():  # killed before it had begun
        return set()
    copied(data, scratch)
    with closing(Store.open(scratch / "crawl.db", create=False, archive=data / "archive")) as store:
        found = {(row.url, row.location.file, row.location.offset) for row in store.select_captures()}
        assert store.problems(pages=read_all) == []
        if read_all:
            assert list(verify_store(store, data / "archive")) == []
    return found


def strike(web: RealWeb, folder: Path, rng: Random, rounds: int) -> Struck:
    """Kill for so many rounds, then let a crawl come to its end; look at everything after each."""
    data, log = folder / "data", folder / "output.txt"
    command = [*crawl_command(web, data), "--extractors", "1"]
    struck, before = Struck(rounds), set[tuple[str, str, int]]()
    with web.serve():
        for number in range(rounds):
            mark = f"kill-{number}-{folder.name}"
            struck.killed += kill_later([start(command, log, mark) for _ in range(1 + number % 2)], web, rng)
            assert wait_gone(marked(mark), 5) == set(), "a worker outlived its crawl"
            after = left(data, folder / f"seen{number}", read_all=number % _ROUNDS_A_PROOF == 0)
            assert before <= after, f"round {number}: what was committed is gone"
            before = after
        struck.committed = len(before)
        mark = f"end-{folder.name}"
        last = start(command, log, mark)
        assert last.wait(600) == 0, log.read_text()[-3000:]
        assert wait_gone(marked(mark), 5) == set()
        hits = web.access_log()
    assert "Traceback" not in _ORPHANED.sub("", log.read_text())
    assert before <= left(data, folder / "seen", read_all=True)
    assert_settled_once(web, data)
    assert not web.forbidden_urls.intersection(web.url_of(hit) for hit in hits)
    run(BIN / "broadsheet", "verify", "--data", data, "--json")
    for path in warc_files(data):
        assert not [item for item in read_file(path) if isinstance(item, Damage)]
    struck.tails = len(list((data / "archive").glob("quarantine/*")))
    return struck


@pytest.mark.check
def test_thirty_kills(realweb: RealWeb, tmp_path: Path) -> None:
    struck = strike(realweb, tmp_path, Random(30), 30)
    assert struck.killed > 30, "most of the kills must strike a running crawl"
    for path in warc_files(tmp_path / "data"):
        run(BIN / "warcio", "check", path)
        run(BIN / "fastwarc", "check", "-q", path)


@pytest.mark.long
def test_two_hundred_kills(tmp_path: Path) -> None:
    corpus_path("extraction")
    assert not nginx_missing(), nginx_missing()
    web = RealWeb.build(tmp_path / "realweb", pages=6000, hosts=40, seed=200)
    struck = strike(web, tmp_path, Random(200), 200)
    print(struck)
    assert struck.killed > 250 and struck.committed < len(web.expected_urls)
