"""The commands that write and watch plugins, against the demo's newsroom: over real sockets."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from crawler.demo import build_newsroom
from crawler.demo.server import Server, running
from tests.command import command


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running(build_newsroom(1, today=date(2026, 11, 20), crawl_delay=0)) as up:
        yield up


@pytest.fixture(scope="module")
def article(server: Server) -> str:
    return next(url for url in server.newsroom.truth if url.startswith("http://lantern.example/"))


@pytest.fixture(scope="module")
def begun(server: Server, article: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which `sites new` has just been run, and nothing else."""
    place = tmp_path_factory.mktemp("sites")
    (place / "broadsheet.toml").write_text(server.settings, encoding="utf-8")
    [made] = command(place, "sites", "new", article, "--json")
    assert (made["site"], made["file"]) == ("lantern", "plugins/lantern.py")
    return place


@pytest.fixture
def place(begun: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(begun, tmp_path / "work"))


def test_a_new_site_is_polite_and_passes_its_check(place: Path, server: Server, article: str) -> None:
    asked = [hit.target for hit in server.hits_of("lantern.example")]
    assert asked == ["/robots.txt", article.removeprefix("http://lantern.example")]
    assert server.hits[0].agent.startswith("Broadsheet/")
    [checked] = command(place, "sites", "check", "--json")
    assert (checked["site"], checked["cases"], checked["wrong"]) == ("lantern", 1, [])
    assert command(place, "verify", "--json") == [{"errors": 0, "warnings": 0}]


def test_what_robots_forbids_is_not_fetched(place: Path, server: Server) -> None:
    shutil.rmtree(place / "plugins")
    [told] = command(place, "sites", "new", "http://lantern.example/letters/1", "--json", expect=1)
    assert "Disallow: /letters/" in told["error"]
    assert not [hit for hit in server.hits_of("lantern.example") if hit.target.startswith("/letters")]


def test_a_page_that_is_not_there_is_told(place: Path) -> None:
    shutil.rmtree(place / "plugins")
    [told] = command(place, "sites", "new", "http://lantern.example/leaf/no-such", "--json", expect=1)
    assert "404" in told["error"]


def test_a_site_that_has_a_plugin_gets_no_second(place: Path, article: str, server: Server) -> None:
    [told] = command(place, "sites", "new", article, "--json", expect=2)
    assert "has a plugin: lantern" in told["error"]
    gazette = next(url for url in server.newsroom.truth if url.startswith("http://gazette.example/"))
    [told] = command(place, "sites", "new", gazette, "--json", expect=2)
    assert "has a plugin: gazette" in told["error"]


def test_a_plugin_is_tried_without_asking_anybody(place: Path, article: str, server: Server) -> None:
    asked = len(server.hits)
    [trial] = command(place, "sites", "try", "plugins/lantern.py", article, "--json")
    fields = {field["field"]: field for field in trial["fields"]}
    assert (fields["published"]["won"], fields["published"]["rule"]) == ("plugin", "when(css('.signed'))")
    assert fields["title"]["won"] == "default" and fields["authors"]["won"] == ""
    assert {link["pattern"] for link in trial["links"]} >= {"seeds", "articles: /leaf/*"}
    assert len(server.hits) == asked


def test_a_rule_that_fails_is_named_with_its_line(place: Path, article: str) -> None:
    plugin = place / "plugins" / "lantern.py"
    rules = plugin.read_text() + "\n    def authors(self, page):\n        return 1 / 0\n"
    plugin.write_text(rules)
    [trial] = command(place, "sites", "try", "plugins/lantern.py", article, "--json", expect=1)
    assert trial["errors"][0]["where"].endswith(f"lantern.py:{len(rules.splitlines())}")
    [checked] = command(place, "sites", "check", "--json", expect=1)
    assert "ZeroDivisionError" in checked["wrong"][0]


