"""The plugins in the docs are good ones, and the pages they name are printed by the newsroom."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from crawler.demo import build_newsroom
from crawler.demo.lesson import lesson_plugin
from crawler.settings import load_settings
from sites.registry import Registry

DOCS = Path(__file__).parents[1] / "docs"
PAGES = ("tutorial.md", "add-a-site.md", "operate.md")
_FILE = re.compile(r'^```(\w+) title="([^"]+)"\n(.*?)^```$', re.MULTILINE | re.DOTALL)


def files(page: str) -> dict[str, str]:
    return {name: text for _, name, text in _FILE.findall((DOCS / page).read_text("utf-8"))}


@pytest.mark.parametrize("page", ["tutorial.md", "add-a-site.md"])
def test_the_plugins_load(page: str, tmp_path: Path) -> None:
    plugins = {name: text for name, text in files(page).items() if name.endswith(".py")}
    assert plugins
    for name, text in plugins.items():
        (tmp_path / Path(name).name).write_text(text)
    registry = Registry.load([tmp_path], entry_points=False)
    assert registry.problems == ()
    assert {Path(name).stem for name in plugins} <= set(registry.names())


def test_the_tutorial_teaches_what_the_demo_mends() -> None:
    assert files("tutorial.md")["plugins/lantern.py"] == lesson_plugin(mended=True)


def test_the_settings_are_read(tmp_path: Path) -> None:
    file = tmp_path / "broadsheet.toml"
    file.write_text(files("operate.md")["broadsheet.toml"])
    assert load_settings(file).site["gazette"].every == "30m"


def test_the_articles_named_are_printed() -> None:
    truth = build_newsroom().truth
    for page in PAGES:
        for url in re.findall(
            r"http://lantern\.example/leaf/[a-z0-9-]{2,}", (DOCS / page).read_text("utf-8")
        ):
            assert url in truth, (page, url)
