"""The extraction workers: processes with a time limit and a memory limit, replaced when they have to be killed."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TypeVar

import trio
import trio_parallel

from crawler.workers.child import extract_at, retire, set_up, work
from crawler.workers.job import ExtractJob, ExtractResult, WorkerSetup
from crawler.workers.leash import Leash

__all__ = ["WorkerPool", "default_count", "open_pool"]

T = TypeVar("T")
_BLAS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
_START_ALLOWANCE = 30.0  # a fresh process imports the packages first; a busy machine is slow at it


def default_count() -> int:
    """One worker a core that this process may use, two at most: the main process keeps a core busy."""
    return max(
        1, min(2, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
    )


class WorkerPool:
    """Runs pure functions in worker processes. Made by `open_pool`."""

    def __init__(self, context: trio_parallel.WorkerContext, count: int, timeout: float) -> None:
        self.count = count
        self._context, self._timeout = context, timeout
        self._limiter = trio.CapacityLimiter(count)
        self._warm = 0

    async def call(self, fn: Callable[..., T], *args: object) -> T:
        """`fn(*args)` in a worker. Raises TimeoutError past the time limit, MemoryError past the memory limit,
        trio_parallel.BrokenWorkerError when the worker died. After the first and the last it is replaced."""
        async with self._limiter:
            allowance = 0.0 if self._warm >= self.count else _START_ALLOWANCE
            with trio.move_on_after(self._timeout + allowance) as scope:
                answer: tuple[T, bool] = await self._context.run_sync(
                    work, fn, *args, kill_on_cancel=True, limiter=trio.CapacityLimiter(1)
                )
                value, retiring = answer
                self._warm = 0 if retiring else self._warm + 1
                return value
            if scope.cancelled_caught:
                self._warm = 0
                raise TimeoutError(f"took longer than {self._timeout:g} s")
            raise AssertionError("unreachable")

    async def extract(self, job: ExtractJob) -> ExtractResult:
        """The job's result; a worker that had to be stopped is a result, too."""
        try:
            return await self.call(extract_at, job)
        except TimeoutError as error:
            return ExtractResult(outcome="timeout", detail=str(error))
        except MemoryError:
            return ExtractResult(outcome="memory", detail="the worker reached its memory limit")
        except trio_parallel.BrokenWorkerError:
            self._warm = 0
            return ExtractResult(outcome="crash", detail="the worker process died")
        except Exception as error:  # a fault of ours on one page: it is told, and the crawl goes on
            return ExtractResult(outcome="error", detail=f"{type(error).__name__}: {error}"[:500])


@asynccontextmanager
async def open_pool(
    count: int, timeout: float, memory: int, site_dirs: tuple[Path, ...] = ()
) -> AsyncIterator[WorkerPool]:
    """Worker processes that end with this block, and with this process if it is killed.

    `timeout` is seconds a page, `memory` the bytes that a worker may add to what it needs to start.
    """
    for (
        name
    ) in _BLAS:  # inherited by the workers: a thread pool a process only burns CPU on matrices this small
        os.environ.setdefault(name, "1")
    leash = Leash()
    setup = WorkerSetup(leash.tag, memory, tuple(str(d) for d in site_dirs))
    try:
        async with trio_parallel.open_worker_context(
            idle_timeout=float("inf"), init=partial(set_up, setup), retire=retire, grace_period=2.0
        ) as context:
            yield WorkerPool(context, count, timeout)
    finally:
        leash.close()
