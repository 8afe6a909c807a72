"""Rules that a plugin states as data: where on a page a fact stands.

    css("h1")  css_all(".story > p")  meta("author")  ld("author.name")  ─▶ matches (text and node, in order)
    first(a, b)  cut(a, r"^By ")  split(a, " and ")                      ─▶ of other rules' matches
    when(a)                                                              ─▶ a Moment

What a match becomes is decided by the field it is assigned to (`sites.slots`). Called with a page, in a
method, a rule gives plain values: a text or None, a tuple of texts, a Moment. Its repr is the rule.
"""

from __future__ import annotations

import re
from typing import Any, TypeVar

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from sites.dates import parse_moment
from sites.generic.structured import Graph, text_of, types_of
from sites.inline import children
from sites.moment import Moment
from sites.page import Page
from sites.rules import Field, Match, TextField, TextsField, shown

__all__ = ["When", "css", "css_all", "cut", "date_of", "first", "ld", "meta", "split", "when"]

T = TypeVar("T")


class _Selector:
    """A CSS selector with what is to be taken of each element it matches."""

    __slots__ = ("attribute", "own", "selector", "without")

    def __init__(self, selector: str, attribute: str | None, own: bool, without: str) -> None:
        for text in (selector, without):
            if text:
                _checked(text)
        self.selector, self.attribute, self.own, self.without = selector, attribute, own, without

    def matches(self, page: Page) -> tuple[Match, ...]:
        nodes = page.tree.css(self.selector)
        if self.without and nodes:
            nodes = _outside(nodes, page.tree.css(self.without))
        if self.attribute is not None:
            found = [(node, node.attributes.get(self.attribute)) for node in nodes]
            return tuple(Match(node, text) for node, text in found if text is not None)
        if self.own:
            return tuple(Match(node, _own_text(node)) for node in nodes)
        return tuple(Match(node) for node in nodes)


def _checked(selector: str) -> None:
    try:
        LexborHTMLParser("<p>").css(selector)
    except SelectolaxError:
        raise ValueError(f"{selector!r} is not a CSS selector that Lexbor reads") from None


def _outside(nodes: list[LexborNode], unwanted: list[LexborNode]) -> list[LexborNode]:
    """The nodes that are not in (or themselves) an unwanted one."""
    marked = {node.mem_id for node in unwanted}
    kept = []
    for node in nodes:
        at: LexborNode | None = node
        while at is not None and at.mem_id not in marked:
            at = at.parent
        if at is None:
            kept.append(node)
    return kept


def _own_text(node: LexborNode) -> str:
    """The text between the child elements, not theirs; words on both sides of one are not glued."""
    return " ".join(child.text_content or "" for child in children(node) if child.tag == "-text")


class _Css(TextField):
    __slots__ = ("_selector",)

    def __init__(self, selector: _Selector, label: str) -> None:
        super().__init__(label)
        self._selector = selector

    def matches(self, page: Page) -> tuple[Match, ...]:
        found = self._selector.matches(page)
        return (next((match for match in found if match), found[0]),) if found else ()


class _CssAll(TextsField):
    __slots__ = ("_selector",)

    def __init__(self, selector: _Selector, label: str) -> None:
        super().__init__(label)
        self._selector = selector

    def matches(self, page: Page) -> tuple[Match, ...]:
        return self._selector.matches(page)


def css(
    selector: str, attribute: str | None = None, *, own: bool = False, without: str = ""
) -> Field[str | None]:
    """The first element that a CSS selector matches (empty ones are passed over): its text, or one attribute.

    `own` takes only the text between its child elements; `without` is a selector: elements in or inside
    what it matches do not count. Raises ValueError for what is no selector.
    """
    label = shown("css", selector, *([attribute] if attribute else []), own=own or None, without=without)
    return _Css(_Selector(selector, attribute, own, without), label)


def css_all(
    selector: str, attribute: str | None = None, *, own: bool = False, without: str = ""
) -> Field[tuple[str, ...]]:
    """Every element that a CSS selector matches, in document order; else as `css`."""
    label = shown("css_all", selector, *([attribute] if attribute else []), own=own or None, without=without)
    return _CssAll(_Selector(selector, attribute, own, without), label)


class _Meta(TextField):
    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        super().__init__(shown("meta", name))
        self._name = name.lower()

    def matches(self, page: Page) -> tuple[Match, ...]:
        return page.once("fields.metas", _metas).get(self._name, ())


def _metas(page: Page) -> dict[str, tuple[Match, ...]]:
    found: dict[str, tuple[Match, ...]] = {}
    for node in page.tree.css("meta[content]"):
        attributes = node.attributes
        content = attributes.get("content") or ""
        names = {(attributes.get(key) or "").strip().lower() for key in ("name", "property", "itemprop")}
        for name in names - {""} if content.strip() else ():
            found[name] = (*found.get(name, ()), Match(node, content))
    return found


def meta(name: str) -> Field[str | None]:
    """The <meta> elements of this name, property or itemprop (case does not matter): their content."""
    return _Meta(name)


