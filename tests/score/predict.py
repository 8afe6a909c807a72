"""Run the extractor over the fixture folders, two processes at a time, each page by the model of its fold."""

from __future__ import annotations

import gzip
import hashlib
import json
import multiprocessing
import time
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

from sites.extract import extract
from sites.generic.kinds import Kinds
from sites.generic.model import Model
from sites.page import Page

__all__ = ["FOLDS", "cases", "fold_kinds", "fold_model", "fold_of", "load", "predict"]

FOLDS = 5
_FOLDS = Path(__file__).resolve().parents[1] / "train" / "folds"


def cases(root: Path, only: Iterable[str] = ()) -> list[Path]:
    """The case folders below a fixture folder, in order; `only` names data sets."""
    chosen = set(only)
    return sorted(
        path.parent
        for path in root.glob("*/*/expected.json")
        if not chosen or path.parent.parent.name in chosen
    )


def load(case: Path) -> tuple[dict[str, Any], Page]:
    """The ground truth and the page of a case."""
    expected = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    html = gzip.decompress((case / "page.html.gz").read_bytes())
    try:
        html.decode()
        headers = (
            ("content-type", "text/html; charset=utf-8"),
        )  # saved as UTF-8, whatever its meta still says
    except UnicodeDecodeError:
        headers = (("content-type", "text/html"),)
    return expected, Page(url=expected["url"], html=html, headers=headers)


@lru_cache(maxsize=FOLDS)
def _model(number: int) -> Model:
    path = _FOLDS / f"{number}.json"
    return Model(msgspec.json.decode(path.read_bytes()))


def fold_model(publisher: str) -> Model:
    """The model that has never seen this publisher."""
    return _model(fold_of(publisher))


@lru_cache(maxsize=FOLDS)
def _kinds(number: int) -> Kinds:
    return Kinds(msgspec.json.decode((_FOLDS / f"kinds-{number}.json").read_bytes()))


def fold_kinds(publisher: str) -> Kinds:
    """The page types that have never seen this publisher."""
    return _kinds(fold_of(publisher))


def fold_of(publisher: str) -> int:
    """The fold of a publisher: by hash, so that it never depends on what else is in the corpus."""
    return int(hashlib.sha1(publisher.encode(), usedforsecurity=False).hexdigest()[:8], 16) % FOLDS


def _one(case: Path) -> dict[str, Any]:
    expected, page = load(case)
    publisher = expected.get("split_key") or case.name
    began = time.process_time()
    result = extract(page, model=fold_model(publisher), kinds=fold_kinds(publisher))
    took = time.process_time() - began
    article = result.article
    out: dict[str, Any] = {
        "case": expected["case"],
        "page_type": result.page_type,
        "confidence": result.confidence,
        "took": took,
        "size": len(page.html),
        "language": article.language if article else "",
        "tags": list(article.tags) if article else [],
    }
    if article is not None:
        out |= {"title": article.title, "authors": list(article.authors), "text": article.text}
        out["published"] = str(article.published) if article.published else ""
    return out


def predict(root: Path, only: Iterable[str] = (), processes: int = 2) -> list[dict[str, Any]]:
    """One prediction a case, in the order of `cases`."""
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        return pool.map(_one, cases(root, only), chunksize=8)
