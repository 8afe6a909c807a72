"""A host teaches: once enough of its pages are known to be articles, what they repeat is learnt from them.

written extractions ─▶ enough article pages of a host? ─▶ a worker learns ─▶ the store keeps it
                                                              └─▶ what it changes of what the run has read is read again

Each page's lesson is kept in memory from its first reading until then, so that nothing is read in order to learn from
it. A lesson that is not here (another process read the page, there were too many) costs one more reading, no more.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from archive.index import ArticleIndex
from archive.store import Store
from archive.store.templates import HostTemplate, Renewed
from crawler.engine.blocking import RunSync
from crawler.events import HostTaught, Listener, Notice
from crawler.workers.child import learn_at
from crawler.workers.job import LearnJob, LessonPage
from crawler.workers.pool import WorkerPool
from sites.fingerprint import EXTRACTOR

__all__ = ["LESSONS", "ROOM", "Pupil", "Teaching"]

LESSONS = 20
"""A template is learnt from so many article pages of a host, the first by date and id."""

ROOM = 64 * 2**20
"""Bytes of lessons kept in memory; a page's is some 10 KB."""

_OVERHEAD = 500  # bytes of a page that is kept, besides its lesson


class Pupil(NamedTuple):
    """A page just read: whether it is an article, its result's fingerprint, its lesson (b"": none was taken)."""

    host: str
    capture_id: int
    record_id: str
    fingerprint: str
    article: bool
    lesson: bytes


class Teaching:
    """Watches what extraction finds; `run_ids` are the runs whose pages may be read again. `room`: bytes of lessons
    that are kept."""

    def __init__(
        self,
        store: Store,
        index: ArticleIndex,
        pool: WorkerPool,
        run_sync: RunSync,
        emit: Listener,
        *,
        run_ids: Sequence[int],
        room: int = ROOM,
    ) -> None:
        self._store, self._index, self._pool, self._run_sync, self._emit = store, index, pool, run_sync, emit
        self._pupils = _Pupils(room)
        self._run_ids = run_ids
        self._found: dict[str, int] = {}
        self._settled: set[str] = set()
        self._learnt: dict[str, bytes] = {}

    async def found(self, pages: Iterable[Pupil]) -> bool:
        """These pages were read and written. True when pages are to be read again."""
        again = 0
        for page in pages:
            host = page.host
            if host in self._settled:
                continue
            self._pupils.keep(page)
            if not page.article:
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
        pupils = self._pupils.take(host)
        job = await self._run_sync(self._job, host, pupils)
        try:
            learnt = await self._pool.call(learn_at, job)
        except Exception as error:
            # Stopped, out of memory, an unreadable record, a fault of ours: no page is lost, the next run tries again
            why = f"{type(error).__name__}: {error}".removesuffix(": ")
            self._emit(
                Notice(f"{host}: its layout was not learnt, its pages are read without ({why})", "warning")
            )
            return 0
        template = HostTemplate(version=learnt.version, rules=EXTRACTOR, body=learnt.body)
        renewed = [
            Renewed(number, pupils[number].record_id, pupils[number].fingerprint, now)
            for number, now in learnt.unchanged.items()
        ]
        again = await self._run_sync(self._put, host, template, renewed)
        self._learnt[host] = learnt.body
        self._emit(HostTaught(host, len(job.pages), again))
        return again

    def _job(self, host: str, pupils: dict[int, Pupil]) -> LearnJob:
        pages = tuple(
            LessonPage(
                number,
                str(self._store.file_path(place.file)),
                place,
                pupils[number].lesson if number in pupils else b"",
            )
            for number, place in self._store.lessons(host, LESSONS)
        )
        taken = {page.capture_id for page in pages}
        return LearnJob(
            pages, tuple((number, one.lesson) for number, one in pupils.items() if number not in taken)
        )

    def _put(self, host: str, template: HostTemplate, renewed: list[Renewed]) -> int:
        """The index first, as with every result: a kill in between costs one reading."""
        self._index.renew((one.record_id, one.before, one.fingerprint) for one in renewed)
        return self._store.put_template(host, template, self._run_ids, renewed)


class _Pupils:
    """Pages with their lessons, by host. When there are too many bytes, the hosts met least lately are forgotten."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._hosts: OrderedDict[str, dict[int, Pupil]] = OrderedDict()

    def keep(self, page: Pupil) -> None:
        if not page.lesson:
            return
        pages = self._hosts.setdefault(page.host, {})
        self._hosts.move_to_end(page.host)
        before = pages.get(page.capture_id)
        pages[page.capture_id] = page
        self._room -= _size(page) - (_size(before) if before is not None else 0)
        while self._room < 0:
            self.take(next(iter(self._hosts)))

    def take(self, host: str) -> dict[int, Pupil]:
        pages = self._hosts.pop(host, {})
        self._room += sum(map(_size, pages.values()))
        return pages


def _size(page: Pupil) -> int:
    return len(page.lesson) + _OVERHEAD
