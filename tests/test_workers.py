"""The extraction processes themselves: what ends them, and what does not."""

from __future__ import annotations

import os
import signal

import trio

from crawler.workers.pool import open_pool


async def test_a_signal_to_the_whole_group_leaves_their_end_to_the_parent() -> None:
    with trio.fail_after(120):
        async with open_pool(1, 30.0, 1 << 30) as pool:
            worker = await pool.call(os.getpid)
            for number in (signal.SIGINT, signal.SIGTERM):
                os.kill(worker, number)
            assert await pool.call(os.getpid) == worker
