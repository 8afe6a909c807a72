"""`broadsheet config`: the settings, checked and shown."""

from __future__ import annotations

from typing import Any

import msgspec
import typer

from crawler.cli.common import ConfigOption, JsonOption, console, print_facts, print_json, settings_from

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
    values = msgspec.to_builtins(settings)
    if as_json:
        print_json(values)
        return
    console.print("the settings are right; in force:")
    print_facts(_flat(values))
