"""A process that records until it is killed: `python -m tests.archive_child FOLDER ROUND`."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from archive.recorder import Recorder
from archive.store import Store
from archive.store.types import HostState, Settlement, Stored, Target
from tests.archive_kit import INFO, html

__all__ = ["main"]

HOSTS = 40


def now() -> int:
    return time.time_ns() // 1000


def main(folder: Path, name: str) -> None:
    """Take over what is there, then lease and commit groups for ever; one line for each commit."""
    store = Store.open(folder / "crawl.db")
    store.register_owner(name, os.getpid(), Path(f"{name}.lock"), now())
    store.release_dead(now())
    run = store.begin_run("job", b"{}", now())
    recorder = Recorder(store, folder / "archive", INFO, 60_000, clock=now, token=name)
    recorder.start()
    number = 0
    while True:
        fresh = [
            Target(url=f"http://{host}.example/{name}/{number}", host=f"{host}.example")
            for host in range(HOSTS)
        ]
        store.enqueue(run.id, fresh, now())
        number += 1
        group = []
        for lease in store.lease([run.id], now(), 10, 1_000):
            body = os.urandom(300).hex().encode()
            capture = html(body, url=lease.target.url)
            group.append(
                Settlement(lease=lease, outcome=Stored(), host=HostState(next_at=0), capture=capture)
            )
        done = recorder.record(group)
        sys.stdout.write(f"{sum(c.capture_id > 0 for c in done)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
