"""What changed in an article: by its captures, or by the rules they were read with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from archive.index import ArticleIndex, Change, changes, latest_change
from archive.index.types import Version
from archive.store import Store
from crawler.cli.app import app
from sites.article import Article, encode_article
from sites.moment import Moment
from tests.test_archive_index import A, article, entry

OLD = article(text="One.\n\nTwo.\n\nThree.", authors=("Ann Lee",), section="World")
NEW = article(text="One.\n\nTwo, mended.\n\nThree.", authors=("Ann Lee", "Bo Ek"), title="Another title")


def version(number: int, found: Article | None, fingerprint: str = "f1") -> Version:
    return Version(
        capture_id=number,
        record_id=f"urn:{number}",
        fetched_at=number,
        fingerprint=fingerprint,
        page_type="article" if found else "listing",
        content_hash="",
        article_json=encode_article(found) if found else b"",
    )


def test_fields_and_lines_that_differ_are_told_in_the_order_of_the_schema() -> None:
    assert changes(OLD, NEW) == [
        Change("title", "A title", "Another title"),
        Change("authors", ["Ann Lee"], ["Ann Lee", "Bo Ek"]),
        Change("section", "World", None),
        Change("text", lines=("@@ -2,3 +2,3 @@", " ", "-Two.", "+Two, mended.", " ")),
    ]
    assert changes(OLD, OLD) == []
    [dated] = changes(
        OLD,
        article(text=OLD.text, authors=OLD.authors, section="World", published=Moment.parse("2025-04-14")),
    )
    assert (dated.before, dated.after) == (None, "2025-04-14")


@pytest.mark.parametrize(
    ("versions", "rules", "found"),
    [
        ([version(1, OLD)], False, None),
        ([version(1, OLD), version(2, OLD)], False, None),
        ([version(1, OLD), version(2, NEW), version(3, NEW)], False, (1, 2)),
        ([version(1, OLD), version(2, None), version(3, NEW)], False, (1, 3)),
        ([version(1, OLD), version(1, NEW, "f2"), version(2, NEW)], False, None),
        ([version(1, OLD), version(1, NEW, "f2"), version(2, NEW)], True, (1, 1)),
        ([version(1, OLD), version(2, NEW)], True, None),
    ],
)
def test_the_last_two_readings_that_differ(
    versions: list[Version], rules: bool, found: tuple[int, int] | None
) -> None:
    pair = latest_change(versions, rules=rules)
    assert (pair and (pair[0].capture_id, pair[1].capture_id)) == found


def test_the_command_tells_people_and_scripts(tmp_path: Path) -> None:
    Store.open(tmp_path / "crawl.db").close()
    index = ArticleIndex.open(tmp_path / "articles.db")
    index.put([entry(1, OLD), entry(2, NEW)])
    index.close()

    def run(*words: str) -> tuple[int, str]:
        result = CliRunner().invoke(app, ["articles", "diff", *words, "--data", str(tmp_path)])
        return result.exit_code, result.output

    code, told = run(A)
    assert code == 0 and "-Two.\n+Two, mended.\n" in told and "-Ann Lee\n+Ann Lee, Bo Ek\n" in told
    code, line = run(A, "--json")
    assert code == 0 and [change["field"] for change in json.loads(line)["changes"]][-1] == "text"
    assert run(A, "--rules") == (0, "no change: all sets of rules that were read gave the same article\n")
    code, told = run("https://a.example/none")
    assert code == 1 and "explain" in told
