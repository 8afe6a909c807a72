"""The demo's trap, crawled by the command over real sockets: what it costs, what is lost, what `status` says."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from crawler.demo import build_newsroom
from crawler.demo.server import running
from tests.check.kit import BIN, articles, run

pytestmark = pytest.mark.check
SEED = "http://labyrinth.example/"


def test_a_trap_costs_two_hundred_requests_at_most_over_two_crawls(tmp_path: Path) -> None:
    with running(build_newsroom(1, today=date(2026, 11, 20), crawl_delay=0)) as server:
        (tmp_path / "broadsheet.toml").write_text(server.settings, encoding="utf-8")
        notices = {url for url in server.newsroom.truth if url.startswith(SEED)}
        run(BIN / "broadsheet", "crawl", SEED, "--delay", "0", "--max-pages", "60", "--json", folder=tmp_path)
        run(BIN / "broadsheet", "crawl", SEED, "--delay", "0", "--json", folder=tmp_path)
        assert 100 < len(server.hits) <= 200
    assert notices <= set(articles(tmp_path / "data"))
    stats = json.loads(run(BIN / "broadsheet", "status", "--json", folder=tmp_path))
    traps = {trap["shape"]: trap for trap in stats["traps"] if trap["host"] == "labyrinth.example"}
    assert {"/calendar/#/#", "/list?*", "/maze/**"} <= set(traps)
    assert all(trap["cut"] > 0 for trap in traps.values())
    said = run(BIN / "broadsheet", "status", folder=tmp_path)
    assert "labyrinth.example" in said and "/calendar/#/#" in said
