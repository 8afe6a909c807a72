"""What a page is about: its keywords, which source of them, and the tags that it only shows."""

from __future__ import annotations

import pytest

from sites.generic.facts import Facts
from sites.generic.joining import Joiner
from sites.generic.sections import section
from sites.generic.survey import survey
from sites.generic.topics import tags
from sites.page import Page


def tags_of(head: str, shown: str = "", path: str = "town/harbour-opens") -> tuple[str, ...]:
    html = f"<html><head>{head}</head><body><h1>The harbour opens</h1><p>To ships.</p>{shown}</body></html>"
    page = Page(url=f"https://gazette.example/{path}", html=html.encode())
    found = survey(page.tree)
    facts = Facts(page, found, Joiner(page.url), "")
    return tags(facts, section(facts).value).value


def ld(keywords: str, more: str = "") -> str:
    return f'<script type="application/ld+json">{{"@type": "NewsArticle", "keywords": {keywords}{more}}}</script>'


def meta(name: str, content: str) -> str:
    return f'<meta name="{name}" content="{content}">'


@pytest.mark.parametrize(
    ("head", "shown", "path", "found"),
    [
        pytest.param(ld('"Ships, ships; Walls"'), "", "a", ("Ships", "Walls"), id="one text, parted, each once"),
        pytest.param(ld('["Section: Town:Sea", "Tag: Ships"]'), "", "a", ("Ships",), id="labelled"),
        pytest.param(
            ld('["Ships"]') + meta("keywords", "Ships, Walls"), "", "a", ("Ships", "Walls"), id="the source that has all of it"
        ),
        pytest.param(
            ld('["Ships"]') + meta("keywords", "town, Ships"), "", "town/a", ("Ships",), id="a place in the address is no more"
        ),
        pytest.param(
            ld('["Ships"]', ', "articleSection": "Sea"') + meta("keywords", "Sea, Ships"), "", "a", ("Ships",), id="nor is the section"
        ),
        pytest.param(
            ld('["harbour", "opens", "again"]') + meta("keywords", "Ships"),
            "",
            "town/harbour-opens-again",
            ("Ships",),
            id="the words of the address are no keywords",
        ),
        pytest.param(
            ld('["Harbour", "Opens again"]'), "", "town/harbour-opens-again", ("Harbour", "Opens again"), id="unless written with care"
        ),
        pytest.param(
            "",
            "<div class=tag-list><a href=/x/1>Ships</a><a href=/x/2>Old walls</a></div>",
            "a",
            ("Ships", "Old walls"),
            id="each link of a list of tags",
        ),
        pytest.param(ld('["Lite:true", "Tag:Ships", "Source:0"]'), "", "a", ("Ships",), id="switches are no keywords"),
        pytest.param("", "<p itemprop=keywords>Ships, Old walls</p>", "a", ("Ships", "Old walls"), id="microdata"),
        pytest.param("", "<p><a href=/tag/ships>Ships</a></p>", "a", ("Ships",), id="a link to a tag's page"),
        pytest.param("", "<p><a href=/news/ships>Ships</a></p>", "a", (), id="not any link"),
        pytest.param("", "<footer class=tags><a href=/tag/imprint>Imprint</a></footer>", "a", (), id="not in the footer"),
        pytest.param("", "<nav><a href=/tag/ships>Ships</a></nav>", "a", (), id="not in the menu"),
    ],
)  # fmt: skip
def test_the_tags_of_a_page(head: str, shown: str, path: str, found: tuple[str, ...]) -> None:
    assert tags_of(head, shown, path) == found
