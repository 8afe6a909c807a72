"""`broadsheet sites accept`: after a deliberate change, let cases expect what is found now."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from crawler.cases import accept_case, find_cases, read_case, site_of_case, unpinned
from crawler.cli.common import (
    EXIT_FAILED,
    ConfigOption,
    JsonOption,
    SitesOption,
    console,
    print_json,
    settings_from,
    site_dirs,
)
from crawler.cli.sites.page import CasesOption
from crawler.errors import ConfigError
from sites.cases import facts_of_article, mismatches
from sites.extract import extract
from sites.registry import Registry

__all__ = ["accept"]


def accept(
    what: Annotated[list[str], typer.Argument(metavar="SITE or SITE/CASE...", help="Which cases.")],
    cases: CasesOption = Path("tests/cases"),
    sites: SitesOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show how cases differ from what is found today, and let them expect that: after a change that you meant.

    What the plugin has a rule for by now, and a case did not expect anything of, it expects from now on.

    Example: broadsheet sites accept courier/harbour-opens
    """
    registry = Registry.load(site_dirs(sites, settings_from(config)))
    failed = False
    for folder in _chosen(what, cases):
        case = read_case(folder)
        site = site_of_case(case, registry)
        found = extract(case.page, site)
        told = [*mismatches(found.accepted, case.expected)]
        if found.accepted is not None and not found.errors:
            more = unpinned(case, found.accepted, site)
            facts = facts_of_article(found.accepted, *more) if more else {}
            told += [f"{name}: new, found {value!r}" for name, value in facts.items()]
            if told:
                accept_case(case, found.accepted, more)
            verdict = "accepted" if told else "as expected"
        else:
            told += [f"{error.field}: {error.message} ({error.where})" for error in found.errors]
            verdict = "not accepted, mend the plugin first"
            failed = True
        if as_json:
            print_json({"case": str(folder), "verdict": verdict, "differs": told})
            continue
        console.print(f"{folder}: {verdict}", markup=False)
        for line in told:
            console.print(f"  {line}", markup=False)
    if failed:
        raise typer.Exit(EXIT_FAILED)


def _chosen(what: list[str], cases: Path) -> list[Path]:
    """The cases meant. Raises ConfigError for a name that stands for none."""
    everything = list(find_cases(cases))
    chosen: dict[Path, None] = {}
    for name in what:
        site, _, case = name.partition("/")
        meant = [f for f in everything if f.parent.name == site and case in ("", f.name)]
        if not meant:
            raise ConfigError(f"there is no case {name!r} in {cases}: `broadsheet sites pin URL` makes one")
        chosen.update(dict.fromkeys(meant))
    return list(chosen)
