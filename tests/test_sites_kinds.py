"""What sort of page it is, on pages of our own: each sort is named, and how sure it is says something."""

from __future__ import annotations

import numpy as np
import pytest

from sites.extract import extract
from sites.extraction import Extraction
from sites.generic.kinds import default_kinds
from sites.generic.traits import TRAITS
from sites.page import Page

STORY = [
    "The ferry that has crossed the sound since 1931 will stop sailing in the spring, the harbour board said on Monday.",
    "Repairs to its hull would have cost more than the board earns in four years, according to its treasurer, Anna Holm.",
    "“We asked every yard on the coast, and none could promise that she would pass the next survey,” said Holm.",
    "About ninety people use the crossing on a weekday, most of them pupils of the school on the southern shore.",
    "The town has promised a bus by way of the bridge, which takes forty minutes where the ferry took nine.",
    "A petition with two thousand names will be handed to the mayor on Friday; the board votes again in March.",
]
HEADLINES = [
    "Ferry to stop in spring", "School roof leaks again", "Three held after mill fire", "Choir wins at last",
    "Bridge toll to rise", "Library opens on Sundays", "Storm closes the quay", "New lighthouse keeper named",
    "Bakery moves to Sea Street", "Council votes on parking", "Herring season begins", "Old brewery to be flats",
]  # fmt: skip
NAV = '<nav class="menu"><ul>' + "".join(
    f"<li><a href='/{name}'>{name.title()}</a>" for name in ("news", "sport", "culture", "weather")
)


def paragraphs(lines: list[str]) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


def article() -> tuple[str, str]:
    return (
        "https://gazette.example/news/2024/05/02/ferry-to-stop-in-spring",
        f"""
    <html lang="en"><head><title>Ferry to stop in spring | The Gazette</title><meta property="og:type" content="article">
    <meta property="og:title" content="Ferry to stop in spring"><meta property="article:published_time" content="2024-05-02T09:00:00Z">
    <meta name="author" content="Nora Lind"></head><body>{NAV}</ul></nav><main><article class="story"><h1>Ferry to stop in spring</h1>
    <p class="byline">By Nora Lind</p><time datetime="2024-05-02T09:00:00Z">2 May 2024</time>{paragraphs(STORY)}</article></main>
    <footer><a href="/imprint">Imprint</a></footer>""",
    )


def bare_article() -> tuple[str, str]:
    """A page that declares nothing of itself."""
    return "https://gazette.example/ferry-to-stop-in-spring-says-board", (
        f"<html><head><title>Ferry to stop in spring, says board</title></head><body><h1>Ferry to stop in spring, says board</h1>"
        f"<p>By Nora Lind, 2 May 2024</p>{paragraphs(STORY)}"
    )


def front() -> tuple[str, str]:
    cards = "".join(
        f'<div class="card teaser"><h3><a href="/news/2024/05/{n + 1:02}/{title.lower().replace(" ", "-")}">{title}</a></h3>'
        f"<p class='excerpt'>{STORY[n % 6][:70]}…</p></div>"
        for n, title in enumerate(HEADLINES)
    )
    return "https://gazette.example/", (
        f'<html lang="en"><head><title>The Gazette</title><meta property="og:type" content="website"></head><body class="home">{NAV}</ul></nav>'
        f'<main class="grid">{cards}</main>'
    )


def section() -> tuple[str, str]:
    url, html = front()
    listed = html.replace("<title>The Gazette", "<title>Harbour archive - The Gazette").replace(
        "home", "archive category"
    )
    return f"{url}category/harbour/", listed + (
        '<nav class="pagination"><a rel="prev" href="?page=1">1</a><a rel="next" href="?page=3">3</a></nav>'
    )


