"""Which of a page's titles is the article's, and how it is written."""

from __future__ import annotations

import pytest

from sites.extract import extract
from sites.page import Page

PROSE = (
    "The harbour of the old town was opened to ships again on Monday, after two years of work on its walls. "
)
MORE = (
    "Nine ships lay at the quay by noon, and two more waited outside.",
    "The mayor said that the town had missed its sailors, and they the town.",
    "Stones for the walls had come from the quarry up the river, by barge, since the spring before last.",
    "Fishermen sold herring from their boats until the evening, at the price of two years ago.",
    "The lighthouse will be painted next, if the council finds the money for it.",
)
BODY = "".join(f"<p>{PROSE}{more}</p>" for more in MORE)


def title_of(head: str, shown: str, url: str = "https://gazette.example/news/harbour") -> str:
    html = f"<html lang=en><head>{head}</head><body><article>{shown}{BODY}</article></body></html>"
    page = Page(url=url, html=html.encode(), headers=(("Content-Type", "text/html; charset=utf-8"),))
    article = extract(page).article
    assert article is not None
    return article.title


def og(title: str) -> str:
    return f"<meta property='og:title' content='{title}'>"


def ld(title: str) -> str:
    return f'<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{title}"}}</script>'


@pytest.mark.parametrize(
    ("head", "shown", "title"),
    [
        pytest.param(
            "<title>Harbour News: The harbour opens again</title>",
            "<h1><a href='http://gazette.example/'>Harbour News</a></h1><h3>The harbour opens again</h3>",
            "The harbour opens again",
            id="a masthead that leads home by another scheme",
        ),
        pytest.param(
            "<title>The Old Town Courier: The harbour opens again</title>",
            "<p><b>The harbour opens again</b><br>By Ada Quayle</p>",
            "The harbour opens again",
            id="the part of <title> that is shown, where nothing is a heading",
        ),
        pytest.param(
            "<title>The harbour opens again</title>",
            "<h1><a href='#'>The harbour opens again</a><span>3 Comments</span></h1>",
            "The harbour opens again",
            id="what else the heading holds, if <title> has it not",
        ),
        pytest.param(
            "<title>東埠頭を秋まで閉鎖へ | 港湾新聞</title>", "<p>東埠頭を秋まで閉鎖へ</p>", "東埠頭を秋まで閉鎖へ", id="a bar behind a title without spaces"
        ),
        pytest.param(
            "<title>Old walls: The harbour opens again</title>",
            "<p>The harbour of the old town.</p>",
            "Old walls: The harbour opens again",
            id="all of it, where none is shown",
        ),
        pytest.param(
            og("Old walls / The harbour opens to ships again") + ld("The harbour opens to ships again"),
            "<h1><span>Old walls</span><span>The harbour opens to ships again</span></h1>",
            "Old walls / The harbour opens to ships again",
            id="a heading that glues its parts is written as declared",
        ),
        pytest.param(
            og("Old harbour opens again") + ld("Old harbour opens again") + "<title>The harbour is open to all ships</title>",
            "<h1>The harbour is open to all ships</h1>",
            "Old harbour opens again",
            id="two sources of data agree, and the tab says but what the heading says",
        ),
        pytest.param(
            og("Old harbour opens again") + "<title>The harbour is open to all ships</title>",
            "<h1>The harbour is open to all ships</h1>",
            "The harbour is open to all ships",
            id="one source of data alone loses to heading and tab",
        ),
        pytest.param(
            og("The harbour opens to ships again"),
            "<h1>The harbour opens to ships again<small>A brass band played for the mayor</small></h1>",
            "The harbour opens to ships again",
            id="a part more at the end of the heading is not the title's",
        ),
        pytest.param(
            og("The harbour opens to ships again"),
            "<h1>The harbour opens to ships again after two years</h1>",
            "The harbour opens to ships again after two years",
            id="but a heading of one part is the title as it stands",
        ),
        pytest.param(
            og("How to moor a boat in a storm") + "<title>How to moor a boat in a storm</title>",
            "<h1>Our guides</h1>",
            "How to moor a boat in a storm",
            id="a label is no title where two sources agree on another",
        ),
        pytest.param(
            og("Mooring: advice for a storm") + "<title>Another thing altogether</title>",
            "<h1>Mooring a boat</h1>",
            "Mooring a boat",
            id="but a short heading is where they do not",
        ),
        pytest.param(
            ld("Harbour and town: all news of the day") + "<title>Harbour and town: all news of the day</title>",
            "<h1>Ferry sails late for want of a captain this morning</h1>",
            "Harbour and town: all news of the day",
            id="a live page's newest entry is not its title",
        ),
        pytest.param(
            og("Five best harbours for 2026-2030") + "<title>Five best harbours for 2026-2030</title>",
            "<h1>Top five best harbours to watch</h1>" + BODY + "<h2>Five best harbours for 2026</h2>",
            "Top five best harbours to watch",
            id="the only first heading comes before lower ones",
        ),
        pytest.param(
            og("The first ship calls on the port") + "<title>News</title>",
            "<h1 class=hidden>News</h1><h1>The first ship calls on the port</h1>",
            "The first ship calls on the port",
            id="of two headings the one that the data bears out",
        ),
        pytest.param(
            "<title>23.01.2022 - Harbour opens to ships</title>",
            "<h2>23.01.2022 - Harbour opens to ships</h2>",
            "Harbour opens to ships",
            id="a date before the title",
        ),
        pytest.param(
            "<title>港口今天重新开放！-海港日报</title>", "", "港口今天重新开放！", id="a site's name after a wide title"
        ),
    ],
)  # fmt: skip
def test_the_title_among_what_the_page_calls_one(head: str, shown: str, title: str) -> None:
    assert title_of(head, shown) == title


def test_a_country_below_a_government_is_no_part_of_the_sites_name() -> None:
    head = (
        og("Minister opens the harbour - Hafenamt Land")
        + "<title>Minister opens the harbour - Hafenamt Land</title>"
    )
    shown = "<h1><span class=supertitle>1. Februar</span> <span>Minister opens the harbour</span></h1>"
    assert title_of(head, shown, "https://www.hafenamt.gv.at/x") == "Minister opens the harbour"
