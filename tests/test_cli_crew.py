"""What `crawl --workers N` makes of several processes: shares of a limit, one story out of many. The processes themselves
are in tests/check/test_workers.py."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
import trio

from crawler.cli.crew import Crew, shares
from crawler.cli.member import Assignment, Ended, Said
from crawler.engine.crawl import CrawlEnd, CrawlLimits
from crawler.events import AtWork, Event, Notice, PageStored, RunStarted
from crawler.jobs import job_of_urls
from crawler.settings import Settings


@pytest.mark.parametrize(
    ("pages", "workers", "parts"),
    [(None, 2, [None, None]), (10, 2, [5, 5]), (7, 3, [3, 2, 2]), (1, 3, [1]), (2, 3, [1, 1])],
)
def test_a_limit_of_pages_is_shared_out(pages: int | None, workers: int, parts: list[int | None]) -> None:
    assert [limits.max_pages for limits in shares(CrawlLimits(max_pages=pages), workers)] == parts


def assignment(folder: Path) -> Assignment:
    return Assignment(
        jobs=(job_of_urls(["http://127.0.0.1:9/"]),),
        settings=Settings(data=str(folder), delay="1s"),
        site_dirs=("plugins",),
        limits=CrawlLimits(),
        extractors=1,
        extract=True,
    )


def test_what_crosses_the_pipes_comes_out_as_it_went_in(tmp_path: Path) -> None:
    told = assignment(tmp_path)
    assert msgspec.json.decode(msgspec.json.encode(told), type=Assignment) == told
    for said in (RunStarted("a", True), PageStored("http://a.example/", 200, 5, 0.5), Ended(CrawlEnd(True))):
        assert msgspec.json.decode(msgspec.json.encode(said), type=Said) == said


async def test_processes_that_cannot_begin_are_told_with_their_reason(tmp_path: Path) -> None:
    events: list[Event] = []
    wrong = msgspec.structs.replace(
        assignment(tmp_path), settings=Settings(data=str(tmp_path), resolve=("x",))
    )
    with trio.fail_after(120):
        end = await Crew([wrong], events.append).run()
    assert (end.processes, end.lost, end.end.finished) == (1, 1, False)
    told = [event.text for event in events if isinstance(event, Notice)]
    assert "ended with exit code 1: none is left" in told[-1] and "resolve" in " ".join(told[:-1])
    assert [event.processes for event in events if isinstance(event, AtWork)] == [1, 0]
