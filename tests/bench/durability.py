"""What durability costs: `python -m tests.bench.durability`. The same crawl as it is, on the disk, and with all of it taken
out, in memory; CPU of all processes, interleaved, in one run. Writes docs/benchmarks/DATE-durability.md."""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from tests.bench.cpu import Usage, measure
from tests.corpus import CORPUS
from tests.realweb import RealWeb, nginx_missing

__all__ = ["main"]

_RESULTS = Path(__file__).resolve().parents[2] / "docs/benchmarks"
_MOST = 1.10
_KINDS = ("crawl", "crawl --no-extract --seeds FILE")
Pair = tuple[Usage, Usage]


def _run(web: RealWeb, program: Sequence[str], kind: str, folder: Path) -> Usage:
    """Without extraction no link is found: all pages are seeds then."""
    folder.mkdir()
    (folder / "seeds.txt").write_text("\n".join(sorted(web.expected_urls)))
    what = web.seeds if kind == _KINDS[0] else ("--no-extract", "--seeds", str(folder / "seeds.txt"))
    manners = ["--allow-address", "127.0.0.0/8", "--delay", "0", "--contact", "bench@example.org"]
    command = [*program, "crawl", *what, *manners, "--json", "--data", str(folder / "data")]
    with web.serve():
        usage = measure(command, folder)
    pages = {web.url_of(hit) for hit in web.access_log()}
    if usage.exit_code or not web.expected_urls <= pages:
        output = (folder / "output.txt").read_text(errors="replace")[-2000:]
        raise SystemExit(f"{kind}: {len(web.expected_urls - pages)} pages were not asked for: {output}")
    shutil.rmtree(folder)
    return usage


def _both(web: RealWeb, kind: str, disk: Path, memory: Path, turn: int) -> Pair:
    """With durability and without, in either order."""
    found: dict[str, Usage] = {}
    for name in ("with", "without")[:: 1 if turn % 2 else -1]:
        program = [sys.executable, "-m", "tests.bench.careless", name]
        found[name] = _run(web, program, kind, (disk if name == "with" else memory) / "run")
    return found["with"], found["without"]


def _row(name: str, pairs: Sequence[Pair], pages: int) -> str:
    def spread(values: list[float], digits: int) -> str:
        return f"{statistics.median(values):.{digits}f} [{min(values):.{digits}f}, {max(values):.{digits}f}]"

    cpu = [spread([1000 * pair[n].cpu / pages for pair in pairs], 2) for n in (0, 1)]
    ratios = [one.cpu / other.cpu for one, other in pairs]
    return f"| {name} | {cpu[0]} | {cpu[1]} | {spread(ratios, 3)} |"


def main() -> None:
    """Measure, print and write the table; exit code 1 when the crawl costs more than it may."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.durability", description=__doc__)
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--hosts", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    if not (CORPUS / "extraction").exists() or nginx_missing():
        parser.exit(1, nginx_missing() or f"no corpus at {CORPUS}: set BROADSHEET_CORPUS\n")
    with (
        tempfile.TemporaryDirectory(prefix="durability-") as scratch,
        tempfile.TemporaryDirectory(prefix="durability-", dir="/dev/shm") as memory,
    ):
        web = RealWeb.build(Path(scratch, "web"), pages=options.pages, hosts=options.hosts)
        pages = len(web.expected_urls)
        pairs: dict[str, list[Pair]] = {name: [] for name in _KINDS}
        for turn in range(options.rounds):
            for name in _KINDS:
                pairs[name].append(_both(web, name, Path(scratch), Path(memory), turn))
                print(f"round {turn + 1}: {_row(name, pairs[name][-1:], pages)}", flush=True)
    text = "\n".join(
        [
            "# Durability: CPU of all processes",
            "",
            f"{pages} real pages on {options.hosts} loopback addresses, {options.rounds} rounds, interleaved; medians, in brackets",
            "least and greatest; the ratio is taken within a round. *With*: as it is, on the disk. *Without*: nothing synced,",
            "no journal, all in memory (`tests/bench/careless.py`). Made by `python -m tests.bench.durability`.",
            "",
            "| | with, CPU ms/page | without, CPU ms/page | with / without |",
            "|---|---|---|---|",
            *(_row(name, pairs[name], pages) for name in _KINDS),
            "",
            f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}.",
            "",
        ]
    )
    report = _RESULTS / f"{datetime.now(UTC):%Y-%m-%d}-durability.md"
    report.write_text(text, encoding="utf-8")
    print(text)
    ratio = statistics.median(one.cpu / other.cpu for one, other in pairs["crawl"])
    sys.exit(ratio > _MOST)


if __name__ == "__main__":
    main()
