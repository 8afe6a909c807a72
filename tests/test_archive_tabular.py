"""The index as files for other programs: what stands in a cell is what stood in the article."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from pyarrow import parquet

from archive.index.tabular import csv_lines, jsonl_lines, write_parquet
from sites.article import Article, Block, Image, TextLink, encode_article
from sites.moment import Moment

FULL = Article(
    url="https://a.example/1",
    title="=SUM(A1)",
    authors=("Ann Berg", "Bo Chu"),
    published=Moment.parse("2025-04-14T14:20:43+02:00"),
    modified=Moment.parse("2025-04-15"),
    tags=("harbour",),
    image=Image("https://a.example/i.png", "A quay"),
    paywalled=False,
    blocks=(Block("heading", "At sea", level=2), Block("paragraph", "Read more", links=(TextLink("https://b.example/", "more", 5, 9),))),
    text="At sea\n\nRead more",
    related=(TextLink("https://a.example/2", "Two"),),
)  # fmt: skip
EMPTY = Article(url="https://a.example/2", text="-1 is a number, 😀 is not")


def rows() -> list[dict[str, Any]]:
    return [msgspec.json.decode(encode_article(article)) for article in (FULL, EMPTY)]


def test_json_lines_are_the_rows() -> None:
    assert [json.loads(line) for line in jsonl_lines(rows())] == rows()


def test_csv_is_read_back_and_no_cell_is_a_formula() -> None:
    names, full, empty = csv.reader(io.StringIO(b"".join(csv_lines(rows())).decode(), newline=""))
    facts = dict(zip(names, full, strict=True))
    assert (facts["title"], facts["authors"], facts["text"]) == (
        "'=SUM(A1)",
        '["Ann Berg","Bo Chu"]',
        "At sea\n\nRead more",
    )
    assert dict(zip(names, empty, strict=True))["text"] == "'-1 is a number, 😀 is not"


def test_parquet_keeps_lists_blocks_and_dates(tmp_path: Path) -> None:
    path = tmp_path / "articles.parquet"
    with path.open("wb") as file:
        assert write_parquet(rows() * 600, file) == 1_200
    read = parquet.read_table(path).to_pylist()
    assert len(read) == 1_200
    full, empty = read[:2]
    assert (full["authors"], full["image"]["caption"], full["paywalled"]) == (
        ["Ann Berg", "Bo Chu"],
        "A quay",
        False,
    )
    assert [block["kind"] for block in full["blocks"]] == ["heading", "paragraph"]
    assert full["blocks"][1]["links"] == [{"url": "https://b.example/", "text": "more", "start": 5, "end": 9}]
    assert full["published"] == "2025-04-14T14:20:43+02:00"
    assert full["published_utc"] == datetime(2025, 4, 14, 12, 20, 43, tzinfo=UTC)
    assert full["modified_utc"] == datetime(2025, 4, 15, tzinfo=UTC)
    assert (empty["published"], empty["published_utc"], empty["tags"]) == (None, None, None)
