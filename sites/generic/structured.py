"""JSON-LD: one graph out of all scripts of a page, with @id references followed, and the article in it."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from html import unescape
from typing import Any, Final

import msgspec

__all__ = ["Graph", "Node", "names_of", "text_of", "texts_of", "types_of", "unpacked"]

Node = dict[str, Any]

_ARTICLES: Final = frozenset(
    "article newsarticle blogposting reportagenewsarticle opinionnewsarticle analysisnewsarticle "
    "backgroundnewsarticle reviewnewsarticle askpublicnewsarticle techarticle scholarlyarticle report "
    "liveblogposting advertisercontentarticle satiricalarticle socialmediaposting medicalscholarlyarticle".split()
)
_LIKE_ARTICLES: Final = frozenset(
    "review recipe podcastepisode videoobject creativework medicalwebpage howto".split()
)
_LISTS: Final = frozenset(("itemlist", "breadcrumblist"))
_PARSELY: Final = (
    ("title", "parsely-title"), ("author", "parsely-author"), ("authors", "parsely-author"), ("pub_date", "parsely-pub-date"),
    ("section", "parsely-section"), ("tags", "parsely-tags"), ("image_url", "parsely-image-url"),
)  # fmt: skip
_OPENING: Final = re.compile(r"<!--|//<!\[CDATA\[|/\*.*?\*/|<!\[CDATA\[", re.S)
_ENDINGS: Final = ("-->", "//]]>", "]]>", ";")
"""What some systems wrap scripts in."""
_CONTROL: Final = re.compile(r"[\x00-\x1f]")
_TRAILING: Final = re.compile(r",\s*([}\]])")
_LOOSE: Final = re.compile(r'(?:(?<![{\[,:\\\s])|(?<=[^{\[,:\\\s]\s))"(?!\s*[,:}\]])')
"""A quotation mark that neither opens nor closes a text of JSON: somebody forgot to escape it."""
_AROUND: Final = re.compile(r"^https?://(www\.)?|[?#].*$")
_MOST: Final = 5_000
_SIZE: Final = 2_000_000


def _load(text: str) -> Any:
    text = text.strip()
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        pass
    text = _unwrapped(text)
    tidy = _TRAILING.sub(r"\1", _CONTROL.sub(" ", text))
    for attempt in (text, tidy, unescape(text), _LOOSE.sub(r"\\\g<0>", tidy)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    decoder = json.JSONDecoder(strict=False)
    try:
        return decoder.raw_decode(text)[0]  # one object, and something after it
    except (ValueError, RecursionError):
        return None


def _unwrapped(text: str) -> str:
    if opening := _OPENING.match(text):
        text = text[opening.end() :]
    for ending in _ENDINGS:
        if text.endswith(ending):
            text = text[: -len(ending)]
            break
    return text.strip()


class Graph:
    """Every typed node of the page's JSON-LD, in order. `article` is the node of the article itself, or None."""

    __slots__ = ("_ids", "_listed", "article", "nodes", "types")

    def __init__(self, scripts: list[str], urls: tuple[str, ...] = (), title: str = "") -> None:
        self.nodes: list[Node] = []
        self._ids: dict[str, Node] = {}
        self._listed: set[int] = set()
        for script in scripts:
            if len(script) <= _SIZE and (data := _load(script)) is not None:
                self._collect(data)
        self.types = frozenset(kind for node in self.nodes for kind in types_of(node))
        self.article = self._article(frozenset(_page(url) for url in urls if url), title)

    def _collect(self, data: Any) -> None:
        todo: list[tuple[Any, bool]] = [(data, False)]
        while todo and len(self.nodes) < _MOST:
            item, listed = todo.pop()
            if isinstance(item, list):
                todo.extend((entry, listed) for entry in reversed(item))
            elif isinstance(item, dict):
                identity = item.get("@id")
                if isinstance(identity, str) and len(item) > 1:
                    known = self._ids.get(identity)
                    if known is None or len(item) > len(known):
                        self._ids[identity] = item
                if "@type" in item:
                    self.nodes.append(item)
                    if listed:
                        self._listed.add(id(item))
                inside = listed or not _LISTS.isdisjoint(types_of(item))
                for key in reversed(item):
                    value = item[key]
                    if isinstance(value, (dict, list)):
                        todo.append(
                            (
                                value,
                                inside or key in ("hasPart", "itemListElement", "relatedLink", "citation"),
                            )
                        )

    def resolve(self, value: Any) -> Any:
        """A reference ({"@id": …}) as the node it names, when the page has it."""
        if isinstance(value, dict) and len(value) <= 2 and isinstance(identity := value.get("@id"), str):
            return self._ids.get(identity, value)
        return value

    def many(self, node: Node | None, *names: str) -> list[Any]:
        """The values of the first of these properties that has any, as a list with references followed."""
        for name in names:
            value = node.get(name) if node else None
            if value not in (None, "", [], {}):
                return [self.resolve(entry) for entry in (value if isinstance(value, list) else [value])]
        return []

    def text(self, node: Node | None, *names: str) -> str:
        """The first text among these properties; a node gives its name, @value or headline."""
        for name in names:
            for value in self.many(node, name):
                if text := text_of(value):
                    return text
        return ""

    def _article(self, urls: frozenset[str], title: str) -> Node | None:
        best: Node | None = None
        best_score = 0.0
        for node in self.nodes:
            types = types_of(node)
            if not types.isdisjoint(_ARTICLES):
                score = 3.0
            elif not types.isdisjoint(_LIKE_ARTICLES) and ("datePublished" in node or "author" in node):
                score = 1.0
            else:
                continue
            if id(node) in self._listed:
                score -= 2.5
            score += 0.5 * (("headline" in node) + ("datePublished" in node) + ("author" in node))
            head = text_of(node.get("headline") or node.get("name"))
            if head and title and (head[:40] in title or title[:40] in head):
                score += 1
            own = [node.get("url"), node.get("@id"), *self.many(node, "mainEntityOfPage")]
            places = [
                v if isinstance(v, str) else v.get("@id") or v.get("url")
                for v in own
                if isinstance(v, (str, dict))
            ]
            if any(isinstance(place, str) and _page(place) in urls for place in places):
                score += 1.5
            if score > best_score:
                best, best_score = node, score
        return best


