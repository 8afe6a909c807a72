"""The scoreboard of extraction: `python -m tests.score`.

fixtures ─▶ extractor, each page by the model of its fold ─▶ predictions ─▶ score_extraction.py (another program)
         ─▶ every column beside the peers' figures, by language, the worst pages, what changed since the last run (a
            paired bootstrap), and what fell since the best
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from sites.extract import extract
from sites.generic import survey
from sites.page import Page
from tests.corpus import CORPUS
from tests.score.columns import COLUMNS, SPEED, Column
from tests.score.figures import LEAST, Line, by_language, changes, pages_of, value, worst
from tests.score.predict import cases, load, predict

BEST = Path(__file__).with_name("best.json")


def score(predictions: list[dict[str, Any]], only: list[str]) -> list[Line]:
    """The scorer's judgement of every page."""
    with tempfile.TemporaryDirectory() as folder:
        said, each = Path(folder) / "predictions.jsonl", Path(folder) / "cases.jsonl"
        said.write_text("".join(json.dumps(line) + "\n" for line in predictions), encoding="utf-8")
        command = [
            sys.executable, str(CORPUS / "tools" / "score_extraction.py"), str(CORPUS / "extraction"), str(said),
            "--rouge", "fundus-eval", "--per-case", str(each), *(["--only", ",".join(only)] if only else []),
        ]  # fmt: skip
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return _read(each)


def _read(path: Path) -> list[Line]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def types(predictions: list[dict[str, Any]]) -> dict[str, list[bool]]:
    """Which of the articles are kept, which of the other pages are kept out."""
    others = [
        line for line in predict(CORPUS / "extraction-extra") if not line["case"].startswith("htmldate")
    ]
    return {
        "kept": [line["page_type"] == "article" for line in predictions],
        "out": [line["page_type"] != "article" for line in others],
    }


def speed() -> float:
    """Pages a second of CPU time on one core, all fields, the scrapinghub pages; the best of three rounds."""
    pages = [load(case)[1] for case in cases(CORPUS / "extraction", ["scrapinghub"])]
    best = 1e9
    for _ in range(4):
        began = time.process_time()
        for page in pages:
            extract(Page(url=page.url, html=page.html, headers=page.headers))
        best = min(best, time.process_time() - began)
    return len(pages) / best


def fallen(
    values: dict[str, float], each: list[Line], kinds: dict[str, list[bool]], best: dict[str, float]
) -> list[str]:
    """The columns below the best recorded run by more than .005 and one and a half of the pages they count.

    Speed is no column to fall: it depends on the machine.
    """
    out = []
    for column in COLUMNS:
        if column.name != SPEED and column.name in values and column.name in best:
            pages = pages_of(column.key, _of(column, each)) if column.dataset else len(kinds[column.key])
            worse = (best[column.name] - values[column.name]) * (-1 if column.low else 1)
            if worse > max(0.005, 1.5 / max(1, pages)):
                out.append(f"{column.name}: {values[column.name]:.3f}, was {best[column.name]:.3f}")
    return out


def _of(column: Column, each: list[Line]) -> list[Line]:
    return [line for line in each if line["dataset"] == column.dataset]


def _print(values: dict[str, float], each: list[Line], predictions: list[dict[str, Any]], count: int) -> None:
    """The last column leaves out the pages that are not taken for articles."""
    languages = {line["case"]: (line["language"] or "?").partition("-")[0].lower() for line in predictions}
    articles = {line["case"] for line in predictions if line["page_type"] == "article"}
    kept = [line for line in each if line["case"] in articles]
    print(f"{'':34}{'peer':>8}{'aim':>8}{'ours':>8}{'kept':>8}")
    for column in COLUMNS:
        if column.name in values:
            alone = value(column.key, _of(column, kept)) if column.dataset else None
            print(
                f"{column.name:34}{column.peer:>8}{column.aim:>8}{values[column.name]:>8.3f}"
                + (f"{alone:>8.3f}" if alone is not None else "")
            )
    how = "compiled" if survey.__file__.endswith(".so") else "interpreted"
    print(f"\nextraction ran {how}")
    print(
        "\n".join(
            ["", f"by language, where {LEAST} pages or more are annotated", *by_language(each, languages)]
        )
    )
    if count:
        print("\nthe worst pages")
        for column in COLUMNS:
            if names := worst(column.key, _of(column, each), count, low=column.low) if column.dataset else []:
                print(f"{column.name}: {', '.join(names)}")


def main(arguments: list[str] | None = None) -> int:
    options = argparse.ArgumentParser(
        prog="python -m tests.score",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    options.add_argument("--only", default="", help="data sets, parted by commas")
    options.add_argument(
        "--worst", type=int, default=5, help="how many of the worst pages of a column to name"
    )
    options.add_argument(
        "--last", type=Path, help="compare with the scores of the last run here, then keep this one's"
    )
    options.add_argument(
        "--check", action="store_true", help="fail when a column fell below the best recorded run"
    )
    options.add_argument("--record", action="store_true", help="record this run as the best")
    options.add_argument("--quick", action="store_true", help="no speed, no worst pages")
    chosen = options.parse_args(arguments)
    only = [name for name in chosen.only.split(",") if name]
    predictions = predict(CORPUS / "extraction", only)
    each = score(predictions, only)
    kinds = types(predictions)
    more = {key: statistics.fmean(told) for key, told in kinds.items() if told}
    if not chosen.quick:
        more["speed"] = speed()
    figures = [(c.name, value(c.key, _of(c, each)) if c.dataset else more.get(c.key)) for c in COLUMNS]
    values = {name: figure for name, figure in figures if figure is not None}
    _print(values, each, predictions, 0 if chosen.quick else chosen.worst)
    if chosen.last:
        if chosen.last.exists():
            print(
                "\n".join(
                    ["", "since the last run here (* surely)", *changes(COLUMNS, each, _read(chosen.last))]
                )
            )
        chosen.last.parent.mkdir(parents=True, exist_ok=True)
        chosen.last.write_text("".join(json.dumps(line) + "\n" for line in each), encoding="utf-8")
    if chosen.record:
        best = {name: round(figure, 4) for name, figure in values.items() if name != SPEED}
        BEST.write_text(json.dumps(best, indent=1) + "\n")
    lost = fallen(values, each, kinds, json.loads(BEST.read_text())) if chosen.check else []
    print("\n".join(f"fell: {line}" for line in lost))
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
