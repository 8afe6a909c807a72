"""The documents followed from the top in an empty folder, by the installed command."""

from __future__ import annotations

import json
import shlex
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from crawler.demo import build_newsroom
from crawler.demo.server import running
from tests.check.kit import BIN, articles, run
from tests.documented import FileBlock, Typed, follow, steps

pytestmark = pytest.mark.check


@contextmanager
def beside(place: Path, command: str) -> Iterator[None]:
    """A command that the reader leaves running: it is up when its settings are written."""
    words = shlex.split(command.removesuffix("&"))
    words[words.index("--port") + 1] = "0"  # a free one: the page's may be taken here
    with subprocess.Popen([BIN / words[0], *words[1:]], cwd=place, stdout=subprocess.DEVNULL) as process:
        try:
            while not (place / "broadsheet.toml").exists():
                with pytest.raises(subprocess.TimeoutExpired):
                    process.wait(0.05)
            yield
        finally:
            process.kill()


def test_the_tutorial(tmp_path: Path) -> None:
    typed = list(steps("tutorial.md"))
    assert [s.command.split()[0] for s in typed[:3] if isinstance(s, Typed)] == ["mkdir", "cd", "broadsheet"]
    made, entered, serve, *rest = typed
    assert isinstance(made, Typed) and isinstance(entered, Typed) and isinstance(serve, Typed)
    follow(tmp_path, made)
    place = tmp_path / entered.command.removeprefix("cd ")
    assert list(place.iterdir()) == []
    with beside(place, serve.command):
        for step in rest:
            follow(place, step)
    [checked] = [
        json.loads(line)
        for line in run(BIN / "broadsheet", "sites", "check", "--json", folder=place).splitlines()
    ]
    assert (checked["site"], checked["cases"], checked["wrong"]) == ("lantern", 2, [])
    found = articles(place / "data")
    assert len(found) == 24 and {article["site"] for article in found.values()} == {"lantern"}
    assert all(article["authors"] and article["published"] for article in found.values())
    exported = (place / "lantern.jsonl").read_text("utf-8").splitlines()
    assert {json.loads(line)["url"] for line in exported} == set(found)


@pytest.mark.parametrize("page", ["add-a-site.md", "operate.md"])
def test_the_other_pages(page: str, tmp_path: Path) -> None:
    place, backup = tmp_path / "news", tmp_path / "backup"
    place.mkdir()
    newsroom = build_newsroom(1, today=date(2026, 11, 20), crawl_delay=0)
    with running(newsroom) as server:
        settings = place / "broadsheet.toml"
        settings.write_text(server.settings)
        for step in steps(page):
            match step:
                case FileBlock(name="broadsheet.toml", text=text):
                    settings.write_text(server.settings + text[text.index("[site") :])
                case FileBlock(name=name) if not Path(name).is_absolute():
                    follow(place, step)
                case Typed(command=command, prints=prints):
                    follow(place, Typed(command.replace("/mnt/backup/news", str(backup)), prints))
