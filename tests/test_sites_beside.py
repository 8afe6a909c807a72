"""Section, site name, lead image and subtitle: what a page says of them, and what only looks like it."""

from __future__ import annotations

import pytest

from sites.generic.beside import dateline, subtitle
from sites.generic.dating import published
from sites.generic.facts import Facts
from sites.generic.joining import Joiner
from sites.generic.naming import beside_title, site_name
from sites.generic.pictures import lead_image
from sites.generic.sections import section
from sites.generic.survey import survey
from sites.page import Page

PROSE = (
    "<p>The harbour of the old town was opened to ships again, after two years of work on its walls.</p>" * 4
)


def facts_of(head: str = "", shown: str = "", before: str = "") -> Facts:
    html = f"<html><head>{head}</head><body>{before}<article><h1>The harbour opens</h1>{shown}{PROSE}</article></body></html>"
    page = Page(url="https://www.harbourpost.example.com/town/harbour", html=html.encode())
    return Facts(page, survey(page.tree), Joiner(page.url), "")


def crumbs(*steps: str) -> str:
    listed = ", ".join(
        f'{{"@type": "ListItem", "position": {n}, "item": {{"@id": "https://www.harbourpost.example.com/{n}", "name": "{step}"}}}}'
        for n, step in enumerate(steps)
    )
    return f'<script type="application/ld+json">{{"@type": "BreadcrumbList", "itemListElement": [{listed}]}}</script>'


@pytest.mark.parametrize(
    ("head", "before", "shown", "name"),
    [
        pytest.param(crumbs("Home", "News", "Town"), "", "", "Town", id="the last step"),
        pytest.param(
            f"<title>The harbour opens</title>{crumbs('Home', 'Town', 'The harbour opens')}", "", "", "Town", id="not the article"
        ),
        pytest.param(crumbs("Home"), "", "", "", id="not the front page"),
        pytest.param(
            "", "<div class=breadcrumbs><a href=/>Start</a> <a href=/town>Town</a></div>", "", "Town", id="the trail that is shown"
        ),
        pytest.param(
            "", "<nav aria-label=Breadcrumb><ol><li><a href=/>Start</a><li><a href=/town>Town</a></ol></nav>", "", "Town", id="a trail to listen to"
        ),
        pytest.param("", "", "<a rel='category tag' href=/c/1>Town</a>", "Town", id="a category of the text"),
        pytest.param("", "", "<p>In <b itemprop=articleSection>Town</b></p>", "Town", id="a part of the page that says so"),
        pytest.param("<meta property=articleSection content=Town>", "", "", "Town", id="a meta that says so"),
        pytest.param("<meta name=section content='Town, Sea, Ships'>", "", "", "Town", id="the first of a list"),
        pytest.param(
            "<meta name=section content=Uncategorized><meta name=category content=Sea>", "", "", "Sea", id="none was chosen"
        ),
        pytest.param("<meta name=section content='Town & Sea, Ships'>", "", "", "Town & Sea, Ships", id="two are one name"),
    ],
)  # fmt: skip
def test_the_section(head: str, before: str, shown: str, name: str) -> None:
    assert section(facts_of(head, shown, before)).value == name


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("<meta property='og:site_name' content='Harbour Post Example'>", "Harbour Post Example"),
        (
            "<meta property='og:site_name' content='Harbourpost Example | All the news of the sea'>",
            "Harbourpost Example",
        ),
        ("<meta property='og:site_name' content='The Sea - and all on it'>", "The Sea - and all on it"),
        ("<title>The harbour opens | Harbourpost Example</title>", "Harbourpost Example"),
        ("<title>The harbour opens | Ships</title>", ""),
    ],
)
def test_the_sites_name_without_its_motto(head: str, name: str) -> None:
    page = Page(
        url="https://harbourpost-example.com/a",
        html=f"<html><head>{head}</head><body></body></html>".encode(),
    )
    assert site_name(Facts(page, survey(page.tree), Joiner(page.url), "")).value == name


