"""The table of a benchmark, in Markdown: medians with their spread, and what was run on what."""

from __future__ import annotations

import gzip
import os
import platform
import statistics
import subprocess
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from tests.bench.contenders import OURS, Contender
from tests.bench.cpu import Usage
from tests.realweb import RealWeb

__all__ = ["Round", "table"]


class Round(NamedTuple):
    """One run of one contender. By the server's log: expected pages `missed` or fetched `twice` or more, and
    `forbidden` URLs fetched."""

    usage: Usage
    missed: int
    twice: int
    forbidden: int
    failed: bool


def table(runners: Sequence[Contender], rounds: Mapping[str, Sequence[Round]], web: RealWeb) -> str:
    """The report: one row a contender."""
    pages = len(web.expected_urls)
    cpu = {name: [1000 * r.usage.cpu / pages for r in runs] for name, runs in rounds.items()}
    first = OURS if OURS in cpu else runners[0].name
    lines = [
        "# Crawl: CPU of all processes",
        "",
        f"{_site(web)} nginx, on the same machine, is not counted.",
        f"{len(rounds[first])} rounds, contenders interleaved; medians, in brackets least and greatest;",
        f"against {first} in the same round. Missed, twice and forbidden pages are counted in nginx's log.",
        "",
        f"| | does | CPU ms/page | against {first} | pages/s | peak MB | missed | twice | forbidden |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for runner in runners:
        runs = rounds[runner.name]
        ratios = [a / b for a, b in zip(cpu[runner.name], cpu[first], strict=True)]
        wall = [pages / r.usage.wall for r in runs]
        memory = statistics.median(r.usage.memory for r in runs) / 1e6
        faults = " | ".join(str(max(r[i] for r in runs)) for i in (1, 2, 3))
        failed = sum(1 for r in runs if r.failed)
        name = f"{runner.name} ({failed} runs failed)" if failed else runner.name
        lines.append(
            f"| {name} | {runner.does} | {_spread(cpu[runner.name])} | {_spread(ratios)} "
            f"| {statistics.median(wall):.0f} | {memory:.0f} | {faults} |"
        )
    versions = "; ".join(filter(None, map(_version, runners)))
    footnotes = [
        "CPU is user and system time of all the processes of a command; peak MB that of its largest process.",
        f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}; {versions};",
        f"Python {platform.python_version()}.",
    ]
    return "\n".join([*lines, "", *footnotes, ""])


def _spread(values: Sequence[float]) -> str:
    return f"{statistics.median(values):.2f} [{min(values):.2f}, {max(values):.2f}]"


def _site(web: RealWeb) -> str:
    files = list((web.directory / "hosts").glob("*/news/*.gz"))
    packed = statistics.mean(file.stat().st_size for file in files)
    plain = statistics.mean(len(gzip.decompress(file.read_bytes())) for file in files[:200])
    return (
        f"{len(web.expected_urls)} pages on {len(web.hosts)} loopback addresses, "
        f"on average {plain / 1000:.0f} KB, {packed / 1000:.0f} KB gzipped."
    )


def _version(runner: Contender) -> str:
    try:
        done = subprocess.run(runner.version, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return done.stdout.partition("\n")[0]
