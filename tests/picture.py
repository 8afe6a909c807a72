"""Draws the picture of the README: `python -m tests.picture docs/demo.svg`, from the demo's real output.

The newsroom's seed and day are fixed, so that only a change of the program changes the picture.
"""

from __future__ import annotations

import io
import re
import sys
import tempfile
from datetime import date
from pathlib import Path

from rich.console import Console

from crawler.cli.tour import Tour
from crawler.demo import build_newsroom
from crawler.demo.server import running

__all__ = ["draw", "main"]


def draw() -> str:
    """The tour from the table of articles to the mended rule, as SVG."""
    console = Console(record=True, width=100, file=io.StringIO(), highlight=False)
    newsroom = build_newsroom(1, today=date(2026, 9, 14))
    with tempfile.TemporaryDirectory() as folder, running(newsroom) as server:
        tour = Tour(console, server, Path(folder) / "demo")
        tour.settle()
        tour.crawl()
        console.export_text()  # what it said so far is forgotten
        tour.articles()
        tour.beside()
        tour.lesson()
    svg = console.export_svg(title="broadsheet demo", unique_id="demo")
    return re.sub(r"\s*@font-face \{[^}]*\}", "", svg)  # nothing is loaded from elsewhere


def main() -> None:
    Path(sys.argv[1]).write_text(draw(), encoding="utf-8")


if __name__ == "__main__":
    main()
