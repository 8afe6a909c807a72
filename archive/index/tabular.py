"""Articles for other programs: JSON lines, CSV for spreadsheets, Parquet for data frames. One schema (sites.article)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import IO, Any

import msgspec

from sites.article import Article
from sites.moment import Moment

__all__ = ["csv_lines", "jsonl_lines", "write_parquet"]

Rows = Iterable[dict[str, Any]]

_GROUP = 1_000


def jsonl_lines(rows: Rows) -> Iterator[bytes]:
    """One object a line, empty fields left out."""
    return (msgspec.json.encode(row) + b"\n" for row in rows)


def csv_lines(rows: Rows) -> Iterator[bytes]:
    """A line of names, then one line an article; lists as JSON, blocks and links left out. A cell that a spreadsheet
    would take for a formula gets a quote."""
    names = [name for name in Article.__struct_fields__ if name not in ("blocks", "links", "related")]
    yield _csv_line(names)
    for row in rows:
        yield _csv_line([_cell(row.get(name, "")) for name in names])


def _csv_line(cells: list[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue().encode()


def _cell(value: Any) -> str:
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def write_parquet(rows: Rows, file: IO[bytes]) -> int:
    """To a Parquet file (zstd), a thousand articles in memory at a time; how many there are. Dates stand twice: as the
    page gives them, and in UTC as timestamps to sort by (a date without a zone is taken for UTC). Raises ImportError
    without pyarrow, an extra: pip install 'broadsheet[parquet]'."""
    import pyarrow as pa
    from pyarrow import parquet

    text, texts, when = pa.string(), pa.list_(pa.string()), pa.timestamp("s", tz="UTC")
    link = pa.struct([("url", text), ("text", text), ("start", pa.int32()), ("end", pa.int32())])
    block = [
        ("kind", text),
        ("text", text),
        ("level", pa.int8()),
        ("links", pa.list_(link)),
        ("url", text),
        ("ordered", pa.bool_()),
    ]
    kinds = {
        "authors": texts,
        "tags": texts,
        "date_conflicts": texts,
        "image": pa.struct([("url", text), ("caption", text)]),
        "paywalled": pa.bool_(),
        "blocks": pa.list_(pa.struct(block)),
        "links": pa.list_(link),
        "related": pa.list_(link),
    }
    dates = ("published", "modified")
    schema = pa.schema(
        [(name, kinds.get(name, text)) for name in Article.__struct_fields__]
        + [(f"{name}_utc", when) for name in dates]
    )
    count, rows = 0, iter(rows)
    with parquet.ParquetWriter(file, schema, compression="zstd") as out:
        while group := list(islice(rows, _GROUP)):
            count += len(group)
            told = [row | {f"{name}_utc": _utc(row.get(name)) for name in dates} for row in group]
            out.write_table(pa.Table.from_pylist(told, schema))
    return count


def _utc(iso: str | None) -> datetime | None:
    return Moment.parse(iso).sort_key if iso else None