@pytest.mark.parametrize(
    ("tab", "name"),
    [
        ("The harbour opens again | Sea and Ships", "Sea and Ships"),
        ("The harbour opens again - News - Sea and Ships", "Sea and Ships"),
        ("Sea and Ships: The harbour opens again", "Sea and Ships"),
        ("Sea and Ships » News » The harbour opens again", "Sea and Ships"),
        ("The harbour opens again", ""),
        ("The harbour opens again at last", ""),
        ("The harbour opens again &lt; News &lt; Text - Sea and Ships", "Sea and Ships"),
        ("The harbour opens again｜Sea and Ships", "Sea and Ships"),
        ("Old walls: The harbour opens again | Sea and Ships", "Sea and Ships"),
        ("Ships and the sea | Old walls", ""),
    ],
)
def test_the_sites_name_beside_the_title(tab: str, name: str) -> None:
    page = Page(url="https://h.example/a", html=f"<html><head><title>{tab}</title></head></html>".encode())
    facts = Facts(page, survey(page.tree), Joiner(page.url), "")
    assert beside_title(facts, "The harbour opens again").value == name


@pytest.mark.parametrize(
    ("head", "shown", "file"),
    [
        ("<meta property='og:image' content='/i/harbour.jpg'>", "", "harbour.jpg"),
        (
            "<meta property='og:image' content='/i/logo-large.png'>",
            "<img src=/i/ship.jpg width=800>",
            "ship.jpg",
        ),
        ("<meta property='og:image' content='/i/catalogue.png'>", "", "catalogue.png"),
        ("<meta name=parsely-image-url content='/i/ship.jpg'>", "", "ship.jpg"),
        ("<meta name=sailthru.image.full content='/i/ship.jpg'>", "", "ship.jpg"),
        ("<link rel=image_src href='/i/ship.jpg'>", "", "ship.jpg"),
        ("", "<img src=/i/ship.jpg width=120>", ""),
        ("", "<div class=author><img src=/i/ada.jpg></div><img src=/i/ship.jpg>", "ship.jpg"),
        ("", PROSE * 4 + "<img src=/i/far.jpg>", ""),
    ],
)
def test_the_lead_image(head: str, shown: str, file: str) -> None:
    image = lead_image(facts_of(head, shown)).value
    assert (image.url.rpartition("/")[2] if image else "") == file


def test_an_offer_is_no_subtitle() -> None:
    line = "Two years of work have come to an end"
    assert subtitle(facts_of(shown=f"<p class=lead>{line}</p>"), "The harbour opens").value == line
    offer = "<h2 class=paywall-title>For one coin you may read on</h2>"
    assert subtitle(facts_of(shown=offer), "The harbour opens").value == ""


def test_the_description_by_the_title_is_the_subtitle() -> None:
    line = "Two years of work have come to an end"
    assert subtitle(facts_of(shown=f"<p itemprop=description>{line}</p>"), "The harbour opens").value == line
    whole = f"<div itemprop='description articleBody'><p>{line}</p></div>"
    assert subtitle(facts_of(shown=whole), "The harbour opens").value == ""


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("BERGEN, Norway (AP) — The harbour opened.", "BERGEN, Norway"),
        ("OSLO, March 12 (Reuters) - The harbour opened.", "OSLO"),
        ("Hamburg (dpa) - Der Hafen ist offen.", "Hamburg"),
        ("Bilbao, 12 mar (EFE).- El puerto abre.", "Bilbao"),
        ("By Ada Quayle\n\nBERGEN (AP) — The harbour opened.", "BERGEN"),
        ("By Ada Quayle\n\nThe harbour — it is old — opened.", ""),
        ("The harbour - all of it - opened.", ""),
    ],
)
def test_datelines(text: str, place: str) -> None:
    assert dateline(text).value == place


def test_many_dates_of_publication_are_those_of_other_stories() -> None:
    cards = "".join(f"<time itemprop=datePublished datetime=2026-03-1{n}></time>" for n in range(4))
    head = "<meta name=date content=2025-03-27>"
    assert str(published(facts_of(head, before=f"<div>{cards}</div>")).value) == "2025-03-27"
    one = "<time itemprop=datePublished datetime=2026-03-10></time>"
    assert str(published(facts_of(head, before=f"<div>{one}</div>")).value) == "2026-03-10"
