"""The parts of the demo's tour that need no process: a page's lines beside what became of them, and the board."""

from __future__ import annotations

import io
import re

import pytest
from rich.console import Console

from crawler.cli.board import Board
from crawler.demo import build_newsroom
from crawler.demo.beside import LEFT_OUT, lines_beside
from crawler.events import PageExtracted, PageStored
from sites.extract import extract
from sites.page import Page
from sites.registry import Registry
from tests.demo_pages import demo_page

NEWSROOM = build_newsroom()
REGISTRY = Registry.load(entry_points=False)
COPIES = list(NEWSROOM.papers["brightledger.example"].truth)


@pytest.mark.parametrize("url", COPIES[:12])
def test_each_line_of_a_copy_is_shown_with_what_became_of_it(url: str) -> None:
    facts = NEWSROOM.truth[url]
    page = demo_page(NEWSROOM, url)
    lines = lines_beside(page, extract(page, REGISTRY.for_url(url), why=True))
    became: dict[str, list[str]] = {}
    for line in lines:
        became.setdefault(line.became, []).append(line.text)
    assert became["title"] == [facts["title"]]
    assert [became[f"paragraph {number}"] for number in range(1, len(facts["blocks"]) + 1)] == [
        [block["text"]] for block in facts["blocks"]
    ]
    assert became["tags"] == [" · ".join(facts["tags"])]
    assert {line.value for line in lines if line.became == "section"} == {facts["section"]}
    assert {line.value for line in lines if line.became == "published"} == {facts["published"]}
    assert {line.value for line in lines if line.became == "site_name"} == {facts["site_name"]}
    related = " · ".join(became["related"])
    assert all(link["text"] in related for link in facts["related"])
    out = " · ".join(became[LEFT_OUT])
    for furniture in ("Stocks · Markets", "In:", "! (", "Ranking", "Recommendation", "Copyright"):
        assert furniture in out


def test_a_page_without_an_article_has_no_lines_beside() -> None:
    page = Page(url="http://a.example/", html=b"<p>Nothing</p>")
    assert lines_beside(page, extract(page, why=True)) == ()


@pytest.mark.parametrize("terminal", [False, True])
def test_the_board_counts_pages_and_each_article_once(terminal: bool) -> None:
    out = io.StringIO()
    console = Console(file=out, force_terminal=terminal, width=100)
    with Board(console, {"a.example": "The A", "b.example": "The B"}) as board:
        for url in ("http://a.example/1", "http://a.example/2", "http://b.example/1"):
            board(PageStored(url, 200, 10, 0.1))
        for url in ("http://a.example/1", "http://a.example/1", "http://elsewhere.example/1"):
            board(PageExtracted(url, "ok", "article", "A ship sails", 3))
        board(PageExtracted("http://a.example/2", "none", "listing", "", 3))
        filling = board.table()
    assert [column.header for column in filling.columns][-1] == "just read"
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", out.getvalue())
    rows = [line.split() for line in plain.splitlines()[-2:]]
    assert rows == [["The", "A", "a.example", "2", "1"], ["The", "B", "b.example", "1", "0"]]
