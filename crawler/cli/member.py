"""One of the processes of `crawl --workers N`, started by `crawler.cli.crew`: told what to do on its standard input, it tells
what happens on its standard output.

stdin: one line, an Assignment; then nothing, for as long as the command lives     stdout: an event a line, Ended last
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from threading import Thread

import msgspec
import trio

from crawler.cli.common import leaves
from crawler.cli.wiring import crawl_jobs
from crawler.engine.crawl import CrawlEnd, CrawlLimits
from crawler.errors import BroadsheetError
from crawler.events import Event, Listener
from crawler.jobs import Job
from crawler.settings import Settings

__all__ = ["Assignment", "Ended", "Said", "crawl_assigned", "main"]


class Assignment(msgspec.Struct, frozen=True, kw_only=True):
    """What a process is to crawl, and how; `extractors` is the number of its extraction processes."""

    jobs: tuple[Job, ...]
    settings: Settings
    site_dirs: tuple[str, ...]
    limits: CrawlLimits
    extractors: int
    extract: bool


class Ended(msgspec.Struct, frozen=True, tag=True):
    """The last thing a process says; who was killed does not say it."""

    end: CrawlEnd


Said = Event | Ended


def crawl_assigned(assignment: Assignment, emit: Listener) -> CrawlEnd:
    """Crawl in this process."""
    return trio.run(
        lambda: crawl_jobs(
            assignment.jobs,
            assignment.settings,
            tuple(map(Path, assignment.site_dirs)),
            emit,
            limits=assignment.limits,
            extractors=assignment.extractors,
            extract=assignment.extract,
        )
    )


def _say(said: Said) -> None:
    try:
        sys.stdout.buffer.write(msgspec.json.encode(said) + b"\n")
        sys.stdout.flush()
    except OSError:  # nobody listens any more: `_end_with_command` sees to the rest
        pass


def _end_with_command() -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def main() -> None:
    """Crawl as assigned; ends in order when the command that started it ends, however that was."""
    assignment = msgspec.json.decode(sys.stdin.buffer.readline(), type=Assignment)
    Thread(target=_end_with_command, daemon=True).start()
    try:
        end = crawl_assigned(assignment, _say)
    except BroadsheetError as error:
        sys.exit(str(error))
    except ExceptionGroup as group:
        expected, other = group.split(BroadsheetError)
        if expected is None or other is not None:
            raise
        sys.exit("\n".join(map(str, leaves(expected))))
    _say(Ended(end))


if __name__ == "__main__":
    main()