def test_a_change_breaks_a_case_until_it_is_accepted(place: Path) -> None:
    plugin = place / "plugins" / "lantern.py"
    text = plugin.read_text()
    plugin.write_text(text + '    site_name = "The Lamp"\n')
    [checked] = command(place, "sites", "check", "lantern", "--json", expect=1)
    assert "expected 'The Lantern', found 'The Lamp'" in checked["wrong"][0]
    [accepted] = command(place, "sites", "accept", "lantern", "--json")
    assert accepted["verdict"] == "accepted" and len(accepted["differs"]) == 1
    [again] = command(place, "sites", "accept", "lantern", "--json")
    assert (again["verdict"], again["differs"]) == ("as expected", [])
    [checked] = command(place, "sites", "check", "lantern", "--json")
    assert checked["wrong"] == []
    plugin.write_text(text)
    command(place, "sites", "check", "lantern", "--json", expect=1)
    command(place, "sites", "accept", "lantern/no-such-case", "--json", expect=2)


def test_what_a_new_rule_finds_is_accepted_too(place: Path) -> None:
    plugin = place / "plugins" / "lantern.py"
    plugin.write_text(plugin.read_text() + '    section = css(".top a")\n')
    [accepted] = command(place, "sites", "accept", "lantern", "--json")
    assert accepted["differs"] == ["section: new, found 'The Lantern'"]
    plugin.write_text(plugin.read_text().replace(".top a", ".foot"))
    [checked] = command(place, "sites", "check", "lantern", "--json", expect=1)
    assert "section: expected 'The Lantern'" in checked["wrong"][0]


def test_a_replay_of_a_site_reads_what_was_crawled_without_its_plugin(place: Path) -> None:
    assert command(place, "replay", "--site", "gazette", "--dry-run", "--json") == [{"outdated": 0}]
    assert command(place, "replay", "--site", "lantern", "--dry-run", "--json") == [{"outdated": 2}], (
        "robots.txt and the article"
    )


def test_a_case_is_pinned_from_the_archive_and_only_once(place: Path, article: str) -> None:
    [told] = command(place, "sites", "pin", article, "--json", expect=2)
    assert "is a case already" in told["error"]
    [pinned] = command(place, "sites", "pin", article, "--name", "again", "--json")
    assert pinned == {"site": "lantern", "class": "Lantern", "case": "tests/cases/lantern/again"}
    expected = json.loads((place / pinned["case"] / "expected.json").read_bytes())
    assert expected["title"] and expected["blocks"] and "text" not in expected
    [checked] = command(place, "sites", "check", "--json")
    assert (checked["cases"], checked["wrong"]) == (2, [])
    [told] = command(place, "sites", "pin", "http://lantern.example/leaf/not-there", "--json", expect=1)
    assert "has no page of it" in told["error"]


def test_the_layout_of_the_captures_day_is_pinned(place: Path, article: str) -> None:
    plugin = place / "plugins" / "lantern.py"
    text = plugin.read_text().replace("from sites", "from datetime import date\n\nfrom sites")
    plugin.write_text(
        text + '\n\nclass LanternOnceUponATime(Lantern):\n    until = date(2200, 1, 1)\n    title = ""\n'
    )
    [pinned] = command(place, "sites", "pin", article, "--name", "old", "--json")
    assert pinned["class"] == "LanternOnceUponATime"
    [checked] = command(place, "sites", "check", "--json", expect=1)
    assert checked["wrong"][0].startswith("tests/cases/lantern/storm") or "title" in checked["wrong"][0]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("import nothing_of_this_name\n", "ModuleNotFoundError"),
        (
            "from sites import Site\n\nclass A(Site):\n    hosts = ('https://a.example/',)\n",
            "is no host name",
        ),
        ("import os\nos._exit(7)\n", "ended with 7"),
    ],
)
def test_a_broken_plugin_is_found(tmp_path: Path, source: str, said: str) -> None:
    (tmp_path / "plugins").mkdir()
    (tmp_path / "plugins" / "broken.py").write_text(source)
    [told] = command(tmp_path, "sites", "check", "--json", expect=1)
    assert said in str(told)