def forum() -> tuple[str, str]:
    replies = "".join(
        f'<div class="post" id="post-{n}"><div class="author"><a href="/members/user{n}">user{n}</a> Joined: 2019 Posts: {n * 31}</div>'
        f'<time datetime="2024-05-0{n}T10:00:00Z">May {n}, 2024</time><div class="postbody"><p>I had the same with mine, try the other '
        f'fuse first and then tell us what it does, mate.</p></div><a href="#reply">Reply</a> <a href="#quote">Quote</a></div>'
        for n in range(1, 9)
    )
    return "https://forum.example/threads/engine-will-not-start.4821/", (
        '<html><head><title>Engine will not start | Boat Owners Forum</title><meta name="generator" content="phpBB"></head>'
        '<body class="thread"><div class="breadcrumb"><a href="/">Forum</a> <a href="/forums/engines">Engines</a></div>'
        f"<h1>Engine will not start</h1><p>8 replies</p>{replies}<form><textarea></textarea>Post reply</form>"
    )


def documentation() -> tuple[str, str]:
    side = "".join(
        f'<li class="toctree-l1"><a class="reference internal" href="{name}.html">{name}</a>'
        for name in ("install", "quickstart", "settings", "queues", "workers", "errors", "changelog")
    )
    body = "".join(
        f"<section id='s{n}'><h2>{name}</h2><p>The function returns a handle; its parameter is a path. See the API reference.</p>"
        f"<div class='highlight-python'><pre>queue = open_queue('{name}', size={n})\nqueue.put(1)</pre></div></section>"
        for n, name in enumerate(("Opening", "Parameters", "Return value", "Errors"))
    )
    return "https://docs.example/en/latest/api/queues.html", (
        '<html><head><title>Queues — Ferry 2.1 documentation</title><meta name="generator" content="Docutils 0.19"></head><body>'
        f'<div class="sphinxsidebar"><ul>{side}</ul></div><div class="document"><div class="body" role="main"><h1>Queues</h1>'
        f'{body}</div></div><div class="related"><a rel="next" href="workers.html">next</a> <a rel="prev" href="settings.html">previous</a></div>'
    )


def product() -> tuple[str, str]:
    return (
        "https://shop.example/products/oilskin-coat",
        """
    <html><head><title>Oilskin coat – Harbour Shop</title><meta property="og:type" content="product">
    <meta property="product:price:amount" content="89.00"><script type="application/ld+json">{"@type":"Product","name":"Oilskin coat",
    "offers":{"@type":"Offer","price":"89.00","priceCurrency":"EUR"}}</script></head><body class="template-product">
    <div class="product"><h1 class="product-title">Oilskin coat</h1><span class="price">€89.00</span>
    <form action="/cart/add"><button>Add to cart</button></form><p>In stock. Free shipping.</p><ul><li>Waterproof<li>Two pockets<li>Sizes S to XL</ul>
    <div class="product-description"><p>A coat for rain, cut long, with a hood.</p></div><a>Add to cart</a></div>
    <div class="related-products"><a href="/products/boots">Boots €49</a><a href="/products/hat">Hat €19</a></div>""",
    )


SORTS = {
    "article": [article, bare_article], "listing": [front, section], "forum": [forum], "documentation": [documentation],
    "product": [product],
}  # fmt: skip
EACH = [(kind, make) for kind, makes in SORTS.items() for make in makes]


def read(page: tuple[str, str], *, why: bool = False) -> Extraction:
    return extract(Page(url=page[0], html=page[1].encode()), why=why)


@pytest.mark.parametrize(("kind", "make"), EACH, ids=[make.__name__ for _, make in EACH])
def test_each_sort_is_named_and_the_verdict_is_sure(kind: str, make: object) -> None:
    assert callable(make)
    result = read(make())
    assert result.page_type == kind
    assert (result.accepted is None) == (kind != "article")
    assert 0.5 < result.confidence <= 1


