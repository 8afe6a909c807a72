"""A real crawl on a small disk of its own (tmpfs): it pauses before the disk is full, waits when it is full all the
same, says so, goes on by itself, and loses nothing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from archive.store import Store
from tests.check.kit import BIN, captured, crawl_command, run, start
from tests.corpus import corpus_path
from tests.realweb import RealWeb, nginx_missing

pytestmark = [pytest.mark.check, pytest.mark.corpus]

MB = 10**6
SIZE = 64 * MB


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> RealWeb:
    corpus_path("extraction")
    assert not nginx_missing(), nginx_missing()
    return RealWeb.build(tmp_path_factory.mktemp("realweb"), pages=120, hosts=4, seed=5)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 MB, which needs the right to mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("there is no mount: nothing was learnt about a full disk")
    if done.returncode:
        pytest.skip(
            f"no tmpfs may be mounted here, nothing was learnt about a full disk: {done.stderr.strip()}"
        )
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def free(disk: Path) -> int:
    found = os.statvfs(disk)
    return found.f_bavail * found.f_frsize


def fill(disk: Path, leave: int = 0) -> Path:
    """Take all but `leave` bytes."""
    ballast = disk / "ballast"
    with ballast.open("ab") as file, suppress(OSError):
        os.posix_fallocate(file.fileno(), file.tell(), max(1, free(disk) - leave))
    with ballast.open("ab", buffering=0) as file, suppress(OSError):
        while free(disk) > leave:
            file.write(bytes(4096))
    return ballast


def command(web: RealWeb, disk: Path, settings: str) -> list[str]:
    config = disk.parent / "broadsheet.toml"
    config.write_text(settings)
    return [*crawl_command(web, disk / "data", delay="20ms"), "--config", str(config)]


def until(
    happens: Callable[[], bool], process: subprocess.Popen[bytes], log: Path, seconds: float = 90
) -> None:
    for _ in range(int(seconds / 0.1)):
        if happens():
            return
        assert process.poll() is None, log.read_text()
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.1)
    pytest.fail(f"not within {seconds:g} s: {log.read_text()}")


def prove(web: RealWeb, data: Path, log: Path) -> None:
    assert "Traceback" not in log.read_text()
    assert captured(data) == dict.fromkeys(web.expected_urls, 1)
    run(BIN / "broadsheet", "verify", "--data", data, "--json")


def test_a_crawl_pauses_before_the_disk_is_full(web: RealWeb, disk: Path, tmp_path: Path) -> None:
    log = tmp_path / "output.txt"
    with web.serve():
        crawl = start(command(web, disk, 'min_free = "20MB"'), log)
        until(lambda: len(web.access_log()) > 20, crawl, log)
        ballast = fill(disk, leave=15 * MB)
        until(lambda: "min_free is 20 MB; the crawl pauses" in log.read_text(), crawl, log)
        seen = -1
        while seen != (seen := len(web.access_log())):  # what was in flight comes to its end
            with suppress(subprocess.TimeoutExpired):
                crawl.wait(1.5)
        assert crawl.poll() is None and seen < len(web.expected_urls)
        told = json.loads(
            run(
                BIN / "broadsheet", "status", "--json", "--data", disk / "data",
                "--config", tmp_path / "broadsheet.toml",
            )
        )  # fmt: skip
        assert told["disk"]["paused"] and told["disk"]["free"] < told["disk"]["min_free"] == 20 * MB
        run(BIN / "broadsheet", "verify", "--data", disk / "data", "--json")
        assert len(web.access_log()) == seen
        ballast.unlink()
        assert crawl.wait(120) == 0, log.read_text()
    assert "there is room again" in log.read_text()
    assert log.read_text().count("the crawl pauses") == 1
    prove(web, disk / "data", log)


def test_a_full_disk_is_waited_for(web: RealWeb, disk: Path, tmp_path: Path) -> None:
    """`memory = 0` has every body spilled to the disk, so that nothing is spared."""
    log = tmp_path / "output.txt"
    what = command(web, disk, "min_free = 0\n[fetch]\nmemory = 0")
    with web.serve():
        crawl = start(what, log)
        until(lambda: len(web.access_log()) > 20, crawl, log)
        ballast = fill(disk)
        until(lambda: "the crawl pauses until there is room" in log.read_text(), crawl, log)
        fill(disk)
        with suppress(subprocess.TimeoutExpired):
            crawl.wait(7)  # it tries again every five seconds
        assert crawl.poll() is None, log.read_text()

        crawl.send_signal(signal.SIGTERM)  # nobody has to make room to be rid of it
        assert crawl.wait(20) in (1, 130), log.read_text()
        said = tmp_path / "again.txt"
        again = start(
            what, said
        )  # it cannot begin, and says so, or finds what it needs in place, and waits for room
        until(lambda: again.poll() is not None or "the crawl pauses" in said.read_text(), again, said)
        refused = again.poll()
        assert refused in (None, 0) or (refused == 1 and len(said.read_text().splitlines()) == 1), (
            said.read_text()
        )

        ballast.unlink()
        assert refused is not None or again.wait(120) == 0, said.read_text()
        last = start(what, log)
        assert last.wait(120) == 0, log.read_text()
    assert "Traceback" not in said.read_text()
    prove(web, disk / "data", log)


def test_room_is_made_and_the_crawl_goes_on(web: RealWeb, disk: Path, tmp_path: Path) -> None:
    log = tmp_path / "output.txt"
    with web.serve():
        crawl = start(command(web, disk, "min_free = 0"), log)
        for pages in (10, 40, 80):
            until(lambda pages=pages: len(web.access_log()) > pages, crawl, log)  # type: ignore[misc]
            pauses = log.read_text().count("the crawl pauses")
            ballast = fill(disk)
            until(lambda pauses=pauses: log.read_text().count("the crawl pauses") > pauses, crawl, log)  # type: ignore[misc]
            ballast.unlink()
        assert crawl.wait(120) == 0, log.read_text()
    prove(web, disk / "data", log)


def test_a_command_on_a_full_disk_says_that_it_is_full(disk: Path) -> None:
    Store.open(disk / "crawl.db").close()
    fill(disk)
    done = subprocess.run(
        [BIN / "broadsheet", "status", "--data", disk], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1 and "there is no room on the disk" in done.stderr, done.stderr
