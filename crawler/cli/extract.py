"""`broadsheet extract`: one page in, one article out."""

from __future__ import annotations

import gzip
import sys
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from crawler.cli.common import (
    EXIT_FAILED,
    EXIT_USAGE,
    ConfigOption,
    JsonOption,
    SitesOption,
    address_of,
    console,
    fail,
    print_facts,
    print_warning,
    settings_from,
    site_dirs,
)
from crawler.cli.why import show_why
from sites.article import Article, encode_article
from sites.extract import extract as extract_page
from sites.extraction import Extraction
from sites.page import Page
from sites.registry import Registry

__all__ = ["extract", "print_raw", "show_article"]


def _read(file: str) -> bytes:
    if file == "-":
        data = sys.stdin.buffer.read()
    else:
        try:
            data = Path(file).read_bytes()
        except OSError as error:
            fail(f"{file}: {error.strerror}", EXIT_USAGE)
    if data.startswith(b"\x1f\x8b"):
        try:
            data = gzip.decompress(data)
        except (OSError, EOFError) as error:
            fail(f"{file}: broken gzip: {error}")
    return data


def extract(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="An HTML file (may be gzipped), or - for standard input.")
    ],
    url: Annotated[
        str,
        typer.Option(
            "--url", metavar="URL", help="Where the page came from: resolves links, chooses the plugin."
        ),
    ] = "https://page.invalid/",
    why: Annotated[
        bool,
        typer.Option(
            "--why",
            help="Also print the evidence: why this sort of page, which rule gave each field, how each block scored.",
        ),
    ] = False,
    sites: SitesOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Extract the article of one page.

    Example: broadsheet extract page.html --url https://example.com/news/1 --why
    """
    settings = settings_from(config)
    address = address_of(url, "--url")
    registry = Registry.load(site_dirs(sites, settings))
    page = Page(url=address, html=_read(file))
    result = extract_page(page, registry.for_url(address), why=why)
    if as_json:
        print_raw(result, why)
    elif result.article is None:
        console.print(f"no article: the page looks like: {result.page_type} ({result.confidence:.2f})")
    else:
        show_article(result.article)
    if result.article is not None and result.accepted is None:
        print_warning(
            f"in doubt: the page looks like: {result.page_type} ({result.confidence:.2f}); an index leaves it out"
        )
    if why and not as_json:
        show_why(result)
    if result.article is None:
        raise typer.Exit(EXIT_FAILED)


def print_raw(result: Extraction, why: bool) -> None:
    """The article as one line of JSON, as everywhere; with `why` the whole extraction."""
    article = msgspec.Raw(encode_article(result.article)) if result.article else None
    if not why:
        line = (
            bytes(article)
            if article
            else msgspec.json.encode({"article": None, "page_type": result.page_type})
        )
    else:
        whole = {name: getattr(result, name) for name in result.__struct_fields__}
        line = msgspec.json.encode({**whole, "article": article})
    sys.stdout.buffer.write(line + b"\n")
    sys.stdout.flush()


def show_article(article: Article) -> None:
    """An article for people: its facts, then its text as Markdown."""
    facts = {
        "title": article.title,
        "subtitle": article.subtitle,
        "authors": ", ".join(article.authors),
        "published": article.published,
        "in doubt": "; ".join(article.date_conflicts),
        "modified": article.modified,
        "section": article.section,
        "tags": ", ".join(article.tags),
        "language": article.language,
        "site": article.site_name or article.site,
        "url": article.url,
        "image": article.image.url if article.image else "",
        "dateline": article.dateline,
        "related": f"{len(article.related)} links" if article.related else "",
    }
    print_facts({name: value for name, value in facts.items() if value})
    console.print()
    console.print(article.markdown or article.text, markup=False)
