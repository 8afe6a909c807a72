"""Pages that are built in the browser: their article is read from the data that was sent with them."""

from __future__ import annotations

import json

import pytest

from sites.extract import extract
from sites.page import Page
from tests.test_sites_extract import BODY, PROSE

URL = "https://gazette.example/news/harbour"
HEAD = '<title>Harbour opens - Gazette</title><meta property="og:title" content="Harbour opens">' + (
    '<meta property="og:type" content="article"><meta name="author" content="Ada Quayle">'
    '<meta property="article:published_time" content="2024-03-05T10:30:00+01:00">'
)
STATE = {"props": {"articles": [{"id": 1, "contents": BODY}], "menu": ["<p>a</p><p>b</p>"]}}
DEEP = "[" * 100_000


def page(*scripts: str, head: str = HEAD) -> Page:
    """A page of a title, an empty root and `scripts`."""
    html = f"<html><head>{head}</head><body><div id=root></div>{''.join(scripts)}</body></html>"
    return Page(url=URL, html=html.encode())


def script(code: object, kind: str = "text/javascript") -> str:
    text = code if isinstance(code, str) else json.dumps(code).replace("<", "\\u003c")
    return f'<script type="{kind}">{text}</script>'


def state(value: object) -> str:
    return json.dumps(value).replace("<", "\\u003c")


@pytest.mark.parametrize(
    ("said", "path"),
    [
        (script(STATE, "application/json"), "props.articles[0].contents"),
        (script(f"window.__STATE__ = {state(STATE)};start()"), "props.articles[0].contents"),
        (script(f"self.q = self.q || []; self.q.push({state([1, BODY])})"), "[1]"),
        (script(f"if (a) {{b({state({'x': 1})})}} data={state(STATE)}"), "props.articles[0].contents"),
        (
            script({"@type": "NewsArticle", "articleBody": "\n".join([PROSE] * 4)}, "application/ld+json"),
            "articleBody",
        ),
    ],
)
def test_the_article_of_the_data(said: str, path: str) -> None:
    result = extract(page(said))
    assert result.page_type == "article" and result.article is not None
    assert result.article.title == "Harbour opens" and result.article.authors == ("Ada Quayle",)
    assert result.article.text.count("a brass band had come") in (4, 5)
    assert [found.rule for found in result.evidence if found.field == "body"] == [f"data:{path}"]


@pytest.mark.parametrize(
    "said",
    [
        "",
        script({"a": BODY, "b": BODY.replace("harbour", "castle").replace("One", "Uno")}, "application/json"),
        script(f"window.__STATE__ = {{a: 1, text: {state(BODY)}}}"),  # no JSON: nothing is run
        script(f'x = {{"a": {DEEP}<p articleBody'),
        script({"contents": "<p>Short.</p><p>Shorter.</p>"}, "application/json"),
        script({"@type": "NewsArticle", "isAccessibleForFree": False}, "application/ld+json")
        + script(STATE, "application/json"),
    ],
    ids=["none", "two", "no JSON", "too deep", "short", "not free"],
)
def test_no_article_in_the_data(said: str) -> None:
    result = extract(page(said))
    assert result.article is None or result.article.text == ""
    assert not [found for found in result.evidence if found.rule.startswith("data:")]


def test_text_in_the_markup_comes_first() -> None:
    other = BODY.replace("harbour", "castle")
    whole = page(script({"contents": other + other}, "application/json"), BODY)
    article = extract(whole).article
    assert article is not None and "castle" not in article.text and "harbour" in article.text
