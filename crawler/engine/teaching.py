"""A host teaches: once enough of its pages are known to be articles, what they repeat is learnt from them.

written extractions ─▶ enough article pages of a host? ─▶ a worker learns ─▶ the store keeps it
                                                              └─▶ what the run has read of the host is read again
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import trio_parallel

from archive.errors import ArchiveError
from archive.store import Store
from archive.store.templates import HostTemplate
from crawler.engine.blocking import RunSync
from crawler.events import HostTaught, Listener
from crawler.workers.child import learn_at
from crawler.workers.job import LearnJob
from crawler.workers.pool import WorkerPool
from sites.fingerprint import EXTRACTOR

__all__ = ["LESSONS", "Teaching"]

LESSONS = 20
"""A template is learnt from so many article pages of a host, the first by date and id."""


class Teaching:
    """Watches what extraction finds; `run_ids` are the runs whose pages may be read again."""

    def __init__(
        self, store: Store, pool: WorkerPool, run_sync: RunSync, emit: Listener, *, run_ids: Sequence[int]
    ) -> None:
        self._store, self._pool, self._run_sync, self._emit = store, pool, run_sync, emit
        self._run_ids = run_ids
        self._found: dict[str, int] = {}
        self._settled: set[str] = set()
        self._learnt: dict[str, bytes] = {}

    async def found(self, hosts: Iterable[str]) -> bool:
        """An article was found on each of these hosts (host keys, with repeats). True when pages are to be
        read again."""
        again = 0
        for host in hosts:
            if host in self._settled:
                continue
            if host not in self._found:
                self._found[host] = await self._run_sync(self._known, host)
            else:
                self._found[host] += 1
            if self._found[host] >= LESSONS:
                self._settled.add(host)
                again += await self._learn(host)
        return again > 0

    def stale(self, host: str, template: bytes) -> bool:
        """Was a page of the host read by this template although the host has taught another since?"""
        return self._learnt.get(host, template) != template

    def _known(self, host: str) -> int:
        taught = self._store.template(host)
        if taught is not None and taught.rules == EXTRACTOR:
            self._settled.add(host)
            return 0
        return len(self._store.lessons(host, LESSONS))

    async def _learn(self, host: str) -> int:
        job = await self._run_sync(self._job, host)
        try:
            version, body = await self._pool.call(learn_at, job)
        except (TimeoutError, MemoryError, ArchiveError, trio_parallel.BrokenWorkerError):
            return 0  # the next run tries again; pages are read without a template meanwhile
        template = HostTemplate(version=version, rules=EXTRACTOR, body=body)
        again = await self._run_sync(self._store.put_template, host, template, self._run_ids)
        self._learnt[host] = body
        self._emit(HostTaught(host, len(job.lessons), again))
        return again

    def _job(self, host: str) -> LearnJob:
        places = self._store.lessons(host, LESSONS)
        return LearnJob(tuple((str(self._store.file_path(place.file)), place) for place in places))
