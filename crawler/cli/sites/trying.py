"""`broadsheet sites try`: a plugin on one page, rule by rule."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from crawler.cli.common import (
    EXIT_FAILED,
    AllowOption,
    ConfigOption,
    ContactOption,
    DataOption,
    JsonOption,
    ResolveOption,
    address_of,
    console,
    print_json,
    print_table,
    settings_from,
)
from crawler.cli.sites.page import page_of
from crawler.errors import BroadsheetError, ConfigError
from sites.loading import load_file
from sites.registry import Registry
from sites.site import Site
from sites.trying import Trial, trial

__all__ = ["try_"]


def try_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The plugin.")],
    url: Annotated[str, typer.Argument(help="A page of the site: archived already, or to be fetched.")],
    contact: ContactOption = None,
    allow_address: AllowOption = None,
    resolve: ResolveOption = None,
    data: DataOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show rule by rule what a plugin makes of a page: which rule gave each field, what lost, which links it takes.

    Example: broadsheet sites try plugins/courier.py https://courier.example/news/harbour-opens
    """
    settings = settings_from(
        config,
        data=data,
        contact=contact,
        allow_address=allow_address,
        resolve=resolve,
    )
    address = address_of(url)
    if not file.is_file():
        raise ConfigError(f"{file}: there is no such file; `broadsheet sites new {address}` writes one")
    registry = Registry([load_file(file)])
    if registry.problems:
        raise BroadsheetError("; ".join(map(str, registry.problems)))
    _covering(registry, file, address)
    page = page_of(address, settings, quiet=as_json)
    site = _covering(registry, file, page.url, page.fetched_at.date() if page.fetched_at else None)
    found = trial(page, site)
    if as_json:
        print_json(
            {
                "site": site.name,
                "class": type(site).__name__,
                "url": page.url,
                "page_type": found.found.page_type,
                "fields": found.fields,
                "links": found.links,
                "left": len(found.left),
                "errors": found.found.errors,
            }
        )
    else:
        _show(found, site)
    if found.found.accepted is None or found.found.errors:
        raise typer.Exit(EXIT_FAILED)


def _covering(registry: Registry, file: Path, url: str, day: date | None = None) -> Site:
    site = registry.for_url(url, day)
    if site is None:
        hosts = ", ".join(host for name in registry.names() for host in registry.get(name).hosts)
        raise ConfigError(f"{file} is for {hosts}; {url} lies elsewhere")
    return site


def _show(found: Trial, site: Site) -> None:
    if found.found.accepted is None:
        console.print(f"no article: the page looks like: {found.found.page_type}", markup=False)
    rows: list[tuple[str, ...]] = []
    for tried in found.fields:
        if tried.won or tried.lost:
            rows.append((tried.field, tried.won or "nobody", tried.rule, tried.value))
            rows += [("", "", f"lost: {lost}", "") for lost in tried.lost]
    print_table(("field", "won", "rule", "value"), rows)
    for error in found.found.errors:
        console.print(f"{error.field} failed: {error.message} ({error.where})", markup=False)
    console.print()
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for link in found.links:
        groups[link.verdict, link.pattern].append(link.url)
    print_table(
        ("links#", "taken as", "by", "such as"),
        ((len(urls), verdict, pattern, urls[0]) for (verdict, pattern), urls in groups.items()),
        title=f"links of the page that {type(site).__name__} takes",
    )
    if found.left:
        console.print(f"left: {len(found.left)}, such as {found.left[0]}", markup=False)
