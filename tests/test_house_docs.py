"""Every command and option stands in the documentation."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

DOCS = Path(__file__).resolve().parents[1] / "docs"


def commands(command: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every leaf below a group, with what one types for it. (Typer's commands are click's, or its copies of them.)"""
    children = getattr(command, "commands", None)
    if children is None:
        yield path, command
    else:
        for name, child in children.items():
            yield from commands(child, f"{path} {name}".strip())


@pytest.fixture(scope="module")
def text() -> str:
    """The README and everything below docs/."""
    return "\n".join(p.read_text(encoding="utf-8") for p in [*DOCS.rglob("*.md"), DOCS.parent / "README.md"])


@pytest.fixture(scope="module")
def app() -> Any:
    from crawler.cli.app import app

    return typer.main.get_command(app)


def test_every_command_is_documented(app: Any, text: str) -> None:
    assert [name for name, _ in commands(app) if f"broadsheet {name}" not in text] == []


def test_every_option_is_documented(app: Any, text: str) -> None:
    options = {
        flag
        for _, command in commands(app)
        for param in command.params
        for flag in (*param.opts, *param.secondary_opts)
        if flag.startswith("--")
    }
    assert sorted(flag for flag in options if flag not in text) == []


def test_every_command_shows_an_example(app: Any) -> None:
    assert [name for name, command in commands(app) if "broadsheet " not in (command.help or "")] == []
