"""`broadsheet config`: the settings, checked and shown."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

import msgspec
import typer

from crawler.cli.common import (
    ConfigOption,
    JsonOption,
    console,
    print_facts,
    print_json,
    print_warning,
    settings_from,
    site_dirs,
)
from crawler.core.schedule import parse_every
from sites.registry import Registry

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="Check and show the settings.")


@app.callback()
def _group() -> None:
    """Check and show the settings."""


def _flat(value: Any, prefix: str = "") -> dict[str, Any]:
    rows: dict[str, Any] = {}
    for name, item in value.items():
        if isinstance(item, dict) and item:
            rows.update(_flat(item, f"{prefix}{name}."))
        else:
            rows[prefix + name] = item
    return rows


@app.command("check")
def check(config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """Read broadsheet.toml, say what is wrong with it, and show the settings in force.

    Example: broadsheet config check
    """
    settings = settings_from(config)
    names = Registry.load(site_dirs(None, settings)).names()
    for name, site in settings.site.items():
        if site.every:
            parse_every(site.every, f"site.{name}.every")
        if name not in names:
            near = get_close_matches(name, names, 1)
            hint = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(names)}"
            print_warning(f"site.{name}: no plugin has this name; {hint}")
    values = msgspec.to_builtins(settings)
    if as_json:
        print_json(values)
        return
    console.print("the settings are right; in force:")
    print_facts(_flat(values))
