"""The extraction processes themselves: what ends them, and what does not."""

from __future__ import annotations

import os
import signal

import pytest
import trio

from crawler.workers.pool import open_pool


async def test_a_signal_to_the_whole_group_leaves_their_end_to_the_parent() -> None:
    with trio.fail_after(120):
        async with open_pool(1, 30.0, 1 << 30) as pool:
            worker = await pool.call(os.getpid)
            for number in (signal.SIGINT, signal.SIGTERM):
                os.kill(worker, number)
            assert await pool.call(os.getpid) == worker


async def test_a_worker_that_a_page_has_left_too_large_retires() -> None:
    with trio.fail_after(120):
        async with open_pool(1, 30.0, 200 << 20) as pool:
            worker = await pool.call(os.getpid)
            await pool.call(exec, "import sys; sys.kept = bytearray(20 << 20)")
            assert await pool.call(os.getpid) == worker
            await pool.call(exec, "import sys; sys.kept = bytearray(120 << 20)")
            assert await pool.call(os.getpid) != worker


async def test_out_of_memory_is_told_and_ends_no_worker() -> None:
    """OpenBLAS ends the process when it can't have its buffers: it has them before memory is limited."""
    product = "import numpy as np; np.ones((300, 300), np.float32) @ np.ones((300, 300), np.float32)"
    with trio.fail_after(120):
        async with open_pool(1, 30.0, 200 << 20) as pool:
            await pool.call(exec, f"kept = bytearray(190 << 20); {product}")
            with pytest.raises(MemoryError):
                await pool.call(exec, "kept = bytearray(300 << 20)")
