"""`extract --why`: what it prints is what docs/extraction.md shows; it reads well, and JSON holds every block."""

from __future__ import annotations

import re
from pathlib import Path

from typer.testing import CliRunner

from crawler.cli.app import app
from crawler.cli.why import explained
from sites.article import decode_article
from sites.extract import extract
from sites.extraction import Evidence, Extraction, FieldError
from sites.page import Page
from tests.command import command
from tests.documented import FileBlock, Typed, steps
from tests.test_sites_kinds import STORY, doubtful

URL = "https://gazette.example/news/ferry-to-stop"


def documented() -> tuple[bytes, list[str]]:
    """The page that the document shows, and the lines that it says are printed."""
    page, asked = list(steps("extraction.md"))[-2:]
    assert isinstance(page, FileBlock) and isinstance(asked, Typed)
    assert asked.command == f"broadsheet extract {page.name} --url {URL} --why"
    return page.text.encode(), list(asked.prints)


def masked(line: str) -> str:
    """What training anew may move a little is not compared."""
    return re.sub(r"\d\.\d\d", "0.00", line)


def test_the_document_shows_what_is_printed() -> None:
    html, shown = documented()
    lines = list(explained(extract(Page(url=URL, html=html), why=True), 80))
    printed = iter([masked(line) for line in lines])
    assert [line for line in shown if masked(line) not in printed] == [], "\n".join(lines)
    assert max(map(len, lines)) <= 80


def test_json_holds_the_sort_every_field_and_every_block(tmp_path: Path) -> None:
    html, _ = documented()
    (tmp_path / "ferry.html").write_bytes(html)
    [told] = command(tmp_path, "extract", "ferry.html", "--url", URL, "--why", "--json")
    blocks = [each for each in told["evidence"] if each["field"] == "body"]
    assert len(blocks) == 11
    assert [each["value"][:9] for each in blocks if each.get("kept", True)] == [
        "The ferry",
        "Repairs t",
        "The town ",
    ]
    assert {each["where"] for each in blocks if each.get("kept", True)} == {"body > article.story > p"}
    assert all(0 <= each["score"] <= 1 for each in blocks)
    [sort] = [each for each in told["evidence"] if each["field"] == "page_type"]
    assert sort["value"] == "article" and sort["lost"]


def test_of_a_page_in_doubt_the_article_is_given_with_a_warning(tmp_path: Path) -> None:
    url, html = doubtful()
    (tmp_path / "page.html").write_text(html, encoding="utf-8")
    found = CliRunner().invoke(app, ["extract", str(tmp_path / "page.html"), "--url", url, "--json"])
    assert found.exit_code == 0
    assert "in doubt: the page looks like: listing" in found.stderr
    assert decode_article(found.stdout).text.endswith(STORY[-1])


def test_a_block_left_out_in_spite_of_its_score_says_why_and_plugins_errors_are_told() -> None:
    block = Evidence(
        "body", "model, a copy of another block", "A line twice.", kept=False, score=0.9, where="div > p"
    )
    found = Extraction(
        page_type="article",
        confidence=0.7,
        evidence=(Evidence("title", "h1", "T", 0.8, lost=("og:title: U",)), block),
        errors=(FieldError("gazette", "authors", "no list", "gazette.py:7"),),
    )
    lines = list(explained(found, 80))
    assert "     0.90  (a copy of another block) A line twice." in lines
    assert "                      lost: og:title: U" in lines
    assert lines[-1] == "plugin gazette, field authors: no list (gazette.py:7)"


def test_runs_that_nothing_spoke_for_are_one_line_and_short_ones_are_not() -> None:
    def said(count: int) -> list[str]:
        blocks = tuple(
            Evidence("body", "model", f"menu {n}", kept=False, score=0.01, where="li") for n in range(count)
        )
        return [line for line in explained(Extraction(evidence=blocks), 80) if "menu" in line]

    assert len(said(3)) == 3
    assert said(40) == ["    <0.05  40 blocks: 'menu 0' to 'menu 39'"]
