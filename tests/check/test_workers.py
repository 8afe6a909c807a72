"""`crawl --workers 2`: one command, two crawl processes on one data folder, eight real hosts; one is killed, all are told to
end, the command itself is killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest

from archive.store import Store
from archive.store.types import Kind
from tests.check.kit import BIN, crawl_command, marked, run, start, wait_gone
from tests.corpus import corpus_path
from tests.realweb import RealWeb, nginx_missing

pytestmark = [pytest.mark.check, pytest.mark.corpus]

_DELAY = 0.4
_TICK = 0.002  # the log's clock ticks in milliseconds


@pytest.fixture
def web(tmp_path: Path) -> Iterator[RealWeb]:
    corpus_path("extraction")
    assert not nginx_missing(), nginx_missing()
    web = RealWeb.build(tmp_path / "web", pages=80, hosts=8, seed=10)
    with web.serve():
        yield web


def at_work(data: Path) -> list[int]:
    """The pids of the processes that hold a lock, none before there is a store."""
    if not (data / "crawl.db").exists():
        return []
    with closing(Store.open(data / "crawl.db", create=False)) as store:
        return [process.pid for process in store.overview(time.time_ns() // 1000).processes]


def settled(data: Path) -> Counter[str]:
    """How often each page was settled, by the catalogue: who was killed may have written what it never committed."""
    with closing(Store.open(data / "crawl.db", create=False)) as store:
        return Counter(row.url for row in store.select_captures() if row.kind == Kind.PAGE)


def begin(web: RealWeb, folder: Path) -> subprocess.Popen[bytes]:
    """The command, once both processes are at work and pages come."""
    command = [
        *crawl_command(web, folder / "data", delay=f"{_DELAY}s"),
        "--workers",
        "2",
        "--extractors",
        "1",
    ]
    process = start(command, folder / "output.txt", "workers")

    def both() -> bool:
        return len(at_work(folder / "data")) == 2 and len(web.access_log()) > 20

    wait_for(both, process)
    return process


def wait_for(true: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    for _ in range(1200):
        if true():
            return
        try:
            process.wait(0.05)
        except subprocess.TimeoutExpired:
            continue
        raise AssertionError("the command ended meanwhile")
    raise AssertionError("it never came to that")


def test_a_killed_process_is_told_and_the_other_takes_over(web: RealWeb, tmp_path: Path) -> None:
    command = begin(web, tmp_path)
    victim = at_work(tmp_path / "data")[0]
    os.kill(victim, signal.SIGKILL)
    assert command.wait(240) == 0, (tmp_path / "output.txt").read_text()[-3000:]
    said = (tmp_path / "output.txt").read_text()
    assert f"crawl process {victim} was killed (signal 9): the others take over" in said
    assert "Traceback" not in said
    end = json.loads(said.splitlines()[-1])
    assert end["finished"] and (end["processes"], end["lost"]) == (2, 1)
    assert settled(tmp_path / "data") == dict.fromkeys(web.expected_urls, 1)
    hits = web.access_log()
    for host in web.hosts:
        mine = sorted((hit for hit in hits if hit.host == host), key=lambda hit: hit.began)
        assert min(after.began - before.ended for before, after in pairwise(mine)) > _DELAY - _TICK
    run(BIN / "broadsheet", "verify", "--data", tmp_path / "data", "--json")
    run(BIN / "broadsheet", "verify", "--manners", "--data", tmp_path / "data", "--json")


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGKILL])
def test_all_end_with_the_command_and_another_goes_on(
    sent: signal.Signals, web: RealWeb, tmp_path: Path
) -> None:
    command = begin(web, tmp_path)
    everyone = marked("workers")
    command.send_signal(sent)
    assert command.wait(30) == (-sent if sent == signal.SIGKILL else 130)
    assert wait_gone(everyone, 30) == set()
    assert at_work(tmp_path / "data") == []
    assert "Traceback" not in (tmp_path / "output.txt").read_text()
    run(*crawl_command(web, tmp_path / "data", delay=f"{_DELAY}s"), "--workers", "2")
    assert settled(tmp_path / "data") == dict.fromkeys(web.expected_urls, 1)
    run(BIN / "broadsheet", "verify", "--data", tmp_path / "data", "--json")
