"""SIGKILL at random moments: nothing is lost, torn, settled twice or left running."""

from __future__ import annotations

import subprocess
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest

from tests.check.kit import BIN, captured, crawl_command, marked, run, start, wait_gone, warc_files
from tests.realweb import RealWeb

pytestmark = [pytest.mark.check, pytest.mark.corpus]

_ROUNDS = 20
_STARTED = 60.0  # seconds in which a process must have asked for something


def _kill_later(processes: list[subprocess.Popen[bytes]], web: RealWeb, rng: Random) -> int:
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


def test_twenty_kills(realweb: RealWeb, tmp_path: Path) -> None:
    rng = Random(20)
    data, log = tmp_path / "data", tmp_path / "output.txt"
    command = crawl_command(realweb, data)
    killed = 0
    with realweb.serve():
        for number in range(_ROUNDS):
            mark = f"kill-{number}-{tmp_path.name}"
            processes = [start(command, log, mark) for _ in range(1 + number % 2)]
            killed += _kill_later(processes, realweb, rng)
            assert wait_gone(marked(mark), 5) == set(), "a worker outlived its crawl"
        mark = f"end-{tmp_path.name}"
        last = start(command, log, mark)
        assert last.wait(300) == 0, log.read_text()[-3000:]
        assert wait_gone(marked(mark), 5) == set()
        hits = realweb.access_log()
    assert killed > _ROUNDS, "most of the kills must strike a running crawl"
    assert "Traceback" not in log.read_text()
    assert captured(data) == dict.fromkeys(realweb.expected_urls, 1)
    assert not realweb.forbidden_urls.intersection(realweb.url_of(hit) for hit in hits)
    run(BIN / "broadsheet", "verify", "--data", data, "--json")
    for path in warc_files(data):
        run(BIN / "warcio", "check", path)
        run(BIN / "fastwarc", "check", "-q", path)
