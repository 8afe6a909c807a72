"""A crawling process reduced to its dealings with the store: `python -m tests.archive_store_child FOLDER TOKEN`.

While it "speaks" to a host it holds a lock of its own on that host: whoever else is given the host meanwhile
cannot take it, and says so. Prints a line a commit; ends when nothing is left.
"""

from __future__ import annotations

import fcntl
import os
import select
import sys
import time
from pathlib import Path

from archive.store.types import ExtractionDone, Stored
from tests.archive_store_kit import Desk

__all__ = ["main"]


def main(folder: Path, token: str) -> None:
    desk = Desk(folder, token)
    waiting = select.poll()
    waiting.register(sys.stdin.fileno(), select.POLLIN)
    while True:
        desk.now = time.time_ns() // 1000
        desk.store.release_dead(desk.now)
        leased = desk.lease(2)
        locks = []
        for lease in leased:
            fd = os.open(folder / f"{lease.target.host}.host", os.O_RDWR | os.O_CREAT)
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                print(f"MET TWICE {lease.target.host}", flush=True)
            locks.append(fd)
        group = [desk.settlement(lease, Stored()) for lease in leased]
        for fd in locks:
            os.close(fd)
        if group:
            done = desk.commit(*group)
            print("STALE" if any(one.stale for one in done) else f"committed {len(done)}", flush=True)
        claims = desk.store.claim_extractions(4, desk.now, [desk.run.id])
        desk.store.finish_extractions(
            ExtractionDone(capture_id=claim.capture_id, fingerprint="f", outcome="none", now=desk.now)
            for claim in claims
        )
        if not leased and not claims:
            if desk.store.outstanding([desk.run.id], desk.now).nothing:
                break
            waiting.poll(2)
    desk.store.release_owner(desk.now)
    desk.store.close()
    print("done", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
