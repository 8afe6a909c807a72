"""What pages say, where it could do harm: on the operator's terminal, in a spreadsheet, in the name of a file."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from rich.table import Table
from typer.testing import CliRunner

from crawler.cli.app import app
from crawler.cli.screen import Screen
from sites.url import parse, path_query
from tests.command import command
from tests.plainserver import plain_server

PAGE = """<!doctype html><html><head><title>%s</title><meta name="author" content="%s"></head><body><article><h1>%s</h1>
<p>The harbour was opened on Tuesday by the mayor, who cut a ribbon and spoke about the works at some length.</p>
<p>Ships had waited since the morning, and the crowd along the quay %s cheered when the first of them came in.</p>
<p>It had taken four years and cost twice what was planned, said the engineer, but it would last a century.</p>
</article></body></html>"""
ESCAPES = "\x1b[31mred\x1b]0;owned\x07 \x9b2J \x08\x7f \u202eback [bold]not bold[/]"


@given(st.text())
def test_no_control_character_reaches_the_terminal(text: str) -> None:
    screen = Screen(file=io.StringIO(), force_terminal=False, width=80)
    screen.print(text, markup=False)
    table = Table()
    table.add_column(header="x")
    table.add_row(screen.render_str(text, markup=False))
    screen.print(table)
    written = screen.file.getvalue()
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", written)


def test_a_page_cannot_write_to_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE % ((ESCAPES,) * 4), encoding="utf-8")
    done = CliRunner().invoke(
        app, ["extract", str(tmp_path / "page.html"), "--url", "http://a.example/news/1", "--why"]
    )
    assert done.exit_code == 0 and "harbour" in done.stdout
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", done.stdout)
    assert "[bold]not bold[/]" in done.stdout, "and rich's own markup is nothing special in it"


def test_titles_are_no_formulas_and_urls_no_file_names(tmp_path: Path) -> None:
    titles = ("=1+1", "+SUM(A1)", "-2", "@x", '=HYPERLINK("http://x","y")')
    odd = "/..%2f..%2fCON/%00/" + "n" * 300 + "?q='; DROP TABLE urls; --"
    paths = [odd, *(f"/news/{n}" for n in range(1, len(titles)))]
    pages = {
        path: PAGE % (title, "=cmd|' /C calc'!A0", title, path[:9])
        for path, title in zip(paths, titles, strict=True)
    }
    with plain_server({}) as server:
        server.answers.update(
            {parse_path(path): ("text/html", page.encode()) for path, page in pages.items()}
        )
        (tmp_path / "broadsheet.toml").write_text(server.settings("a.example"), encoding="utf-8")
        command(
            tmp_path, "crawl", *(f"http://a.example{path}" for path in paths), "--extractors", "1", "--json"
        )
    command(tmp_path, "articles", "export", "--format", "csv", "--output", "out.csv")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "out.csv").read_text(encoding="utf-8"))))
    assert {row["title"] for row in rows} == {f"'{title}" for title in titles}
    cells = [value for row in rows for value in row.values()]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    names = [path.name for path in (tmp_path / "data").rglob("*")]
    assert names and all(re.fullmatch(r"[a-z0-9_.-]+", name, re.IGNORECASE) for name in names), names
    assert command(tmp_path, "verify", "--json") == [{"errors": 0, "warnings": 0}]


def parse_path(path: str) -> str:
    """The path as it crosses the wire."""
    url = parse(f"http://a.example{path}")
    assert url is not None
    return path_query(url)
