"""`broadsheet articles`: read the index."""

from __future__ import annotations

import sys
from contextlib import closing
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer
from msgspec.structs import replace

from archive.exporting.whole import whole_file
from archive.index import ArticleIndex
from archive.index.tabular import csv_lines, jsonl_lines, write_parquet
from crawler.cli.common import (
    EXIT_USAGE,
    ConfigOption,
    DataOption,
    JsonOption,
    console,
    counted,
    existing_folder,
    fail,
    fail_without_article,
    print_json,
    print_table,
    settings_from,
    when,
)
from crawler.cli.copies import copies
from crawler.cli.diff import diff
from crawler.cli.extract import show_article
from crawler.cli.listing import listing
from crawler.errors import ConfigError
from crawler.settings import Settings
from sites.url import parse

__all__ = ["app"]

app = typer.Typer(
    no_args_is_help=True, help="Read the articles: list, search, show, history, diff, copies, export."
)


def _date(option: typer.CallbackParam, text: str) -> str:
    """A date, or the beginning of one ("2026-01"), checked."""
    try:
        datetime.fromisoformat(text + "0001-01-01"[len(text) :])
    except ValueError:
        raise ConfigError(f"--{option.name} {text}: write a date like 2026-01-31") from None
    return text


SiteFilter = Annotated[str, typer.Option("--site", help="Only this site.")]
Since = Annotated[
    str, typer.Option(metavar="DATE", callback=_date, help="Published on or after, like 2026-01-31.")
]
Until = Annotated[str, typer.Option(metavar="DATE", callback=_date, help="Published before.")]


def _index(settings: Settings) -> ArticleIndex:
    return ArticleIndex.open(existing_folder(settings).articles_db)


def _settings(data: Path | None, config: Path | None) -> Settings:
    return settings_from(config, data=data)


@app.command("list")
def list_(
    site: SiteFilter = "",
    since: Since = "",
    until: Until = "",
    limit: Annotated[int, typer.Option(min=1, help="So many at most.")] = 50,
    hidden: Annotated[
        bool, typer.Option("--hidden", help="Also those whose pages ask not to be indexed.")
    ] = False,
    data: DataOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Articles, newest first.

    Example: broadsheet articles list --site gazette --since 2026-01-01
    """
    settings = _settings(data, config)
    everything = listing(settings, hidden=hidden)
    with closing(_index(settings)) as index:
        rows = index.list(replace(everything, site=site, since=since, until=until, limit=limit))
        if as_json:
            for row in rows:
                print_json(row)
            return
        count = print_table(
            ("published", "site", "title", "url"),
            ((r.published[:16].replace("T", " "), r.site, r.title, r.url) for r in rows),
        )
        console.print(f"{count} of {index.count(everything)} articles")


@app.command("search")
def search(
    words: Annotated[list[str], typer.Argument(help="Words that must all occur.")],
    limit: Annotated[int, typer.Option(min=1, help="So many at most.")] = 20,
    data: DataOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Search titles and texts.

    Example: broadsheet articles search harbour bridge
    """
    settings = _settings(data, config)
    with closing(_index(settings)) as index:
        found = index.search(" ".join(words), replace(listing(settings), limit=limit))
    if as_json:
        for match in found:
            print_json(match)
        return
    print_table(
        ("published", "title", "where", "url"), ((m.published[:10], m.title, m.snippet, m.url) for m in found)
    )


@app.command("show")
def show(
    url: Annotated[str, typer.Argument(help="The article's URL, or any it is known under.")],
    data: DataOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """One article, whole.

    Example: broadsheet articles show https://example.com/news/1
    """
    with closing(_index(_settings(data, config))) as index:
        row = index.get(parse(url) or url)
    if row is None:
        fail_without_article(url)
    if as_json:
        sys.stdout.buffer.write(row.article_json + b"\n")
    else:
        show_article(row.article)
        if row.first_published:
            console.print(
                f"\nWhen it was first seen, on {when(row.first_seen)}, it was dated {row.first_published}."
            )


@app.command("history")
def history(
    url: Annotated[str, typer.Argument(help="The article's URL, or any it is known under.")],
    data: DataOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """The captures of an article, oldest first, and whether its title or text had changed.

    Example: broadsheet articles history https://example.com/news/1
    """
    with closing(_index(_settings(data, config))) as index:
        seen = index.history(parse(url) or url)
    if not seen:
        fail_without_article(url)
    if as_json:
        for one in seen:
            print_json(one)
        return
    print_table(
        ("captured", "changed", "read as", "record"),
        ((when(s.fetched_at), "yes" if s.changed else "", s.page_type, s.record_id) for s in seen),
    )


app.command("diff")(diff)
app.command("copies")(copies)


@app.command("export")
def export(
    form: Annotated[str, typer.Option("--format", help="jsonl, csv or parquet.")] = "jsonl",
    output: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where to (default: standard output).")
    ] = None,
    site: SiteFilter = "",
    since: Since = "",
    until: Until = "",
    hidden: Annotated[
        bool, typer.Option("--hidden", help="Also those whose pages ask not to be indexed.")
    ] = False,
    data: DataOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """All articles, in the one schema of docs/formats.md. `--json` tells of a file what stands in it.

    Example: broadsheet articles export --format csv --output articles.csv
    """
    if form not in ("jsonl", "csv", "parquet"):
        fail(f"--format {form}: choose jsonl, csv or parquet", EXIT_USAGE)
    if form == "parquet" and (output is None or find_spec("pyarrow") is None):
        fail(
            "--format parquet needs --output FILE, and pyarrow: pip install 'broadsheet[parquet]'", EXIT_USAGE
        )
    if as_json and output is None and form == "csv":
        fail("--json and --format csv both want standard output: give csv an --output FILE", EXIT_USAGE)
    settings = _settings(data, config)
    with closing(_index(settings)) as index:
        rows = index.export(replace(listing(settings, hidden=hidden), site=site, since=since, until=until))
        lines = jsonl_lines(rows) if form == "jsonl" else csv_lines(rows)
        if output is None:
            for line in lines:
                sys.stdout.buffer.write(line)
            sys.stdout.flush()
            return
        with whole_file(output) as file:
            if form == "parquet":
                count = write_parquet(rows, file)
            else:
                count = sum(1 for line in lines if file.write(line)) - (form == "csv")
    if as_json:
        print_json({"articles": count, "output": str(output)})
    else:
        console.print(f"{counted(count, 'article')} in {output}", markup=False)
