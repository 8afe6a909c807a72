"""The recorder task: everything that came meanwhile, or comes within moments, is one group, and a group is committed whole.

visits ──settlement──▶ channel ──▶ group ──▶ WARC append, fdatasync ──▶ one transaction ──▶ committed
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import trio

from archive.capture import octets_size
from archive.recorder import Recorder
from archive.store.types import Committed, Settlement
from crawler.engine.blocking import RunSync

__all__ = ["record_all"]

_MAX_GROUP = 128
# Seconds in which others join a group: one sync, and each page of the database that they share written once for all.
_LINGER = 0.005
_MAX_BYTES = 32 * 2**20


async def _group(inbox: trio.MemoryReceiveChannel[Settlement]) -> list[Settlement]:
    """The next settlement and all that come with it, bounded by count and bytes."""
    group = [await inbox.receive()]
    await trio.sleep(_LINGER)
    size = _size(group[0])
    while len(group) < _MAX_GROUP and size < _MAX_BYTES:
        try:
            group.append(inbox.receive_nowait())
        except (trio.WouldBlock, trio.EndOfChannel):
            break
        size += _size(group[-1])
    return group


def _size(settlement: Settlement) -> int:
    return octets_size(settlement.capture.response) if settlement.capture else 0


async def record_all(
    inbox: trio.MemoryReceiveChannel[Settlement],
    recorder: Recorder,
    run_sync: RunSync,
    committed: Callable[[Sequence[Settlement], Sequence[Committed]], None],
) -> None:
    """Commit settlements until the channel ends."""
    while True:
        try:
            group = await _group(inbox)
        except trio.EndOfChannel:
            return
        committed(group, await run_sync(recorder.record, group))
