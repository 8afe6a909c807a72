"""What is known of a page before any rule speaks: survey, JSON-LD graph, metas. And how a rule answers."""

from __future__ import annotations

from typing import Any, Final, Generic, TypeVar

from selectolax.lexbor import LexborNode

from sites.generic.elements import TEXT
from sites.generic.joining import Joiner
from sites.generic.parts import Frame
from sites.generic.plain import clean, compact, first_letter, fold
from sites.generic.structured import Graph, unpacked
from sites.generic.survey import Survey
from sites.generic.template import UNTAUGHT, Template
from sites.inline import text_of_node
from sites.moment import Moment
from sites.page import Page
from sites.url import hostname

__all__ = ["Claim", "Decision", "Facts", "clean", "compact", "first_letter", "fold"]

T = TypeVar("T")
_PARSELY: Final = "parsely-page"


class Claim(Generic[T]):
    """One candidate for a field: the rule that found it, its value, how much that rule is believed (0-1)."""

    __slots__ = ("node", "rule", "value", "weight")

    def __init__(self, rule: str, value: T, weight: float, node: LexborNode | None = None) -> None:
        self.rule, self.value, self.weight, self.node = rule, value, weight, node

    def __repr__(self) -> str:
        value = ", ".join(map(str, self.value)) if isinstance(self.value, tuple) else str(self.value)
        return f"{self.rule}: {value:.80}"


class Decision(Generic[T]):
    """What a field came to: its value, the rule that won, confidence (0-1), node if any, and what lost.

    What lost is written out only for who asks why.
    """

    __slots__ = ("confidence", "lost", "node", "rule", "value")

    def __init__(
        self,
        value: T,
        rule: str = "",
        confidence: float = 0.0,
        node: LexborNode | None = None,
        lost: tuple[object, ...] = (),
    ) -> None:
        self.value, self.rule, self.confidence, self.node, self.lost = value, rule, confidence, node, lost


class Facts:
    """One page's facts. `metas` keeps the first content of each name, `all_metas` every one in order; `host` is
    the host's letters and digits without www, `title_unit` the unit of the title, else of the first h1, -1 without one,
    `told` and `by_title` what `dating` has found, `lines` what `issued` has.
    """

    __slots__ = (
        "_names", "_texts", "all_metas", "base", "by_title", "canonical", "found", "graph", "host", "joiner", "lines", "metas", "page", "tab", "template",
        "title_unit", "told",
    )  # fmt: skip

    def __init__(
        self, page: Page, found: Survey, joiner: Joiner, canonical: str, template: Template = UNTAUGHT
    ) -> None:
        self.page, self.found, self.canonical = page, found, canonical
        self.joiner, self.base = joiner, joiner.base
        self.template = template
        self.metas: dict[str, str] = {}
        self.all_metas = [
            *found.metas,
            *(pair for name, text in found.metas if name == _PARSELY for pair in unpacked(text)),
        ]
        for name, content in self.all_metas:
            if name not in self.metas and content and not content.isspace():
                self.metas[name] = clean(content)
        self.tab = template.bare(clean(found.title))
        self.host = compact(hostname(page.url).removeprefix("www."))
        self.title_unit = next((unit for _, level, unit, _ in found.headings if level == 1), -1)
        self.graph = Graph(found.scripts, (page.url, canonical), self.metas.get("og:title") or self.tab)
        self._names: set[str] | None = None
        self._texts: dict[int, str] = {}
        self.told: list[Claim[Moment]] | None = None
        self.lines: dict[int, tuple[str, bool]] = {}
        self.by_title: dict[tuple[int, str], list[Claim[Moment]]] = {}

    @property
    def title_frame(self) -> Frame | None:
        """The element of the first h1."""
        units = self.found.units
        return units[self.title_unit].frame if 0 <= self.title_unit < len(units) else None

    def apart(self, groups: int) -> int:
        """Of these groups of class names, those that the title does not stand in itself."""
        frame = self.title_frame
        return groups & ~frame.bits if frame is not None else groups

    @property
    def article(self) -> dict[str, Any] | None:
        """The article's node in the JSON-LD graph."""
        return self.graph.article

    def title_at(self, node: LexborNode | None) -> None:
        """The heading that is the title, when it is another one than the first h1."""
        if node is not None:
            for heading, _, unit, _ in self.found.headings:
                if heading.mem_id == node.mem_id:
                    self.title_unit = unit
                    return

    def names(self) -> set[str]:
        """The classes and ids of all elements that hold text, and of the two around each."""
        if self._names is not None:
            return self._names
        found: set[str] = set()
        last: Frame | None = None
        last_above: Frame | None = None
        for unit in self.found.units:
            frame = unit.frame
            if frame is last:
                continue
            last = frame
            found.add(frame.name)
            above = frame.parent
            if above is None or above is last_above:
                continue
            last_above = above
            found.add(above.name)
            if above.parent is not None:
                found.add(above.parent.name)
        self._names = found
        return found

    def meta(self, *names: str) -> str:
        """The first of these metas that the page has; "" when it has none."""
        return next((self.metas[name] for name in names if name in self.metas), "")

    def text(self, node: LexborNode, most: int = 0) -> str:
        """The text of an element, remembered; with `most`, at least the beginning of one that has more letters."""
        key = node.mem_id
        text = self._texts.get(key)
        if text is None:
            child = node.child
            if child is not None and child.tag_id == TEXT and child.next is None:
                text = " ".join((child.text_content or "").split())
            else:
                text = text_of_node(node, most)
                if 0 < most < len(text):
                    return text
            self._texts[key] = text
        return text

    def marked(self, name: str) -> list[str]:
        """The texts of the elements that microdata or RDFa call so."""
        return [
            text
            for mark in self.found.marks
            if name in (mark.attributes.get("itemprop") or mark.attributes.get("property") or "").split()
            and (text := mark.attributes.get("content") or self.text(mark.node))
        ]
