"""The words by which a page says what it is: of its address, title, classes, metas, links in the head, data types.

Each is marked by where it stands ("h:docs" in the host, "c:cart" in a class), so that the same word in another place is another.
"""

from __future__ import annotations

import re
from typing import Final

from sites.generic.facts import Facts
from sites.generic.words import class_words
from sites.url import hostname, path_query

__all__ = ["class_tokens", "spoken", "tokens"]

_WORD: Final = re.compile(r"[^\W_]+")
_PARTED: Final = {sign: chr(sign).lower() if chr(sign).isalnum() else " " for sign in range(128)}
_DIGITS: Final = re.compile(r"\d+")
_MARKS: Final = 300
_SAID: Final = 200
_SLUG: Final = 3
_TELLING: Final = ("generator", "og:type", "application-name", "twitter:card")


def spoken(facts: Facts) -> list[tuple[str, list[str]]]:
    """All that one page says, by where it stands, but for the classes of what holds its text (`Facts.names`)."""
    found, url = facts.found, facts.page.url
    path, _, query = path_query(url).partition("?")
    *above, last = path.strip("/").split("/")
    slug = _words(last)
    relations = " ".join([relation.get("rel") or "" for relation in found.relations])
    items = []
    for mark in found.marks[:_MARKS]:
        if value := mark.attributes.get("itemprop") or mark.attributes.get("rel"):
            items.append(value)
    metas = [name for name, _ in found.metas]
    for name in _TELLING:
        metas += [f"{name}:{word}" for word in _words(facts.meta(name))]
    return [
        ("h", _words(hostname(url))),
        ("p", [word for piece in above for word in _words(piece) if not word.isdigit()]),
        ("e", slug if len(slug) <= _SLUG else []),
        ("q", [pair.partition("=")[0][:20] for pair in query.split("&") if pair]),
        ("t", _words(found.title)),
        ("l", list(facts.graph.types)),
        ("m", metas),
        ("r", relations.lower().split()),
        ("i", " ".join(items).lower().split()),
        ("b", _body(facts)),
    ]


def tokens(facts: Facts, said: list[tuple[str, list[str]]]) -> set[str]:
    """The same as marked words, and those of the classes."""
    marked = {f"{mark}:{word}" for mark, words in said for word in words}
    return marked.union(*[class_tokens(name) for name in facts.names()])


def class_tokens(name: str) -> list[str]:
    """What one class and id say."""
    return ["c:" + word for word in class_words(name)]


def _words(text: str) -> list[str]:
    text = text[:_SAID]
    if text.isascii():  # as most addresses and titles are: the same, sooner
        return text.translate(_PARTED).split()
    return [word.lower() for word in _WORD.findall(text)]


def _body(facts: Facts) -> list[str]:
    """The class of <body> tells of what make a page is ("single-post", "page-template"): in words and whole."""
    body = facts.page.tree.body
    attributes = body.attributes if body is not None else {}
    name = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"[:1000]
    if name.isspace():
        return []
    whole = [_DIGITS.sub("", piece).strip("-_").lower() for piece in name.split()]
    return [word for word in (*whole, *class_words(name)) if word]
