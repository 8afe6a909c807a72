"""`broadsheet sites list`: every site with a plugin."""

from __future__ import annotations

import typer

from crawler.cli.common import (
    EXIT_FAILED,
    ConfigOption,
    JsonOption,
    SitesOption,
    console,
    print_json,
    print_table,
    settings_from,
    site_dirs,
)
from sites.registry import Registry

__all__ = ["list_"]


def list_(sites: SitesOption = None, config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """Every site with a plugin, and every plugin that is broken.

    Example: broadsheet sites list --sites ./plugins
    """
    registry = Registry.load(site_dirs(sites, settings_from(config)))
    found = [registry.get(name) for name in registry.names()]
    if as_json:
        for site in found:
            print_json({"name": site.name, "hosts": site.hosts, "seeds": site.seeds, "every": site.every})
    else:
        print_table(("site", "hosts", "every"), ((s.name, ", ".join(s.hosts), s.every) for s in found))
    for problem in registry.problems:
        if as_json:
            print_json({"problem": str(problem)})
        else:
            console.print(f"left out: {problem}", markup=False)
    if registry.problems:
        raise typer.Exit(EXIT_FAILED)
