"""`broadsheet sites pin`: a case out of an archived capture."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from crawler.cases import case_name, pin_case
from crawler.cli.common import (
    EXIT_USAGE,
    ConfigOption,
    DataOption,
    JsonOption,
    SitesOption,
    address_of,
    console,
    existing_folder,
    fail,
    print_json,
    settings_from,
    site_dirs,
)
from crawler.cli.extract import show_article
from crawler.cli.sites.page import CasesOption, from_archive
from sites.extract import extract
from sites.registry import Registry

__all__ = ["pin"]


def pin(
    url: Annotated[str, typer.Argument(help="An article whose page is in the archive.")],
    name: Annotated[str, typer.Option(help="The case's name (default: made of the URL).")] = "",
    cases: CasesOption = Path("tests/cases"),
    sites: SitesOption = None,
    data: DataOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a case of an archived page: what its plugin finds there today is what must be found from now on.

    Example: broadsheet sites pin https://courier.example/news/harbour-opens
    """
    settings = settings_from(config, data=data)
    existing_folder(settings)
    address = address_of(url)
    page = from_archive(address, settings)
    if page is None:
        fail(
            f"{address}: the archive in {settings.data} has no page of it; `broadsheet explain {address}` says why"
        )
    registry = Registry.load(site_dirs(sites, settings))
    site = registry.for_url(page.url, page.fetched_at.date() if page.fetched_at else None)
    if site is None:
        fail(f"{page.url}: no plugin is for it; `broadsheet sites new {page.url}` writes one", EXIT_USAGE)
    found = extract(page, site)
    if found.errors:
        error = found.errors[0]
        fail(f"site {site.name!r}, field {error.field!r} at {error.where}: {error.message}")
    if found.accepted is None:
        fail(f"{page.url}: {site.name} finds no article there (the page looks like: {found.page_type})")
    folder = cases / site.name / (name or case_name(page.url))
    pin_case(folder, page, found.accepted)
    if as_json:
        print_json({"site": site.name, "class": type(site).__name__, "case": str(folder)})
        return
    show_article(found.accepted)
    console.print(
        f"\n{folder} expects this from now on, read by {type(site).__name__}; is it right?", markup=False
    )
