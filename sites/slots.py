"""What a rule's matches, a constant or a method's answer become: the field they are for decides.

title, subtitle, section, …   text        published, modified   Moment       body        blocks with links
authors, tags                 texts       image                 Image        paywalled   yes or no
related                       links
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, Literal

import msgspec
from selectolax.lexbor import LexborNode

from sites.article import Block, Image, TextLink
from sites.blocks import blocks_of
from sites.fields import When, date_of
from sites.images import image_url
from sites.inline import link_url, text_of_node
from sites.moment import Moment
from sites.page import Page
from sites.rules import Field, Match
from sites.url import parse

__all__ = ["SLOTS", "Answer", "SlotKind", "answer_of", "base_url", "is_constant"]

SlotKind = Literal["text", "url", "moment", "texts", "image", "flag", "blocks", "links"]

SLOTS: dict[str, SlotKind] = {
    "title": "text",
    "subtitle": "text",
    "section": "text",
    "language": "text",
    "genre": "text",
    "dateline": "text",
    "site_name": "text",
    "canonical_url": "url",
    "authors": "texts",
    "tags": "texts",
    "published": "moment",
    "modified": "moment",
    "image": "image",
    "paywalled": "flag",
    "body": "blocks",
    "related": "links",
}
"""The article's fields that a plugin may state, and what each becomes."""

_NO = frozenset(("false", "no", "0", "free", "open", "off", "none", "null", ""))
_PICTURES = "img, amp-img, picture"


class Answer(msgspec.Struct, frozen=True):
    """A field's value and the node it stands in, if any."""

    value: Any
    node: LexborNode | None = None


def base_url(page: Page) -> str:
    """What the page's relative URLs are resolved against: a good <base href>, else the page's own URL."""
    return page.once("slots.base", _base)


def _base(page: Page) -> str:
    node = page.tree.css_first("base[href]")
    href = node.attributes.get("href") if node is not None else None
    return (parse(href.strip(), page.url) if href else None) or page.url


def is_constant(value: object) -> bool:
    """Is it a value as it stands, and not a rule or a method?"""
    return isinstance(value, (str, bool, tuple, list, Moment, date, Image))


def answer_of(kind: SlotKind, given: Any, page: Page, language: str, day_first: bool | None) -> Answer | None:
    """What a rule, a constant, or a method's return value comes to in a slot; None when it says nothing.

    Raises TypeError, which names what was given, for what the slot cannot take.
    """
    if given is None:
        return None
    if isinstance(given, When):
        found = given.moment(page, language, day_first)
        if kind == "moment":
            return Answer(found[0], found[1].node) if found else None
        given = given.matches(page)
    elif isinstance(given, Field):
        given = given.matches(page)
    elif isinstance(given, (str, LexborNode, Match, Block)) or not isinstance(given, Iterable):
        given = (given,)
    return _CONVERTERS[kind](tuple(given), page, language, day_first)


def _nodes(items: tuple[Any, ...]) -> LexborNode | None:
    for item in items:
        node = item.node if isinstance(item, Match) else item
        if isinstance(node, LexborNode):
            return node
    return None


def _text_of(item: Any, wanted: str) -> str:
    if isinstance(item, Match):
        return item.value
    if isinstance(item, str):
        return " ".join(item.split())
    if isinstance(item, LexborNode):
        return text_of_node(item)
    raise TypeError(f"gave {type(item).__name__}, but {wanted} is wanted")


def _text(items: tuple[Any, ...], page: Page, language: str, day_first: bool | None) -> Answer | None:
    for item in items:
        if item is not None and (text := _text_of(item, "a text, a node or a rule")):
            return Answer(text, _nodes((item,)))
    return None


def _url(items: tuple[Any, ...], page: Page, language: str, day_first: bool | None) -> Answer | None:
    for item in items:
        node = _nodes((item,))
        linked = (
            node.attributes.get("href") if node is not None and getattr(item, "text", None) is None else None
        )
        if url := parse((linked or _text_of(item, "a URL, a link or a rule")).strip(), base_url(page)):
            return Answer(url, node)
    return None


def _texts(items: tuple[Any, ...], page: Page, language: str, day_first: bool | None) -> Answer | None:
    texts = (_text_of(item, "texts, nodes or a rule").strip(" ,;|·•") for item in items if item is not None)
    found = tuple(dict.fromkeys(text for text in texts if text))
    return Answer(found, _nodes(items)) if found else None


