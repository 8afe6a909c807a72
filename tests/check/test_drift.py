"""A paper is rebuilt while it is crawled: the crawl itself notices."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from crawler.demo import Newsroom, build_newsroom
from crawler.demo.server import running
from tests.command import command

pytestmark = pytest.mark.check

HOST = "observer.example"
CRAWL = ("crawl", "observer", "--delay", "0", "--json")


def paper(extra: int, layout: str = "") -> Newsroom:
    layouts = {HOST: layout} if layout else {}
    return build_newsroom(1, today=date(2026, 11, 20), crawl_delay=0, extra={HOST: extra}, layouts=layouts)


def test_a_rebuilt_paper_is_noticed_by_its_crawl(tmp_path: Path) -> None:
    with running(paper(0)) as server:
        (tmp_path / "broadsheet.toml").write_text(server.settings, encoding="utf-8")
        [first] = command(tmp_path, *CRAWL)
        server.newsroom = paper(4)
        [second] = command(tmp_path, *CRAWL)
        assert first["drifted"] == second["drifted"] == []
        assert not any(row["drifted"] for row in command(tmp_path, "sites", "drift", "--json"))

        server.newsroom = paper(10, "next")
        [third] = command(tmp_path, *CRAWL, expect=3)
        assert third["articles"] == 6, "the defaults still read them"
        told = {drift["share"]["field"] for drift in third["drifted"]}
        assert {"authors", "rule:title", "rule:body"} <= told
        assert not {"article", "title", "blocks"} & told
        rows = {
            row["field"]: row for row in command(tmp_path, "sites", "drift", "observer", "--json", expect=3)
        }
        assert rows["rule:title"]["had"] == 0 and rows["title"]["had"] == 6

        server.newsroom = paper(14, "next")
        [fourth] = command(tmp_path, *CRAWL, expect=3)
        assert {drift["share"]["field"] for drift in fourth["drifted"]} >= {"rule:title"}, (
            "until it is mended"
        )

        server.newsroom = paper(24)
        [fifth] = command(tmp_path, *CRAWL)
        assert fifth["drifted"] == []
    [told] = command(tmp_path, "sites", "drift", "nobody", "--json", expect=2)
    assert "never crawled by this name" in told["error"]