def test_what_speaks_for_an_article_raises_the_confidence_and_what_speaks_against_lowers_it() -> None:
    url, html = article()
    sure = read((url, html)).confidence
    less = read(
        (url, html.replace('content="article"', 'content="website"').replace("article:published_time", "x"))
    ).confidence
    least = read(
        ("https://shop.example/products/ferry", product()[1].replace("</body>", "") + paragraphs(STORY[:2]))
    )
    assert sure > less
    assert least.page_type != "article" or least.confidence < less


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Before you continue", "blocked"), ("We value your privacy", "blocked"), ("Access denied", "blocked"),
        ("Verify you are human", "blocked"), ("404 - Page not found", "error"), ("Seite nicht gefunden", "error"),
    ],
)  # fmt: skip
def test_doors_and_soft_errors_are_known_by_what_a_short_page_says(title: str, kind: str) -> None:
    page = f"<title>{title}</title><h1>{title}</h1><p>We and our 812 partners store cookies.</p><a href='/'>Home</a>"
    result = read(("https://gazette.example/news/1", page))
    assert (result.page_type, result.article) == (kind, None)
    assert result.confidence == 0.8


def test_a_story_about_such_a_door_is_a_story() -> None:
    url, html = article()
    told = html.replace(
        "Ferry to stop in spring", "Access denied: why your browser asks for consent to cookies"
    )
    told = told.replace("</article>", paragraphs(STORY * 2) + "</article>")
    assert read((url, told)).page_type == "article"


def test_a_search_is_known_by_its_address() -> None:
    _, html = front()
    assert read(("https://gazette.example/search?q=ferry", html)).page_type == "search"


def doubtful() -> tuple[str, str]:
    """A story below a listing's teasers, which declares itself a listing."""
    return "https://paper.example/harbour/ferry", section()[1] + paragraphs(STORY)


def test_of_a_page_in_doubt_the_article_is_given_and_not_accepted() -> None:
    result = read(doubtful())
    assert result.page_type == "listing" and result.accepted is None
    assert result.article is not None and result.article.text.endswith(STORY[-1])
    taken = read(article())
    assert taken.accepted is taken.article is not None
    assert read(product()).article is None, "of a page that is surely none, none is given"


def test_of_an_article_that_is_built_in_the_browser_its_data_are_given() -> None:
    url, html = article()
    empty = read((url, html.replace(paragraphs(STORY), '<div id="app"></div>')))
    assert empty.accepted is None and empty.article is not None
    assert (empty.article.title, empty.article.text) == ("Ferry to stop in spring", "")


def test_the_evidence_tells_what_spoke_for_an_article_and_what_against() -> None:
    [told] = [e for e in read(documentation(), why=True).evidence if e.field == "page_type"]
    assert told.value == "documentation"
    assert any(" -" in each for each in told.lost) and len(told.lost) == 12
    [told] = [e for e in read(article(), why=True).evidence if e.field == "page_type"]
    assert any(each.startswith("meta author +") for each in told.lost)


@pytest.mark.parametrize(
    ("html", "kind"),
    [
        ("<p>Nothing</p>", "other"),
        ("<p>Hello world, this is a text.</p>", "other"),
        ("<p>By Nora Lind, 2 May 2024</p>" + paragraphs(STORY[:4]), "article"),
    ],
)
def test_a_few_words_without_a_title_are_no_article(html: str, kind: str) -> None:
    assert extract(Page(url="http://a.example/news/ferry-to-stop", html=html.encode())).page_type == kind


def test_the_words_a_text_begins_with_are_heard_each_once_and_unknown_ones_are_not() -> None:
    kinds, numbers = default_kinds(), np.zeros(len(TRAITS), dtype=np.float32)
    told, offer = (
        kinds.heard(text.split())
        for text in ("he said on monday that it was told he said", "our team can help you contact us today")
    )
    assert kinds.heard(["zzqx"]) == [] and len(told) == len(set(told)) > 4
    chances = [kinds.judge(kinds.scores(numbers, [], heard))[1] for heard in (told, [], offer)]
    assert chances[0] > chances[1] > chances[2]