class _Ld(TextField):
    __slots__ = ("_path",)

    def __init__(self, path: str) -> None:
        super().__init__(shown("ld", path))
        self._path = path.split(".")
        if not all(self._path):
            raise ValueError(f"{path!r} is no path of JSON-LD properties, like 'author.name'")

    def matches(self, page: Page) -> tuple[Match, ...]:
        graph = page.once("fields.graph", _graph)
        kind, path = self._path[0].lower(), self._path
        if self._path[0][:1].isupper():
            here: list[Any] = [node for node in graph.nodes if kind in types_of(node)]
            path = path[1:]
        else:
            here = [graph.article] if graph.article else []
        for name in path:
            here = [value for node in here if isinstance(node, dict) for value in graph.many(node, name)]
        found = [str(value).lower() if isinstance(value, bool) else _plain(value) for value in here]
        return tuple(Match(None, text) for text in found if text)


def _plain(value: Any) -> str:
    return str(value) if isinstance(value, (int, float)) else text_of(value)


def _graph(page: Page) -> Graph:
    scripts = [node.text() for node in page.tree.css('script[type*="ld+json" i]')]
    canonical = next((node.attributes.get("href") or "" for node in page.tree.css("link[rel=canonical]")), "")
    title = next((match.value for match in page.once("fields.metas", _metas).get("og:title", ())), "")
    return Graph(scripts, (page.url, canonical), title)


def ld(path: str) -> Field[str | None]:
    """A property of the page's JSON-LD: `ld("author.name")` of the article, `ld("Recipe.name")` of a type.

    References (@id) are followed and lists taken item by item; an object gives its name.
    """
    return _Ld(path)


class _First(Field[T]):
    __slots__ = ("_fields",)

    def __init__(self, fields: tuple[Field[T], ...]) -> None:
        super().__init__(shown("first", *fields), *fields)
        self._fields = fields

    def chosen(self, page: Page) -> Field[T]:
        """The first rule that finds something; the last when none does."""
        return next((field for field in self._fields if any(field.matches(page))), self._fields[-1])

    def matches(self, page: Page) -> tuple[Match, ...]:
        return self.chosen(page).matches(page)

    def __call__(self, page: Page) -> T:
        return self.chosen(page)(page)


def first(*fields: Field[T]) -> Field[T]:
    """The first of several rules that finds anything on the page."""
    if not fields:
        raise ValueError("first() needs at least one rule")
    return _First(fields)


class _Cut(TextField):
    __slots__ = ("_field", "_patterns")

    def __init__(self, field: Field[Any], patterns: tuple[str, ...]) -> None:
        super().__init__(shown("cut", field, *patterns), field)
        self._field = field
        self._patterns = [re.compile(pattern) for pattern in patterns]

    def matches(self, page: Page) -> tuple[Match, ...]:
        found = []
        for match in self._field.matches(page):
            text = match.value
            for pattern in self._patterns:
                text = pattern.sub("", text)
            found.append(Match(match.node, text))
        return tuple(found)


def cut(field: Field[Any], *patterns: str) -> Field[str | None]:
    """Another rule's texts without what these regular expressions match: `cut(css(".byline"), r"^By ")`."""
    return _Cut(field, patterns)


class _Split(TextsField):
    __slots__ = ("_field", "_pattern")

    def __init__(self, field: Field[Any], pattern: str) -> None:
        super().__init__(shown("split", field, pattern), field)
        self._field, self._pattern = field, re.compile(pattern)

    def matches(self, page: Page) -> tuple[Match, ...]:
        return tuple(
            Match(match.node, part)
            for match in self._field.matches(page)
            for part in self._pattern.split(match.value)
            if part and part.strip()
        )


def split(field: Field[Any], pattern: str) -> Field[tuple[str, ...]]:
    """Another rule's texts, split where a regular expression matches: `split(meta("keywords"), ",")`."""
    return _Split(field, pattern)


class When(Field[Moment | None]):
    """A rule whose matches are dates; `day_first` says how 5/1/2024 is to be read (None: by the language)."""

    __slots__ = ("_field", "day_first")

    def __init__(self, field: Field[Any], day_first: bool | None) -> None:
        super().__init__(shown("when", field, day_first=day_first), field)
        self._field, self.day_first = field, day_first

    def matches(self, page: Page) -> tuple[Match, ...]:
        return self._field.matches(page)

    def moment(
        self, page: Page, language: str = "", day_first: bool | None = None
    ) -> tuple[Moment, Match] | None:
        """The first match that is a date, with its place; `day_first` counts where the rule says nothing."""
        order = day_first if self.day_first is None else self.day_first
        for match in self.matches(page):
            if moment := date_of(match, language, order):
                return moment, match
        return None

    def __call__(self, page: Page) -> Moment | None:
        found = self.moment(page)
        return found[0] if found else None


def date_of(match: Match, language: str, day_first: bool | None) -> Moment | None:
    """A match as a date: a <time>'s `datetime` before its text."""
    stamp = match.node.attributes.get("datetime") if match.text is None and match.node is not None else None
    for text in (stamp, match.value):
        if text and (moment := parse_moment(text, language=language, day_first=day_first)):
            return moment
    return None


def when(field: Field[Any], *, day_first: bool | None = None) -> When:
    """Another rule's first match that is a date, as a Moment: `when(css("time", "datetime"))`."""
    return When(field, day_first)
