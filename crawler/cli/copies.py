"""`broadsheet articles copies`: stories that are in the index more than once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Annotated

import typer

from archive.index import ArticleIndex, Copies
from crawler.cli.common import (
    ConfigOption,
    DataOption,
    JsonOption,
    console,
    existing_folder,
    print_json,
    print_table,
    settings_from,
)
from crawler.cli.listing import listing

__all__ = ["copies"]


def copies(
    site: Annotated[str, typer.Option(help="Only stories that this site has.")] = "",
    limit: Annotated[int, typer.Option(min=1, help="So many stories at most.")] = 50,
    data: DataOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """The same story under several URLs or sites: the earliest known, and its copies, excerpts and rewritings.

    Example: broadsheet articles copies --site brightledger
    """
    settings = settings_from(config, data=data)
    with closing(ArticleIndex.open(existing_folder(settings).articles_db)) as index:
        found = [story for story in index.copies(listing(settings)) if not site or site in _sites(story)]
    if as_json:
        for story in found[:limit]:
            print_json(story)
        return
    print_table(("published", "shared", "site", "title", "url"), _lines(found[:limit]))
    told = sum(len(story.copies) for story in found)
    console.print(
        f"{min(limit, len(found))} of {len(found)} stories; {told} articles are copies of an earlier one"
    )


def _sites(story: Copies) -> set[str]:
    return {story.source.site, *(copy.article.site for copy in story.copies)}


def _lines(found: list[Copies]) -> Iterator[tuple[str, str, str, str, str]]:
    for story in found:
        for row, share in ((story.source, ""), *((c.article, f"{c.share:.0%}") for c in story.copies)):
            yield row.dated[:16].replace("T", " "), share, row.site, row.title, row.url
