"""docs/commands.md, made from the command line itself: `python -m tests.commands_doc > docs/commands.md`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import typer.main

__all__ = ["commands", "written"]

HEAD = """# Commands

Every command with its options; `--help` shows the same. `--json` gives one JSON object a line everywhere."""

FOOT = "`--install-completion` and `--show-completion` set up your shell; `--version` prints the version."


def commands(command: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every leaf below a group, with what one types for it. (Typer's commands are click's, or its copies of them.)"""
    children = getattr(command, "commands", None)
    if children is None:
        yield path, command
    else:
        for name, child in children.items():
            yield from commands(child, f"{path} {name}".strip())


def written() -> str:
    """The whole document."""
    from crawler.cli.app import app

    parts = [
        HEAD,
        *(_section(name, command) for name, command in commands(typer.main.get_command(app))),
        FOOT,
    ]
    return "\n\n".join(parts) + "\n"


def _section(name: str, command: Any) -> str:
    about, _, example = command.help.partition("Example: ")
    lines = [f"## broadsheet {name}", "", *about.strip().splitlines(), "", f"    {example.strip()}"]
    rows = [
        f"| `{'`, `'.join([*param.opts, *param.secondary_opts])}` | {' '.join(param.help.split())} |".replace(
            "\b", ""
        )
        for param in command.params
        if param.param_type_name == "option"
    ]
    if rows:
        lines += ["", "| option | meaning |", "|---|---|", *rows]
    return "\n".join(lines)


if __name__ == "__main__":
    print(written(), end="")
