"""The README keeps its promises: its links lead somewhere, its plugin loads, its commands and targets exist."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import typer.main
from click import Group

from crawler.cli.app import app
from sites.registry import Registry

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "README.md").read_text("utf-8")
COMMANDS = re.findall(r"^    (broadsheet .*?)(?: +#.*)?$", TEXT, re.MULTILINE)


def test_every_link_leads_to_a_file() -> None:
    links = re.findall(r"\]\(([^)]+)\)", TEXT)
    assert len(links) > 8
    assert [link for link in links if not (ROOT / link).is_file()] == []


def test_the_targets_are_there() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = re.findall(r"^    make (\w+)", TEXT, re.MULTILINE)
    assert targets == ["demo", "test"]
    assert all(re.search(rf"^{target}:", makefile, re.MULTILINE) for target in targets)


def test_its_plugin_loads(tmp_path: Path) -> None:
    [(name, code)] = re.findall(r'```python title="plugins/(\w+\.py)"\n(.*?)```', TEXT, re.DOTALL)
    (tmp_path / name).write_text(code)
    registry = Registry.load([tmp_path], entry_points=False)
    assert registry.problems == ()
    assert repr(registry.get("courier")) == "<Site courier: courier.example>"


@pytest.mark.parametrize("line", COMMANDS)
def test_its_commands_are_understood(line: str) -> None:
    command = typer.main.get_command(app)
    words = shlex.split(line)[1:]
    while isinstance(command, Group):
        found = command.get_command(None, words.pop(0))  # type: ignore[arg-type]
        assert found is not None, line
        command = found
    command.make_context("broadsheet", words)


def test_the_picture_is_of_todays_tour_and_loads_nothing() -> None:
    picture = (ROOT / "docs" / "demo.svg").read_text("utf-8")
    assert not re.search(r"(?:href|url)\s*[=(]\s*[\"']?https?:", picture)
    said = re.sub(r"<[^>]+>|&#160;", " ", picture)
    for words in (
        "Look at the articles",
        "See one page beside its article",
        "what became of it",
        "authors now",
    ):
        assert all(word in said for word in words.split()), words
