"""Two crawl processes on one data folder and forty real hosts, one of them killed every few seconds and replaced: every
page is settled once, and by the server's own log no host is met before its delay."""

from __future__ import annotations

import subprocess
from collections import Counter
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from tests.check.kit import BIN, assert_settled_once, crawl_command, run, start
from tests.corpus import corpus_path
from tests.realweb import RealWeb, nginx_missing

pytestmark = [pytest.mark.check, pytest.mark.corpus]

_DELAY = 0.8
_TICK = 0.002  # the log's clock ticks in milliseconds
_KILLS = 10  # at the most: it may have come to its end before
_BETWEEN = (1.0, 4.0)  # seconds at work from one kill to the next


def _at_work(web: RealWeb, processes: list[subprocess.Popen[bytes]], seconds: float) -> bool:
    """Wait until the processes have asked for something more, then for so long; False when one has ended."""
    seen = len(web.access_log())
    for _ in range(1200):
        with suppress(subprocess.TimeoutExpired):
            processes[0].wait(0.05)
        if len(web.access_log()) > seen or any(process.poll() is not None for process in processes):
            break
    with suppress(subprocess.TimeoutExpired):
        processes[0].wait(seconds)
    return all(process.poll() is None for process in processes)


def test_forty_hosts_two_processes_one_killed_every_few_seconds(tmp_path: Path) -> None:
    corpus_path("extraction")
    assert not nginx_missing(), nginx_missing()
    web = RealWeb.build(tmp_path / "web", pages=640, hosts=40, seed=40)
    data, log, rng = tmp_path / "data", tmp_path / "output.txt", Random(40)
    command = [*crawl_command(web, data, delay=f"{_DELAY}s"), "--extractors", "1"]
    killed = 0
    with web.serve():
        processes = [start(command, log) for _ in range(2)]
        while killed < _KILLS and _at_work(web, processes, rng.uniform(*_BETWEEN)):
            victim = processes.pop(rng.randrange(2))
            victim.kill()
            victim.wait()
            killed += 1
            processes.append(start(command, log))
        assert [process.wait(240) for process in processes] == [0, 0], log.read_text()[-3000:]
        hits = web.access_log()
    assert killed >= 5, "the kills must strike crawls at work"
    assert "Traceback" not in log.read_text()
    assert_settled_once(web, data)
    asked = Counter(web.url_of(hit) for hit in hits if not hit.path.endswith("/robots.txt"))
    again = asked.total() - len(asked)
    assert again <= killed * len(web.hosts), "only what was in flight at a kill is asked for again"
    for host in web.hosts:
        mine = sorted((hit for hit in hits if hit.host == host), key=lambda hit: hit.began)
        assert len(mine) >= 17
        assert min(after.began - before.ended for before, after in pairwise(mine)) > _DELAY - _TICK
    run(BIN / "broadsheet", "verify", "--data", data, "--json")
    run(BIN / "broadsheet", "verify", "--manners", "--data", data, "--json")
