"""Matched nodes to blocks: kinds, words that are not glued, links with their places, Markdown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from sites.article import Block, TextLink
from sites.blocks import article_markdown, article_text, blocks_of, text_of_node
from sites.images import largest

BASE = "https://news.example/a/"


def blocks(html: str, selector: str = "body") -> tuple[Block, ...]:
    return blocks_of(LexborHTMLParser(html).css(selector), BASE)


def kinds(html: str, selector: str = "body") -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in blocks(html, selector)]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>The <b>harbour</b> opened", "The harbour opened"),
        ("<p><b>T</b>he harbour", "The harbour"),
        ("<p>one<br>two", "one two"),
        ("<div>one<div>two</div>three</div>", "one two three"),
        ("<p>a\n  b&nbsp; c\u3000d", "a b c d"),
        ("<p>so\u00adft\u200b hyphen", "soft hyphen"),
        ("<p>x<script>y</script><style>z</style><!-- c -->w", "xw"),
        ("<p>x<span hidden>y</span><span style='Display : none'>z</span>", "x"),
        ("<p><ruby>漢<rp>(</rp><rt>かん</rt></ruby>字", "漢字"),
        ("<table><tr><td>a<td>b</table>", "a b"),
    ],
)
def test_text_of_node(html: str, text: str) -> None:
    body = LexborHTMLParser(html).body
    assert body is not None and text_of_node(body) == text


def test_paragraphs_headings_quotes_code() -> None:
    assert kinds(
        "<h2>A <i>head</i></h2><p>One<br><br>two<p>three<div>bare <b>text</b><div>inner</div>tail</div>"
        "<blockquote><p>Q1<p>Q2</blockquote><pre>  a\n    b</pre>"
    ) == [
        ("heading", "A head"),
        ("paragraph", "One"),
        ("paragraph", "two"),
        ("paragraph", "three"),
        ("paragraph", "bare text"),
        ("paragraph", "inner"),
        ("paragraph", "tail"),
        ("quote", "Q1"),
        ("quote", "Q2"),
        ("code", "  a\n    b"),
    ]
    assert blocks("<h4>x</h4>")[0].level == 4


def test_lists_and_tables() -> None:
    made = blocks("<ol><li>one<li>two <a href=x>X</a><ul><li>inner</ul></ol>")
    assert made == (
        Block("list", "one\ntwo X\ninner", links=(TextLink(f"{BASE}x", "X", 8, 9),), ordered=True),
    )
    assert kinds("<ul><li><h3>Card</h3><p>Text</ul>") == [("heading", "Card"), ("paragraph", "Text")]
    assert kinds("<dl><dt>term<dd>meaning</dl>") == [("list", "term\nmeaning")]
    assert kinds("<table><caption>Cap</caption><tr><th>a<th>b<tr><td><td><a href=q>2</a></table>") == [
        ("paragraph", "Cap"),
        ("table", "a\tb\n\t2"),
    ]
    assert kinds("<table><tr><td><p>lay<p>out</table>") == [("paragraph", "lay"), ("paragraph", "out")]
    assert kinds("<table role=presentation><tr><td>a<td>b</table>") == [
        ("paragraph", "a"),
        ("paragraph", "b"),
    ]


def test_bare_items_are_one_list_while_nothing_lies_between() -> None:
    assert kinds("<ul><li>a<li>b</ul><ul><li>c</ul>", "li") == [("list", "a\nb"), ("list", "c")]
    assert kinds("<ul><li>a<li>b</ul><p>c", "li, p") == [("list", "a\nb"), ("paragraph", "c")]


def test_figures() -> None:
    made = blocks(
        "<figure><img src='data:image/gif;x' data-src=i.jpg><figcaption>Cap <a href=c>c</a></figcaption>"
        "</figure>"
        "<p>Before <img src=/j.jpg width=640> after <img src=/pixel.gif width=1 height=1></p>"
        "<figure><noscript><img src=/k.jpg></noscript></figure>"
        "<figure><blockquote>Said</blockquote><figcaption>Who</figcaption></figure>"
        "<picture><source srcset='s.jpg 100w, l.jpg 900w'><img src=x.jpg></picture>"
    )
    assert [(b.kind, b.text, b.url) for b in made] == [
        ("figure", "Cap c", f"{BASE}i.jpg"),
        ("paragraph", "Before", ""),
        ("figure", "", "https://news.example/j.jpg"),
        ("paragraph", "after", ""),
        ("figure", "", "https://news.example/k.jpg"),
        ("quote", "Said", ""),
        ("paragraph", "Who", ""),
        ("figure", "", f"{BASE}l.jpg"),
    ]
    assert made[0].links == (TextLink(f"{BASE}c", "c", 4, 5),)


def test_links_cross_blocks_and_bad_ones_are_text() -> None:
    made = blocks(
        "<div>See <a href='/l'><h3>Head</h3>tail</a> end</div><p><a href='#x'>top</a> "
        "<a href='mailto:a@b.example'>mail</a> <a>none</a> <a href=''>empty</a></p>"
    )
    assert [(b.text, [(link.url, link.text) for link in b.links]) for b in made] == [
        ("See", []),
        ("Head", [("https://news.example/l", "Head")]),
        ("tail end", [("https://news.example/l", "tail")]),
        ("top mail none empty", []),
    ]


def test_nodes_are_taken_once_and_in_order() -> None:
    assert kinds("<article><p>a<p>b</article><p>c", "article, p") == [
        ("paragraph", "a"),
        ("paragraph", "b"),
        ("paragraph", "c"),
    ]
    assert kinds("<p>a <b>b</b> c", "b") == [("paragraph", "b")]


def test_depth_does_not_matter() -> None:
    assert kinds("<div>" * 3000 + "deep") == [("paragraph", "deep")]


_PIECES = (
    "<p> </p> <div> </div> <ul> <li> </ul> <table> <tr> <td> </table> <blockquote> <pre> </pre> "
    "</blockquote> <a~href=x> <a> </a> <b> </b> <br> <h2> </h2> <figure> <img~src=i> <figcaption> </figure> w"
)
_markup = st.lists(st.sampled_from(_PIECES.split()), max_size=40)


@given(_markup)
def test_links_point_at_their_text_whatever_the_markup(parts: list[str]) -> None:
    made = blocks(" ".join(parts).replace("~", " "))
    for block in made:
        assert block.text or block.url
        for link in block.links:
            assert block.text[link.start : link.end] == link.text != ""
        if block.kind in ("paragraph", "heading", "quote"):
            assert block.text == " ".join(block.text.split())
    article_markdown(made)


def test_text_leaves_figures_out() -> None:
    made = (
        Block("heading", "H", level=2),
        Block("figure", "Cap", url="https://e.example/i"),
        Block("paragraph", "P"),
    )
    assert article_text(made) == "H\n\nP"


def test_markdown() -> None:
    made = (
        Block("heading", "A *head*", level=2),
        Block(
            "paragraph",
            "1. not a list, snake_case, _em_ and li]nk",
            links=(TextLink("https://e.example/(a)", "li]nk", 36, 41),),
        ),
        Block("list", "one\ntwo", ordered=True),
        Block("list", "- x\n# y"),
        Block("quote", "<b> & &amp;"),
        Block("table", "a|b\tc\nd"),
        Block("code", "x = ```\n*y*"),
        Block("figure", "Cap", url="https://e.example/i.jpg"),
    )
    assert article_markdown(made).split("\n\n") == [
        r"## A \*head\*",
        r"1\. not a list, snake_case, \_em\_ and [li\]nk](https://e.example/%28a%29)",
        "1. one\n2. two",
        "- \\- x\n- \\# y",
        r"> \<b\> & \&amp;",
        "| a\\|b | c |\n| --- | --- |\n| d |  |",
        "````\nx = ```\n*y*\n````",
        "![Cap](https://e.example/i.jpg)",
    ]


@pytest.mark.parametrize(
    ("srcset", "url"),
    [
        ("a.jpg 1x, b.jpg 2x", "b.jpg"),
        ("https://x/a,b.jpg 300w, https://x/c,d.jpg 600w", "https://x/c,d.jpg"),
        ("a.jpg 100w,b.jpg 200w", "b.jpg"),
        ("one.jpg", "one.jpg"),
        ("a.jpg, b.jpg", "a.jpg"),
        ("data:x 3x, a 1x", "a"),
        (" , ", ""),
        ("", ""),
    ],
)
def test_srcset(srcset: str, url: str) -> None:
    assert largest(srcset) == url
