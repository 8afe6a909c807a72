"""The words by which a page says what it is: of its address, title, classes, metas, links in the head, data types.

Each is marked by where it stands ("h:docs" in the host, "c:cart" in a class), so that the same word in another place is another.
"""

from __future__ import annotations

import re

from sites.generic.facts import Facts
from sites.generic.parts import Frame
from sites.generic.words import class_words
from sites.url import hostname, path_query

__all__ = ["class_tokens", "names", "tokens"]

_WORD = re.compile(r"[^\W_]+")
_DIGITS = re.compile(r"\d+")
_MARKS, _SAID, _SLUG = 300, 200, 3
_TELLING = ("generator", "og:type", "application-name", "twitter:card")


def tokens(facts: Facts) -> set[str]:
    """All that one page says, each once, but for the classes of what holds its text: `class_tokens` of its `names`."""
    found, url = facts.found, facts.page.url
    said = {"h:" + word for word in _words(hostname(url))}
    path, _, query = path_query(url).partition("?")
    *above, last = path.strip("/").split("/")
    for piece in above:
        said.update(["p:" + word for word in _words(piece) if not word.isdigit()])
    if len(slug := _words(last)) <= _SLUG:
        said.update(["e:" + word for word in slug])
    said.update(["q:" + pair.partition("=")[0][:20] for pair in query.split("&") if pair])
    said.update(["t:" + word for word in _words(found.title)])
    said.update(["l:" + kind for kind in facts.graph.types])
    said.update(["m:" + name for name, _ in found.metas])
    for name in _TELLING:
        said.update([f"m:{name}:{word}" for word in _words(facts.meta(name))])
    relations = " ".join([relation.get("rel") or "" for relation in found.relations])
    said.update(["r:" + word for word in set(relations.lower().split())])
    marked = [mark.attributes for mark in found.marks[:_MARKS]]
    items = " ".join([value for each in marked if (value := each.get("itemprop") or each.get("rel"))])
    said.update(["i:" + word for word in set(items.lower().split())])
    said.update(_body(facts))
    return said


def class_tokens(name: str) -> list[str]:
    """What one class and id say."""
    return ["c:" + word for word in class_words(name)]


def names(facts: Facts) -> set[str]:
    """The classes and ids of all elements that hold text, and of the two around each."""
    frames: set[Frame | None] = {unit.frame for unit in facts.found.units}
    above = {frame.parent for frame in frames if frame is not None} - frames
    frames |= above
    frames |= {frame.parent for frame in above if frame is not None}
    return {frame.name for frame in frames if frame is not None}


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text[:_SAID])]


def _body(facts: Facts) -> list[str]:
    """The class of <body> tells of what make a page is ("single-post", "page-template"): in words and whole."""
    body = facts.page.tree.body
    attributes = body.attributes if body is not None else {}
    name = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"[:1000]
    whole = [_DIGITS.sub("", piece).strip("-_").lower() for piece in name.split()]
    return ["b:" + word for word in (*whole, *class_words(name)) if word]
