"""How long a queue takes to be gone on with: `python -m tests.bench.resume_bench [URLS]`.

A process fills a store, leases hosts and queues more; it is ended in order, or killed with all that in its WAL. Then
a fresh process opens the store, frees what the dead one held, resumes the run and leases: the crawl is under way.
"""

from __future__ import annotations

import json
import os
import platform
import signal
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from archive.store import Store
from tests.bench.queued import SECOND, START, Queue, links
from tests.memory import peak_memory

__all__ = ["fill", "resume"]

_RESULTS = Path(__file__).resolve().parents[2] / "docs/benchmarks"
_HOSTS = 64
_LATE = 20_000  # URLs that are only in the WAL when the process ends


def fill(path: Path, urls: int) -> None:
    """Fill the store, lease hosts, queue more, then say so and wait to be killed."""
    queue = Queue(path.parent, urls, "first")
    queue.fill()
    run = queue.run.id
    assert len(queue.store.lease([run], START + SECOND, _HOSTS, 60 * SECOND)) == _HOSTS
    for at in range(urls, urls + _LATE, 1_000):
        queue.store.enqueue(run, links(at, at + 1_000, urls // 100), START)
    print("filled", flush=True)
    if sys.stdin.readline():
        queue.close()


def resume(path: Path) -> dict[str, float]:
    """Milliseconds, by the clock, of each step, and in all; CPU in all; peak memory in MB."""
    steps: dict[str, float] = {}
    began = last = time.perf_counter()

    def step(name: str) -> None:
        nonlocal last
        steps[name] = 1e3 * (time.perf_counter() - last)
        last = time.perf_counter()

    cpu, now = time.process_time(), START + 3600 * SECOND
    store = Store.open(path)
    step("open")
    store.register_owner("second", os.getpid(), Path("second.lock"), now)
    freed = store.release_dead(now)
    step("free the dead")
    run = store.begin_run("bench", b"{}", now)
    assert run.resumed
    step("resume the run")
    assert len(store.lease([run.id], now, _HOSTS, 60 * SECOND)) == _HOSTS
    step("lease")
    assert store.outstanding([run.id], now).leased == _HOSTS
    step("count what is left")
    steps["in all"] = 1e3 * (last - began)
    steps["CPU"] = 1e3 * (time.process_time() - cpu)
    steps["peak MB"] = peak_memory() / 2**20
    store.close()
    return {**steps, "freed": freed}


def _child(*arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.bench.resume_bench", *map(str, arguments)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _measure(urls: int, *, killed: bool, folder: Path) -> dict[str, float]:
    path = folder / ("killed" if killed else "ended") / "crawl.db"
    path.parent.mkdir()
    first = _child("fill", path, urls)
    assert first.stdin is not None and first.stdout is not None
    assert first.stdout.readline() == "filled\n"
    if killed:
        first.send_signal(signal.SIGKILL)
    else:
        first.stdin.write("end\n")
        first.stdin.flush()
    first.wait()
    print(f"{urls:,} URLs, {'killed' if killed else 'ended'}: {path.stat().st_size / 1e6:.0f} MB", flush=True)
    second = _child("resume", path)
    output, _ = second.communicate()
    found: dict[str, float] = json.loads(output)
    assert found.pop("freed") == (_HOSTS if killed else 0)
    return found


def main() -> None:
    """Measure both ends, print and write docs/benchmarks/DATE-resume.md."""
    match sys.argv[1:]:
        case ["fill", path, urls]:
            fill(Path(path), int(urls))
        case ["resume", path]:
            print(json.dumps(resume(Path(path))))
        case rest:
            urls = int(rest[0]) if rest else 1_000_000
            with tempfile.TemporaryDirectory() as folder:
                found = {
                    end: _measure(urls, killed=end == "killed", folder=Path(folder))
                    for end in ("ended", "killed")
                }
            names = list(found["ended"])
            rows = [
                f"| {end} | " + " | ".join(f"{row[n]:.0f}" for n in names) + " |"
                for end, row in found.items()
            ]
            text = "\n".join(
                [
                    "# Resuming a queue",
                    "",
                    f"{urls:,} URLs on {urls // 100:,} hosts. The process before had {_HOSTS} hosts leased, and {_LATE:,} more URLs in its",
                    "WAL; it was *ended* in order or *killed*. Milliseconds by the clock of a fresh process, with its first leases; the",
                    "files were in the page cache. Made by `python -m tests.bench.resume_bench`.",
                    "",
                    "| | " + " | ".join(names) + " |",
                    "|---" * (len(names) + 1) + "|",
                    *rows,
                    "",
                    f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}.",
                    "",
                ]
            )
            (_RESULTS / f"{datetime.now(UTC):%Y-%m-%d}-resume.md").write_text(text, encoding="utf-8")
            print(text)


if __name__ == "__main__":
    main()
