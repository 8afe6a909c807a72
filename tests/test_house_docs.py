"""Every command and option stands in the documentation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import typer.main

from tests import article_doc
from tests.commands_doc import commands, written

DOCS = Path(__file__).resolve().parents[1] / "docs"


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


def test_the_schema_of_articles_is_the_schemas_own() -> None:
    told = article_doc.DOCUMENT.read_text(encoding="utf-8")
    assert told == article_doc.put_in(told), "python -m tests.article_doc"
    assert "`paywalled` | true or false" in told and "`blocks` | list of Block" in told


def test_the_list_of_commands_is_the_command_lines_own() -> None:
    told = (DOCS / "commands.md").read_text(encoding="utf-8")
    assert told == written(), "python -m tests.commands_doc > docs/commands.md"
