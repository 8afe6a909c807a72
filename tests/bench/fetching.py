"""CPU per page fetched, archived and committed, beside stock httpx that fetches the same pages and throws them away.

python -m tests.bench.fetching            writes docs/benchmarks/DATE-fetch.md
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from tests.bench.cpu import Usage, measure
from tests.corpus import CORPUS
from tests.realweb import RealWeb, nginx_missing

_HERE = Path(__file__).resolve().parent
_RESULTS = _HERE.parents[1] / "docs/benchmarks"
_PEERS = _HERE.parents[1] / ".build/peers/bin/python"
_OURS = Path(sys.executable).parent / "broadsheet"


def _urls(web: RealWeb, times: int) -> list[str]:
    """Every page under `times` addresses; the server does not look at the query. Front pages are left out."""
    pages = sorted(web.expected_urls.difference(web.seeds))
    urls = [f"{page}?edition={n}" for page in pages for n in range(times)]
    Random(1).shuffle(urls)
    return urls


def _commands(folder: Path) -> dict[str, list[str]]:
    manners = ["--allow-address", "127.0.0.0/8", "--delay", "0", "--contact", "bench@example.org"]
    return {
        "broadsheet crawl --no-extract": [
            *(
                str(_OURS),
                "crawl",
                "--seeds",
                "urls.txt",
                "--no-extract",
                "--extractors",
                "1",
                "--json",
                *manners,
            ),
            *("--data", str(folder / "data")),
        ],
        "stock httpx on trio": [str(_PEERS), str(_HERE / "peers/httpx_trio.py"), "urls.txt"],
    }


def _run(command: list[str], web: RealWeb, urls: list[str], folder: Path) -> Usage:
    folder.mkdir()
    (folder / "urls.txt").write_text("\n".join(urls), encoding="utf-8")
    with web.serve():
        usage = measure(command, folder)
    answered = [web.url_of(hit) for hit in web.access_log() if hit.status == 200 and "edition=" in hit.path]
    output = (folder / "output.txt").read_text(errors="replace")
    assert usage.exit_code == 0 and sorted(answered) == sorted(urls), output[-2000:]
    if command[0] == str(_OURS):
        assert json.loads(output.splitlines()[-1])["pages"] >= len(urls), output
    shutil.rmtree(folder)
    return usage


def _spread(values: list[float]) -> str:
    return f"{statistics.median(values):.2f} [{min(values):.2f}, {max(values):.2f}]"


def main() -> None:
    """Build the site, run both `--rounds` times in turn, write the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.fetching", description=__doc__)
    parser.add_argument("--pages", type=int, default=500)
    parser.add_argument("--times", type=int, default=20, help="addresses for each page")
    parser.add_argument("--hosts", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--name", default="fetch", help="the report is docs/benchmarks/DATE-NAME.md")
    options = parser.parse_args()
    if not (CORPUS / "extraction").exists() or nginx_missing():
        parser.exit(1, nginx_missing() or f"no corpus at {CORPUS}: set BROADSHEET_CORPUS\n")
    with tempfile.TemporaryDirectory(prefix="broadsheet-bench-") as scratch:
        web = RealWeb.build(Path(scratch, "web"), pages=options.pages, hosts=options.hosts)
        urls = _urls(web, options.times)
        commands = _commands(Path(scratch, "run"))
        rounds: dict[str, list[Usage]] = {name: [] for name in commands}
        for number in range(options.rounds):
            names = list(commands) if number % 2 else list(commands)[::-1]
            for name in names:
                rounds[name].append(_run(commands[name], web, urls, Path(scratch, "run")))
                print(f"round {number + 1}: {name}: {rounds[name][-1]}", flush=True)
        packed = statistics.mean(f.stat().st_size for f in Path(scratch).glob("web/hosts/*/news/*.gz"))
    cpu = {name: [1000 * usage.cpu / len(urls) for usage in runs] for name, runs in rounds.items()}
    ours, stock = cpu.values()
    ratios = [a / b for a, b in zip(ours, stock, strict=True)]
    does = (
        "robots.txt of each host, fetch, WARC, fdatasync, commit with FULL",
        "fetch, decode, throw away",
    )
    rows = [
        f"| {name} | {what} | {_spread(cpu[name])} | {statistics.median(len(urls) / u.wall for u in runs):.0f}"
        f" | {statistics.median(u.memory for u in runs) / 1e6:.0f} |"
        for what, (name, runs) in zip(does, rounds.items(), strict=True)
    ]
    text = "\n".join(
        [
            "# Fetch and archive: CPU beside stock httpx fetching alone",
            "",
            f"{len(urls)} addresses of real pages on {len(web.hosts)} loopback addresses, {packed / 1000:.0f} KB"
            " gzipped on average, from nginx,",
            f"which is not counted. No parsing. {options.rounds} rounds in turn; medians, in brackets least and",
            "greatest. CPU is user and system time of all processes of a command, its start included.",
            "",
            "| | does | CPU ms/page | pages/s | peak MB |",
            "|---|---|---|---|---|",
            *rows,
            "",
            f"**Ratio of CPU, ours to stock httpx, in the same round: {_spread(ratios)}** (to be at most 0.5).",
            "",
            f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}.",
            "",
        ]
    )
    (_RESULTS / f"{datetime.now(UTC):%Y-%m-%d}-{options.name}.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
