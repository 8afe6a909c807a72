"""Extraction over all pages of the corpus: what the scoreboard recorded still holds, and no page depends on another."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys

import msgspec
import pytest

from sites.extract import extract
from sites.extraction import Extraction
from sites.page import Page
from tests.corpus import CORPUS
from tests.mutate import mutated
from tests.score.__main__ import main
from tests.score.predict import cases, load

pytestmark = [
    pytest.mark.check,
    pytest.mark.skipif(not (CORPUS / "extraction").exists(), reason="needs the corpus"),
]


def _told(result: Extraction) -> bytes:
    return msgspec.json.encode(result, enc_hook=str)


def _pages() -> list[Page]:
    return [load(case)[1] for case in cases(CORPUS / "extraction")]


def _again(page: Page) -> Page:
    return Page(url=page.url, html=page.html, headers=page.headers)


def test_no_column_fell_below_the_best_recorded_run() -> None:
    assert main(["--check", "--quick"]) == 0


def test_the_same_page_gives_the_same_whatever_was_read_before_it() -> None:
    pages = _pages()
    first = [_told(extract(page)) for page in pages]
    order = list(range(len(pages)))
    random.Random(1).shuffle(order)
    assert [number for number in order if _told(extract(_again(pages[number]))) != first[number]] == []


def test_the_same_page_gives_the_same_in_every_process() -> None:
    _in_processes(step=5)


@pytest.mark.long
def test_every_page_gives_the_same_in_every_process() -> None:
    _in_processes(step=1)


def _in_processes(step: int) -> None:
    """Two processes whose hashes and orders differ; with `why`, so that all evidence is compared as well."""
    children = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.order_child", str(step), str(seed)],
            env={**os.environ, "PYTHONHASHSEED": str(seed)}, stdout=subprocess.PIPE,
        )
        for seed in (1, 2)
    ]  # fmt: skip
    told = [child.communicate()[0] for child in children]
    assert [child.returncode for child in children] == [0, 0]
    one, other = map(json.loads, told)
    assert len(one) >= 1_500 // step
    assert {case for case in one if one[case] != other.get(case)} == set()


def test_a_thousand_broken_pages_are_read_without_a_crash() -> None:
    _break(1_000)


@pytest.mark.long
def test_twenty_thousand_broken_pages_are_read_without_a_crash() -> None:
    _break(20_000)


def _break(count: int) -> None:
    rng = random.Random(0)
    pages = _pages()
    for number in range(count):
        page = pages[number % len(pages)]
        html = mutated(page.html, rng, pages[rng.randrange(len(pages))].html)
        result = extract(Page(url=page.url, html=html, headers=page.headers))
        assert len(result.links) <= 60_000
        if result.article is not None:
            assert len(result.article.text) <= 2 * len(html) + 1_000
