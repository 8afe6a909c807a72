"""However long a page, its article stays of a size that can be kept; what was cut or left out is told."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sites.article import Block, TextLink, encode_article
from sites.bounds import MAX_BODY, MAX_FIELD, bounded_body
from sites.extract import extract
from sites.extraction import Extraction, FieldError
from sites.generic.compose import links_in
from sites.generic.joining import Joiner
from sites.generic.survey import survey
from sites.page import Page

_STORY = (
    "The harbour opened again after the storm of the night, said the mayor, and the first ships came in. "
)
_URL = "https://gazette.example/news/storm"


def read(head: str, body: str) -> Extraction:
    html = f"<html><head>{head}</head><body><article><h1>The harbour opens again</h1>{body}</article></body></html>"
    return extract(Page(url=_URL, html=html.encode(), status=200, media_type="text/html"))


def test_a_body_is_cut_and_that_is_told() -> None:
    found = read("", f"<p>{_STORY * 30_000}</p>" + f"<p>{_STORY}</p>" * 20)
    assert found.article is not None
    assert len(found.article.text) == MAX_BODY
    assert len(encode_article(found.article)) < 4 * MAX_BODY
    assert [(error.plugin, error.field) for error in found.errors] == [("", "body")]


def test_fields_that_cannot_be_what_they_claim_are_left_out_and_told() -> None:
    words = "storm " * MAX_FIELD
    head = (
        f'<meta name="keywords" content="{",".join(f"word {n}" for n in range(9_000))}">'
        f'<meta property="article:section" content="{words}"><meta property="og:site_name" content="{words}">'
        f'<meta property="og:image" content="https://gazette.example/{"a" * 1_000_000}">'
    )
    found = read(head, f"<p>{_STORY}</p>" * 20)
    assert found.article is not None and found.article.title == "The harbour opens again"
    assert (found.article.tags, found.article.section, found.article.image) == ((), "", None)
    assert len(encode_article(found.article)) < MAX_FIELD
    assert {error.field for error in found.errors} == {"image", "section", "site_name", "tags"}


def test_a_paragraph_of_links_costs_no_more_than_its_length() -> None:
    links = "".join(f"<a href='/n/{n}'>Story {n} of the harbour</a> " for n in range(30_000))
    found = read("", f"<p>{_STORY}</p>" * 20 + f"<p>{_STORY}{links}</p>")
    assert found.article is not None
    assert len(encode_article(found.article)) < 4 * MAX_BODY
    assert all(found.article.text.count(link.text) for link in found.article.links[:5])


@given(st.lists(st.tuples(st.integers(0, 900_000), st.integers(0, 3)), max_size=6), st.integers(1, 400_000))
def test_what_is_kept_is_a_beginning_and_fits(sizes: list[tuple[int, int]], url: int) -> None:
    link = TextLink("u" * url, "", 0, 0)
    blocks = tuple(Block("paragraph", "x" * size, links=(link,) * count) for size, count in sizes)
    kept, told = bounded_body(blocks)
    size = sum(len(b.text) + sum(len(a.url) for a in b.links) for b in kept)
    assert size <= MAX_BODY
    assert (kept == blocks) == (told == ()) and len(kept) <= len(blocks)
    assert all(was.text.startswith(now.text) for was, now in zip(blocks, kept, strict=False))
    assert all(isinstance(error, FieldError) for error in told)


@given(st.lists(st.tuples(st.text("ab \n", max_size=3), st.booleans()), min_size=1, max_size=8))
def test_links_stand_at_their_places_however_white_space_falls(parts: list[tuple[str, bool]]) -> None:
    html = "".join(
        f"<a href=/{n}>{text}</a>" if link else f"<b>{text}</b>" for n, (text, link) in enumerate(parts)
    )
    found = survey(Page(url=_URL, html=f"<p>{html}</p>".encode()).tree)
    for unit in found.units:
        for number, first, end in unit.links:
            text = " ".join("".join(unit.parts[first:end]).split())
            before = len(" ".join("".join(unit.parts[:first]).split()))
            expected = [unit.text.find(text, before)] if text else []
            got = [
                link
                for link in links_in(unit, found.anchors, Joiner(_URL))
                if link.url.endswith(found.anchors[number].href)
            ]
            assert [link.start for link in got] == expected
