"""What a crawl keeps of pages in order to learn from them, and what happens when nothing can be learnt."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import trio

from archive.index import ArticleIndex
from archive.store import Store
from crawler.engine.teaching import LESSONS, Pupil, Teaching
from crawler.events import Event, Notice
from crawler.workers.job import LearnJob

_LESSON = b"x" * 1_000


class _Failing:
    """A pool whose workers learn nothing; it remembers what they were given."""

    def __init__(self) -> None:
        self.jobs: list[LearnJob] = []

    async def call(self, _fn: Callable[..., object], job: LearnJob) -> Any:
        self.jobs.append(job)
        raise RuntimeError("not today")


async def _inline(fn: Callable[..., Any], *args: object) -> Any:
    await trio.lowlevel.checkpoint()
    return fn(*args)


def _pupils(host: str, count: int, first: int = 1, *, article: bool = True) -> list[Pupil]:
    return [Pupil(host, first + n, f"urn:{first + n}", "f", article, _LESSON) for n in range(count)]


@pytest.fixture
def learn(tmp_path: Path) -> Iterator[Callable[..., tuple[Teaching, _Failing, list[Event]]]]:
    with (
        closing(Store.open(tmp_path / "crawl.db")) as store,
        closing(ArticleIndex.open(tmp_path / "articles.db")) as index,
    ):

        def made(**room: int) -> tuple[Teaching, _Failing, list[Event]]:
            pool, events = _Failing(), list[Event]()
            teaching = Teaching(store, index, pool, _inline, events.append, run_ids=(1,), **room)  # type: ignore[arg-type]
            return teaching, pool, events

        yield made


Made = Callable[..., tuple[Teaching, _Failing, list[Event]]]


async def test_a_failure_to_learn_is_told_and_nothing_else(learn: Made) -> None:
    teaching, pool, events = learn()
    assert not await teaching.found(_pupils("a.example", LESSONS + 5))
    assert len(pool.jobs) == 1, "not tried again for each page that follows"
    assert [event.text for event in events if isinstance(event, Notice)] == [
        "a.example: its layout was not learnt, its pages are read without (RuntimeError: not today)"
    ]


async def test_lessons_are_kept_from_the_first_reading_on(learn: Made) -> None:
    teaching, pool, _ = learn()
    await teaching.found(_pupils("a.example", 3, 100, article=False))
    await teaching.found(_pupils("a.example", LESSONS + 1))
    kept = {number for number, lesson in pool.jobs[0].others if lesson == _LESSON}
    assert {100, 101, 102} < kept and len(kept) >= LESSONS


async def test_the_hosts_met_least_lately_are_forgotten_first(learn: Made) -> None:
    teaching, pool, _ = learn(room=(LESSONS + 3) * 1_500)
    await teaching.found(_pupils("old.example", 4, 1_000))
    await teaching.found(_pupils("new.example", LESSONS + 1))
    await teaching.found(_pupils("old.example", LESSONS - 3, 2_000))
    new, old = ({number for number, _ in job.others} for job in pool.jobs)
    assert new == set(range(1, LESSONS + 2))
    assert old == set(range(2_000, 2_000 + LESSONS - 3)), "of those dropped the pages are read again"
