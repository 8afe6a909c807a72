"""`make bench`: CPU of all processes for the same crawl by ours and by others, interleaved, in one run."""

from __future__ import annotations

import argparse
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from tests.bench.contenders import CONTENDERS, OURS, Contender
from tests.bench.cpu import Usage, measure
from tests.bench.report import Round, table
from tests.corpus import CORPUS
from tests.realweb import RealWeb, nginx_missing

_RESULTS = Path(__file__).resolve().parents[2] / "docs/benchmarks"


def _run(contender: Contender, web: RealWeb, folder: Path) -> Round:
    folder.mkdir()
    with web.serve():
        usage: Usage = measure(contender.command(web, folder), folder)
    answered = [web.url_of(hit) for hit in web.access_log() if hit.status == 200]
    pages = [url for url in answered if url in web.expected_urls]
    outcome = Round(
        usage=usage,
        missed=len(web.expected_urls) - len(set(pages)),
        twice=len(pages) - len(set(pages)),
        forbidden=len(web.forbidden_urls.intersection(answered)),
        failed=usage.exit_code not in contender.fine,
    )
    if outcome.failed:
        print((folder / "output.txt").read_text(errors="replace")[-2000:])
    shutil.rmtree(folder)
    return outcome


def main() -> None:
    """Build the site, run every contender `--rounds` times, write the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--hosts", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--name", default="crawl", help="the report is docs/benchmarks/DATE-NAME.md")
    parser.add_argument("--peers-only", action="store_true", help=f"leave {OURS} out")
    options = parser.parse_args()
    if not (CORPUS / "extraction").exists() or nginx_missing():
        parser.exit(1, nginx_missing() or f"no corpus at {CORPUS}: set BROADSHEET_CORPUS\n")
    runners = [contender for contender in CONTENDERS if not options.peers_only or contender.name != OURS]
    rounds: dict[str, list[Round]] = {contender.name: [] for contender in runners}
    with tempfile.TemporaryDirectory(prefix="broadsheet-bench-") as scratch:
        web = RealWeb.build(Path(scratch, "web"), pages=options.pages, hosts=options.hosts)
        for number in range(options.rounds):
            turn = number % len(runners)
            for contender in runners[turn:] + runners[:turn]:
                outcome = _run(contender, web, Path(scratch, "run"))
                rounds[contender.name].append(outcome)
                print(f"round {number + 1}: {contender.name}: {outcome}", flush=True)
        text = table(runners, rounds, web)
    _RESULTS.mkdir(parents=True, exist_ok=True)
    report = _RESULTS / f"{datetime.now(UTC):%Y-%m-%d}-{options.name}.md"
    report.write_text(text, encoding="utf-8")
    print(text)


main()
