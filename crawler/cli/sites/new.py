"""`broadsheet sites new`: a first plugin and a first case, from one article."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from crawler.cases import case_name, pin_case
from crawler.cli.common import (
    AllowOption,
    ConfigOption,
    ContactOption,
    DataOption,
    JsonOption,
    ResolveOption,
    SitesOption,
    address_of,
    console,
    print_json,
    settings_from,
    site_dirs,
)
from crawler.cli.sites.page import CasesOption, page_of
from crawler.errors import ConfigError
from crawler.settings import Settings
from sites.drafting import draft
from sites.extract import extract
from sites.loading import load_file
from sites.page import Page
from sites.registry import Registry

__all__ = ["new"]


def new(
    url: Annotated[str, typer.Argument(help="An article of the site: archived already, or to be fetched.")],
    name: Annotated[str, typer.Option(help="The site's name (default: made of its host).")] = "",
    cases: CasesOption = Path("tests/cases"),
    contact: ContactOption = None,
    allow_address: AllowOption = None,
    resolve: ResolveOption = None,
    sites: SitesOption = None,
    data: DataOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write a plugin for a site that has none, with just the lines that differ from the defaults, and a first case.

    Example: broadsheet sites new https://example.com/news/harbour-opens --contact you@example.com
    """
    settings = settings_from(
        config,
        data=data,
        contact=contact,
        allow_address=allow_address,
        resolve=resolve,
    )
    address = address_of(url)
    registry = Registry.load(site_dirs(sites, settings))
    _free(registry, address)
    page = page_of(address, settings, quiet=as_json)
    _free(registry, page.url)
    made = draft(page, name)
    if made.name in registry.names():
        raise ConfigError(
            f"there is a site {made.name!r} already, in {registry.file_of(made.name)}: choose another with --name"
        )
    file = _folder(sites, settings) / f"{made.name}.py"
    if file.exists():
        raise ConfigError(f"{file} exists: remove it first, or choose another name with --name")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(made.source, encoding="utf-8")
    case = _first_case(file, page, cases / made.name / case_name(page.url))
    if as_json:
        print_json({"site": made.name, "file": str(file), "case": str(case or ""), "notes": made.notes})
        return
    console.print(f"{file} is written:\n\n{made.source}", markup=False)
    for note in made.notes:
        console.print(f"- {note}", markup=False)
    console.print(
        f"- {case} expects what is found now: look it through"
        if case
        else f"- no case yet: once there is an article, `broadsheet sites pin {page.url}` makes one",
        markup=False,
    )
    console.print(
        f"\nnext, until every field is right:\n  broadsheet sites try {file} {page.url}"
        + (f"\n  broadsheet sites accept {made.name}" if case else ""),
        markup=False,
    )


def _free(registry: Registry, url: str) -> None:
    site = registry.for_url(url)
    if site is not None:
        raise ConfigError(
            f"{url} has a plugin: {site.name}, in {registry.file_of(site.name)}; change that one, or remove it"
        )


def _folder(sites: list[Path] | None, settings: Settings) -> Path:
    """Where a new plugin goes: the first folder of plugins."""
    return Path((sites or settings.sites or ("plugins",))[0])


def _first_case(file: Path, page: Page, folder: Path) -> Path | None:
    day = page.fetched_at.date() if page.fetched_at else None
    site = Registry([load_file(file)]).for_url(page.url, day)
    article = extract(page, site).accepted
    if article is None:
        return None
    pin_case(folder, page, article)
    return folder