def _moment(items: tuple[Any, ...], page: Page, language: str, day_first: bool | None) -> Answer | None:
    for item in items:
        if isinstance(item, Moment):
            return Answer(item)
        if isinstance(item, date):
            return Answer(Moment.of(item))
        match = item if isinstance(item, Match) else Match(item) if isinstance(item, LexborNode) else None
        if match is None:
            match = Match(None, _text_of(item, "a date, a Moment, a text or a rule"))
        if moment := date_of(match, language, day_first):
            return Answer(moment, match.node)
    return None


def _image(items: tuple[Any, ...], page: Page, language: str, day_first: bool | None) -> Answer | None:
    for item in items:
        if isinstance(item, Image):
            return Answer(item)
        node = _nodes((item,))
        if node is not None and getattr(item, "text", None) is None:
            url = next((u for n in node.css(_PICTURES) if (u := image_url(n, base_url(page)))), "")
        else:
            url = parse(_text_of(item, "an Image, a URL, a node or a rule"), base_url(page)) or ""
        if url:
            return Answer(Image(url, _caption(node) if node is not None else ""), node)
    return None


def _caption(node: LexborNode) -> str:
    at: LexborNode | None = node
    for _ in range(6):
        if at is None:
            break
        if at.tag == "figure":
            caption = at.css_first("figcaption")
            return text_of_node(caption) if caption is not None else ""
        at = at.parent
    return ""


def _flag(items: tuple[Any, ...], page: Page, language: str, day_first: bool | None) -> Answer | None:
    for item in items:
        if isinstance(item, bool):
            return Answer(item)
        if isinstance(item, (Match, LexborNode, str)):
            text = item.text if isinstance(item, Match) else item if isinstance(item, str) else None
            return Answer(text is None or text.strip().lower() not in _NO, _nodes((item,)))
        raise TypeError(f"gave {type(item).__name__}, but True, False or a rule is wanted")
    return None


def _blocks(items: tuple[Any, ...], page: Page, language: str, day_first: bool | None) -> Answer | None:
    blocks: list[Block] = []
    nodes: list[LexborNode] = []

    def flush() -> None:
        blocks.extend(blocks_of(nodes, base_url(page)))
        nodes.clear()

    for item in items:
        node = item.node if isinstance(item, Match) and item.text is None else item
        if isinstance(node, LexborNode):
            nodes.append(node)
            continue
        flush()
        if isinstance(node, Block):
            blocks.append(node)
        else:
            text = node.text or "" if isinstance(node, Match) else node
            if not isinstance(text, str):
                raise TypeError(f"gave {type(text).__name__}, but nodes, blocks, texts or a rule are wanted")
            paragraphs = (" ".join(part.split()) for part in text.replace("\r\n", "\n").split("\n\n"))
            blocks += [Block("paragraph", paragraph) for paragraph in paragraphs if paragraph]
    flush()
    return Answer(tuple(blocks), _nodes(items)) if blocks else None


def _links(items: tuple[Any, ...], page: Page, language: str, day_first: bool | None) -> Answer | None:
    """The links in what was matched that have words, one a URL, the first of each."""
    links: dict[str, TextLink] = {}
    for item in items:
        node = item.node if isinstance(item, Match) and item.text is None else item
        if isinstance(node, TextLink):
            links.setdefault(node.url, node)
            continue
        if not isinstance(node, LexborNode):
            raise TypeError(f"gave {type(node).__name__}, but nodes, links or a rule for elements are wanted")
        for anchor in node.css("a[href]"):  # the node itself counts
            url, text = link_url(anchor, base_url(page)), text_of_node(anchor)
            if url and text:
                links.setdefault(url, TextLink(url, text, 0, len(text)))
    return Answer(tuple(links.values()), _nodes(items)) if links else None


_Converter = Callable[[tuple[Any, ...], Page, str, bool | None], Answer | None]
_CONVERTERS: dict[SlotKind, _Converter] = {
    "text": _text,
    "url": _url,
    "texts": _texts,
    "moment": _moment,
    "image": _image,
    "flag": _flag,
    "blocks": _blocks,
    "links": _links,
}
