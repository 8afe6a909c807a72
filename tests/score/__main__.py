"""The scoreboard of extraction: `python -m tests.score`.

fixtures ─▶ extractor, each page by the model of its fold ─▶ predictions ─▶ score_extraction.py (another program)
         ─▶ every column beside the peers' figures, by language, the worst pages, and what fell since the best run
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

from sites.extract import extract
from sites.page import Page
from tests.corpus import CORPUS
from tests.score.columns import COLUMNS, Column
from tests.score.predict import cases, load, predict

BEST = Path(__file__).with_name("best.json")
TRIES = 1000


def score(
    predictions: list[dict[str, Any]], only: list[str], folder: Path
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The scorer's table by data set, and its scores by case."""
    said = folder / "predictions.jsonl"
    said.write_text("".join(json.dumps(line) + "\n" for line in predictions), encoding="utf-8")
    table, each = folder / "table.json", folder / "cases.jsonl"
    command = [
        sys.executable, str(CORPUS / "tools" / "score_extraction.py"), str(CORPUS / "extraction"), str(said),
        "--rouge", "fundus-eval", "--json", str(table), "--per-case", str(each), *(["--only", ",".join(only)] if only else []),
    ]  # fmt: skip
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    lines = each.read_text(encoding="utf-8").splitlines()
    return json.loads(table.read_text(encoding="utf-8")), [json.loads(line) for line in lines]


def types(predictions: list[dict[str, Any]]) -> dict[str, float]:
    """Of the articles those kept, of the others those kept out."""
    others = [
        line for line in predict(CORPUS / "extraction-extra") if not line["case"].startswith("htmldate")
    ]
    kept = [line["page_type"] == "article" for line in predictions]
    out = [line["page_type"] != "article" for line in others]
    return {"kept": statistics.fmean(kept), "out": statistics.fmean(out)} if kept and out else {}


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


def languages(each: list[dict[str, Any]], predictions: list[dict[str, Any]]) -> list[str]:
    """Word F1 of the body and exact titles by language, for languages with ten pages or more."""
    said = {line["case"]: (line["language"] or "?").partition("-")[0].lower() for line in predictions}
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in each:
        groups[said.get(line["case"], "?")].append(line)
    rows = []
    for language, lines in sorted(groups.items(), key=lambda pair: -len(pair[1])):
        body = [line["wF1"] for line in lines if "wF1" in line]
        titles = [line["title"] for line in lines if "title" in line]
        if len(lines) >= 10:
            rows.append(
                f"{language:4}{len(lines):5}"
                + "".join(f"{statistics.fmean(v):8.3f}" if v else " " * 8 for v in (body, titles))
            )
    return rows


def paired(each: list[dict[str, Any]], before: list[dict[str, Any]]) -> str:
    """How sure it is that the body's word F1 changed since another run: a bootstrap over the same pages."""
    old = {line["case"]: line["wF1"] for line in before if "wF1" in line}
    change = [line["wF1"] - old[line["case"]] for line in each if "wF1" in line and line["case"] in old]
    rng = random.Random(0)
    means = sorted(statistics.fmean(rng.choices(change, k=len(change))) for _ in range(TRIES))
    low, high = means[TRIES // 40], means[-TRIES // 40]
    return f"word F1 changed by {statistics.fmean(change):+.4f} (95 %: {low:+.4f} to {high:+.4f}) on {len(change)} pages"


def fallen(values: dict[str, float], table: dict[str, Any]) -> list[str]:
    """The columns that are below the best recorded run by more than .005 and one and a half pages."""
    best = json.loads(BEST.read_text()) if BEST.exists() else {}
    out = []
    for column in COLUMNS:
        if column.name in values and column.name in best:
            pages = table.get(column.dataset, {}).get("n", 100)
            worse = (best[column.name] - values[column.name]) * (-1 if column.low else 1)
            if worse > max(0.005, 1.5 / pages) and column.key != "speed":
                out.append(f"{column.name}: {values[column.name]:.3f}, was {best[column.name]:.3f}")
    return out


def _value(column: Column, table: dict[str, Any], more: dict[str, float]) -> float | None:
    if not column.dataset:
        return more.get(column.key)
    found = table.get(column.dataset, {}).get(column.key)
    return None if found is None else float(found)


def main(arguments: list[str] | None = None) -> int:
    options = argparse.ArgumentParser(
        prog="python -m tests.score",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    options.add_argument("--only", default="", help="data sets, parted by commas")
    options.add_argument("--worst", type=int, default=0, help="name the worst pages")
    options.add_argument("--save", type=Path, help="keep the scores by case here")
    options.add_argument("--against", type=Path, help="scores by case of another run")
    options.add_argument(
        "--check", action="store_true", help="fail when a column fell below the best recorded run"
    )
    options.add_argument("--record", action="store_true", help="record this run as the best")
    options.add_argument("--quick", action="store_true", help="no page types, no speed")
    chosen = options.parse_args(arguments)
    only = [name for name in chosen.only.split(",") if name]
    predictions = predict(CORPUS / "extraction", only)
    with tempfile.TemporaryDirectory() as folder:
        table, each = score(predictions, only, Path(folder))
    more = {} if chosen.quick else {**types(predictions), "speed": speed()}
    values = {column.name: value for column in COLUMNS if (value := _value(column, table, more)) is not None}
    print(f"{'':34}{'peer':>8}{'aim':>8}{'ours':>8}")
    for column in COLUMNS:
        if column.name in values:
            print(f"{column.name:34}{column.peer:>8}{column.aim:>8}{values[column.name]:>8.3f}")
    print("\n".join(["", "language, pages, word F1, exact titles", *languages(each, predictions)]))
    for line in sorted((line for line in each if "wF1" in line), key=lambda line: line["wF1"])[
        : chosen.worst
    ]:
        print(f"{line['wF1']:.3f} {line['case']}")
    if chosen.against:
        print(paired(each, [json.loads(line) for line in chosen.against.read_text().splitlines()]))
    if chosen.save:
        chosen.save.write_text("".join(json.dumps(line) + "\n" for line in each))
    if chosen.record:
        BEST.write_text(
            json.dumps({name: round(value, 4) for name, value in values.items()}, indent=1) + "\n"
        )
    lost = fallen(values, table) if chosen.check else []
    print("\n".join(f"fell: {line}" for line in lost))
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
