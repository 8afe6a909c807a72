"""One test for all plugins: every case below tests/cases gives what its expected.json says."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.cases import find_cases, read_case, run_case, write_case
from crawler.errors import ConfigError
from sites.article import Article, Block, Image
from sites.cases import facts_of_article, mismatches
from sites.moment import Moment
from sites.page import Page
from sites.registry import Registry

ROOT = Path(__file__).parent / "cases"
REGISTRY = Registry.load(entry_points=False)
FOLDERS = list(find_cases(ROOT))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: f"{folder.parent.name}/{folder.name}")
def test_case(folder: Path) -> None:
    assert run_case(read_case(folder), REGISTRY) == ()


def test_no_plugin_is_broken_and_each_has_a_case() -> None:
    assert REGISTRY.problems == ()
    assert set(REGISTRY.names()) <= {folder.parent.name for folder in FOLDERS}


def test_each_layout_of_a_plugin_has_a_case() -> None:
    seen = {
        REGISTRY.get(case.plugin, case.page.fetched_at.date() if case.page.fetched_at else None)
        for case in map(read_case, FOLDERS)
    }
    assert seen == {site for name in REGISTRY.names() for site in REGISTRY.layers(name)}


ARTICLE = Article(
    url="http://a.example/1",
    title="Ship  sails",
    authors=("Ada", "Ben"),
    published=Moment.parse("2026-09-14"),
    image=Image("http://a.example/1.png", "A ship"),
    paywalled=False,
    blocks=(
        Block("paragraph", "One."),
        Block("figure", "A ship", url="http://a.example/1.png"),
        Block("list", "a\nb"),
    ),
)


@pytest.mark.parametrize(
    ("expected", "told"),
    [
        ({"title": "Ship sails", "published": "2026-09-14", "paywalled": False}, ()),
        ({"authors": ["Ada", "Ben"], "section": "", "tags": [], "modified": None}, ()),
        (
            {
                "blocks": [{"kind": "paragraph", "text": "One."}, {"text": "a\nb"}],
                "image": {"caption": "A ship"},
            },
            (),
        ),
        ({"title": "Ship"}, ("title: expected 'Ship', found 'Ship sails'",)),
        ({"authors": []}, ("authors: expected [], found ['Ada', 'Ben']",)),
        ({"paywalled": None}, ("paywalled: expected None, found False",)),
        ({"author": "Ada"}, ("author: an article has no such field",)),
        ({"image": {"caption": ""}}, ("image: caption: expected '', found 'A ship'",)),
        ({"blocks": [{"text": "Two."}]}, ("blocks: number 1: text: expected 'Two.', found 'One.'",)),
        (
            {"blocks": [{"text": "One."}]},
            ("blocks: 2 instead of 1; too many: {'kind': 'list', 'text': 'a\\nb'}",),
        ),
        (
            {"related": [{"url": "http://b.example/"}]},
            ("related: 0 instead of 1; missing: {'url': 'http://b.example/'}",),
        ),
    ],
)  # fmt: skip
def test_what_differs_is_told_in_a_sentence(expected: dict[str, object], told: tuple[str, ...]) -> None:
    assert mismatches(ARTICLE, expected) == told


def test_an_article_agrees_with_its_own_facts() -> None:
    facts = facts_of_article(ARTICLE)
    assert set(facts) == {"url", "title", "authors", "published", "image", "blocks", "paywalled"}
    assert mismatches(ARTICLE, facts) == ()
    assert facts_of_article(ARTICLE, "section") == {"section": ""}
    assert mismatches(None, facts) == ("no article was found",)


def test_a_case_is_written_and_read_again(tmp_path: Path) -> None:
    folder = tmp_path / "gazette" / "new"
    page = Page(url="http://gazette.example/news/1", html="<h1>É</h1>".encode())
    write_case(folder, page, {"title": "É"})
    case = read_case(folder)
    assert (case.plugin, case.page.html, case.expected["title"]) == ("gazette", page.html, "É")
    assert run_case(case, REGISTRY) == ("no article was found",)
    assert list(find_cases(tmp_path)) == [folder]
    with pytest.raises(ConfigError, match="is a case already"):
        write_case(folder, page, {})


def test_a_folder_that_is_no_case_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=f"{tmp_path}/x is no case: FileNotFoundError"):
        read_case(tmp_path / "x")
