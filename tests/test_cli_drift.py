"""`broadsheet sites drift`: the last crawl that brought articles, held against those before it."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from archive.store import Store
from tests.command import command


def test_a_crawl_that_brought_nothing_new_hides_nothing(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    with closing(Store.open(tmp_path / "data" / "crawl.db")) as store:
        for now, (articles, authors) in enumerate(((60, 60), (30, 0), (0, 0)), 1):
            run = store.begin_run("site:paper", b"{}", now)
            store.count(run.id, {"articles:paper": articles, "field:paper:authors": authors})
            store.finish_run(run.id, now)
    rows = command(tmp_path, "sites", "drift", "--json", expect=3)
    assert {row["field"]: (row["had"], row["articles"], row["drifted"]) for row in rows}["authors"] == (
        0,
        30,
        True,
    )
