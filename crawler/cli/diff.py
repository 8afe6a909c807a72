"""`broadsheet articles diff`: what changed in an article, by its pages or by the rules."""

from __future__ import annotations

from contextlib import closing
from typing import Annotated

import typer

from archive.index import ArticleIndex, Version, changes, latest_change
from crawler.cli.common import (
    ConfigOption,
    DataOption,
    JsonOption,
    console,
    existing_folder,
    fail_without_article,
    print_json,
    settings_from,
    when,
)
from sites.url import parse

__all__ = ["diff"]

_COLOURS = {"-": "red", "+": "green", "@": "dim"}


def diff(
    url: Annotated[str, typer.Argument(help="The article's URL, or any it is known under.")],
    rules: Annotated[
        bool,
        typer.Option("--rules", help="By two sets of rules on the same capture, not by two captures."),
    ] = False,
    data: DataOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """What last changed in an article: its fields, and its text line by line.

    Example: broadsheet articles diff https://example.com/news/1
    """
    folder = existing_folder(settings_from(config, data=data))
    with closing(ArticleIndex.open(folder.articles_db)) as index:
        versions = index.versions(parse(url) or url)
    if not versions:
        fail_without_article(url)
    pair = latest_change(versions, rules=rules)
    if pair is None:
        if not as_json:
            sort = "sets of rules" if rules else "captures"
            console.print(f"no change: all {sort} that were read gave the same article", markup=False)
        return
    before, after = pair
    found = changes(before.article, after.article)
    if as_json:
        print_json({"before": _told(before), "after": _told(after), "changes": found})
        return
    if rules:
        console.print(
            f"captured {when(after.fetched_at)}, by rules {before.fingerprint} and {after.fingerprint}"
        )
    else:
        console.print(f"captured {when(before.fetched_at)} and {when(after.fetched_at)}")
    for change in found:
        console.print(f"\n{change.field}", style="bold", markup=False)
        for line in change.lines or (f"-{_shown(change.before)}", f"+{_shown(change.after)}"):
            console.print(line, style=_COLOURS.get(line[:1]), markup=False, highlight=False)


def _told(version: Version) -> dict[str, object]:
    return {
        "fetched_at": version.fetched_at,
        "record_id": version.record_id,
        "fingerprint": version.fingerprint,
    }


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