def _page(url: str) -> str:
    """A URL without scheme, fragment, query and final slash: enough to know the page again."""
    if "\n" in url:
        return _AROUND.sub("", url).rstrip("/")
    start = 8 if url.startswith("https://") else 7 if url.startswith("http://") else 0
    if start and url.startswith("www.", start):
        start += 4
    return url[start:].partition("?")[0].partition("#")[0].rstrip("/")


def unpacked(text: str) -> list[tuple[str, str]]:
    """What the JSON of a `parsely-page` says, as the metas that say the same one by one."""
    data = _load(text)
    if not isinstance(data, dict):
        return []
    pairs = []
    for key, name in _PARSELY:
        value = data.get(key)
        texts = texts_of(value if isinstance(value, list) else [value])
        pairs += [(name, text) for text in texts] if name == "parsely-author" else [(name, ",".join(texts))]
    return [(name, text) for name, text in pairs if text]


@lru_cache(maxsize=256)
def _type_of(value: str) -> frozenset[str]:
    return frozenset((value.rpartition("/")[2].rpartition(":")[2].lower(),))


def types_of(node: Node) -> frozenset[str]:
    """The node's types, lower case, without the vocabulary's address."""
    value = node.get("@type")
    if isinstance(value, str):
        return _type_of(value)
    values = value if isinstance(value, list) else [value]
    return frozenset(v.rpartition("/")[2].rpartition(":")[2].lower() for v in values if isinstance(v, str))


def text_of(value: Any) -> str:
    """A value as text: entities decoded, white space folded; "" when it has none."""
    if isinstance(value, list):
        return next((text for entry in value if (text := text_of(entry))), "")
    if isinstance(value, dict):
        return text_of(value.get("@value") or value.get("name") or value.get("headline") or "")
    if not isinstance(value, str):
        return str(value) if type(value) is int else ""
    if "&" in value:
        value = unescape(unescape(value))
    return " ".join(value.split())


def texts_of(values: list[Any]) -> list[str]:
    """All values as texts, the empty ones left out."""
    return [text for value in values if (text := text_of(value))]


def names_of(values: list[Any]) -> tuple[list[str], list[str]]:
    """Names of persons, and names of organisations; a bare string counts as a person's."""
    persons: list[str] = []
    others: list[str] = []
    for value in values:
        if isinstance(value, dict):
            kinds = types_of(value)
            given = value.get("name")
            texts = texts_of(given if isinstance(given, list) else [given])
            if not texts and (value.get("givenName") or value.get("familyName")):
                texts = [f"{text_of(value.get('givenName'))} {text_of(value.get('familyName'))}".strip()]
            target = others if kinds and "person" not in kinds else persons
            target += texts
        elif text := text_of(value):
            persons.append(text)
    return persons, others
