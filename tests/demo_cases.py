"""Writes the cases of the bundled plugins: `python -m tests.demo_cases` (existing ones stay)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from crawler.cases import write_case
from crawler.demo import Newsroom, build_newsroom
from crawler.demo.wire import Request
from sites.page import Page

__all__ = ["CASES", "main"]

CASES = Path(__file__).parent / "cases"


def _chosen(newsroom: Newsroom, old: Newsroom) -> Iterator[tuple[str, str, Newsroom, int, datetime]]:
    """(plugin, case, newsroom, number of the article, day)"""
    today, before = datetime(2026, 9, 14, 9, tzinfo=UTC), datetime(2019, 11, 5, 9, tzinfo=UTC)
    for number, name in ((0, "front-page"), (4, "subscribers-only"), (20, "two-authors")):
        yield "gazette", name, newsroom, number, today
    for number, name in ((0, "before-the-rebuilding"), (7, "before-the-rebuilding-again")):
        yield "gazette", name, old, number, before
    for number, name in (
        (0, "classed-headline"),
        (1, "plain-headline"),
        (2, "two"),
        (3, "three"),
        (6, "six"),
    ):
        yield "observer", name, newsroom, number, today
    for number, name in ((0, "utf-8"), (31, "shift-jis"), (10, "ten")):
        yield "minato", name, newsroom, number, today
    for number, name in ((0, "copy"), (25, "another-copy"), (50, "a-third")):
        yield "brightledger", name, newsroom, number, today
    for number, name in ((0, "plain"), (5, "latin-1"), (7, "utf-16")):
        yield "moody", name, newsroom, number, today


def main() -> None:
    newsroom = build_newsroom()
    old = build_newsroom(layouts={"gazette.example": "2019"})
    for plugin, name, room, number, day in _chosen(newsroom, old):
        folder = CASES / plugin / name
        if (folder / "expected.json").exists():
            continue
        url, facts = list(room.papers[f"{plugin}.example"].truth.items())[number]
        parts = urlsplit(url)
        reply = room.handle(Request(parts.netloc, parts.path, parts.query, visit=9))
        page = Page(url=url, html=reply.body, headers=reply.headers, fetched_at=day)
        write_case(folder, page, facts)


if __name__ == "__main__":
    main()
