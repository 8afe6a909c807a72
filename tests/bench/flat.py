"""Does the queue stay flat? `python -m tests.bench.flat [URLS]`, ten million if nothing is said.

A short queue and a long one, both with a hundred URLs a host, are filled by processes of their own. Then one process
works on both by turns, so that whatever else the machine does strikes both alike; and a fresh one on the long one
alone, for its memory.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from time import process_time
from typing import Any, NamedTuple

from tests.bench.queued import GROUP, LINKS, NEW, Cost, Queue
from tests.memory import peak_memory

__all__ = ["SHORT", "Compared", "Flat", "measure", "table"]

SHORT = 100_000
_RESULTS = Path(__file__).resolve().parents[2] / "docs/benchmarks"
_BLOCK = 10  # turns at a queue before the other has its own; each ends with several checkpoints behind it
_BLOCKS = 15
_WHAT = ("lease a host with a URL", "commit a page", "claim a page for a worker", "queue a link")


class Compared(NamedTuple):
    """CPU microseconds a page (lease, commit, claim) and a link at the short and the long queue, and the medians of
    long against short."""

    short: Cost
    long: Cost
    ratios: Cost


class Flat(NamedTuple):
    """The two compared while hosts are met at random, and in the order in which they were first heard of; CPU
    microseconds to queue a URL while each was filled; the long one's bytes a URL, and the greatest memory (bytes) of a
    process that fills it or works on it."""

    urls: int
    random: Compared
    ordered: Compared
    filled: tuple[float, float]
    bytes: float
    memory: int


def _fill(folder: str, urls: str) -> dict[str, float]:
    began, queue = process_time(), Queue(Path(folder), int(urls), "filler")
    queue.fill()
    spent = process_time() - began
    queue.close()
    size = queue.path.stat().st_size
    return {"each": 1e6 * spent / int(urls), "bytes": size / int(urls), "memory": peak_memory()}


def _work(folder: str, urls: str) -> dict[str, float]:
    queue = Queue(Path(folder), int(urls), "lone")
    for _ in range(_BLOCK * 3):
        queue.turn()
    queue.close()
    return {"memory": peak_memory()}


def _compare(*places: str) -> list[list[list[Cost]]]:
    """Of hosts at random and in order: both queues' blocks, a page's and a link's share of each."""
    folders, sizes = places[::2], places[1::2]
    queues = [Queue(Path(f), int(n), "worker") for f, n in zip(folders, sizes, strict=True)]
    for queue in queues:
        with queue.path.open("rb") as file:
            while file.read(2**20):  # into the page cache: what the disk is like is not the question
                pass
    for queue in queues:
        queue.scatter()
        queue.turn()
    random = _by_turns(queues)
    for queue in queues:
        queue.line_up()
        queue.turn()
    ordered = _by_turns(queues)
    for queue in queues:
        queue.close()
    return [random, ordered]


def _by_turns(queues: Sequence[Queue]) -> list[list[Cost]]:
    blocks: list[list[Cost]] = [[] for _ in queues]
    for _ in range(_BLOCKS):
        for queue, mine in zip(queues, blocks, strict=True):
            turns = [queue.turn() for _ in range(_BLOCK)]
            *pages, links = (1e6 * sum(part) / _BLOCK / GROUP for part in zip(*turns, strict=True))
            mine.append(Cost(*pages, links / LINKS))
    return blocks


def _child(what: str, *arguments: object) -> Any:
    command = [sys.executable, "-m", "tests.bench.flat", what, *map(str, arguments)]
    return json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout)


def measure(urls: int, folder: Path) -> Flat:
    """Fill both queues in `folder` and work on them."""
    places = {n: folder / str(n) for n in (SHORT, urls)}
    filled = {}
    for n, place in places.items():
        place.mkdir()
        filled[n] = _child("fill", place, n)
    alone = _child("work", places[urls], urls)
    random, ordered = map(_compared, _child("compare", *_flatten(places)))
    return Flat(
        urls=urls,
        random=random,
        ordered=ordered,
        filled=(filled[SHORT]["each"], filled[urls]["each"]),
        bytes=filled[urls]["bytes"],
        memory=max(filled[urls]["memory"], alone["memory"]),
    )


def _compared(blocks: list[list[list[float]]]) -> Compared:
    short, long = ([Cost(*block) for block in mine] for mine in blocks)
    ratios = [Cost(*(b / a for a, b in zip(x, y, strict=True))) for x, y in zip(short, long, strict=True)]
    return Compared(_medians(short), _medians(long), _medians(ratios))


def _flatten(places: dict[int, Path]) -> list[object]:
    return [x for n, place in places.items() for x in (place, n)]


def _medians(costs: Sequence[Cost]) -> Cost:
    return Cost(*map(statistics.median, zip(*costs, strict=True)))


def table(flat: Flat) -> str:
    """The report, in Markdown."""
    rows = [
        f"| {what}, hosts {how} | {a:.1f} | {b:.1f} | {ratio:.2f} |"
        for how, compared in (("in order", flat.ordered), ("at random", flat.random))
        for what, a, b, ratio in zip(_WHAT, *compared, strict=True)
    ]
    first, last = flat.filled
    lines = [
        "# A queue that stays flat",
        "",
        f"{flat.urls:,} queued URLs on {flat.urls // 100:,} hosts against {SHORT:,} on {SHORT // 100:,}: CPU microseconds of the process, system",
        "time included, and of checkpoints by the pages that each piece wrote. One process works on both queues by turns: it",
        f"leases {GROUP} hosts, commits a page of each, claims them for workers and takes {LINKS} links of each, {LINKS - NEW} of them known. Hosts",
        "are met *in order* when they are ready in the order in which they were first heard of, as those of a list of seeds are",
        "and remain; *at random*, each lies elsewhere in the database, which is the worst that can be: no two of an hour share",
        f"a page of it. Medians of {_BLOCKS} blocks of {_BLOCK * GROUP} pages each. The last row is of the processes that filled the queues, one",
        "after the other. The files were in the page cache. Made by `python -m tests.bench.flat`.",
        "",
        f"| | {SHORT:,} | {flat.urls:,} | ratio |",
        "|---|---|---|---|",
        *rows,
        f"| queue a new URL, while it was filled | {first:.1f} | {last:.1f} | {last / first:.2f} |",
        "",
        f"{flat.bytes:.0f} bytes a URL on the disk. {flat.memory / 1e6:.0f} MB in memory, at the most, of a fresh process that"
        " fills the long queue or works on it.",
        "",
        f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}.",
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    """Measure, print and write docs/benchmarks/DATE-flat.md."""
    match sys.argv[1:]:
        case ["fill", folder, urls]:
            print(json.dumps(_fill(folder, urls)))
        case ["work", folder, urls]:
            print(json.dumps(_work(folder, urls)))
        case ["compare", *places]:
            print(json.dumps(_compare(*places)))
        case rest:
            with tempfile.TemporaryDirectory() as folder:
                flat = measure(int(rest[0]) if rest else 10_000_000, Path(folder))
            text = table(flat)
            (_RESULTS / f"{datetime.now(UTC):%Y-%m-%d}-flat.md").write_text(text, encoding="utf-8")
            print(text)


if __name__ == "__main__":
    main()
