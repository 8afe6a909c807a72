"""What a rule is: it finds places on a page, gives a plain value when called, prints as written."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, Generic, TypeVar

import msgspec
from selectolax.lexbor import LexborNode

from sites.inline import text_of_node
from sites.page import Page

__all__ = ["Field", "Match", "TextField", "TextsField", "shown"]

T_co = TypeVar("T_co", covariant=True)
_PICTURES = "img, amp-img, picture"


class Match(msgspec.Struct, frozen=True):
    """One place that a rule found. `text` is an attribute's or property's; None means the node's own."""

    node: LexborNode | None = None
    text: str | None = None

    @property
    def value(self) -> str:
        """The text, white space folded."""
        if self.text is not None:
            return " ".join(self.text.split())
        return text_of_node(self.node) if self.node is not None else ""

    def __bool__(self) -> bool:
        """Is there anything: text, or a picture?"""
        if self.value:
            return True
        return self.text is None and self.node is not None and self.node.css_first(_PICTURES) is not None


class Field(ABC, Generic[T_co]):
    """A rule. `matches` finds the places; calling it gives the plain value; `parts` are the rules it is made of."""

    __slots__ = ("_repr", "parts")

    def __init__(self, shown: str, *parts: Field[Any]) -> None:
        self._repr, self.parts = shown, parts

    @abstractmethod
    def matches(self, page: Page) -> tuple[Match, ...]:
        """All places, in document order; the slot takes what it needs of them."""

    @abstractmethod
    def __call__(self, page: Page) -> T_co:
        """The plain value."""

    def __repr__(self) -> str:
        return self._repr


def shown(name: str, *arguments: Any, **options: Any) -> str:
    """A rule as it was written, for its repr; options that are not set are left out."""
    parts = [repr(argument) for argument in arguments]
    parts += [f"{key}={value!r}" for key, value in options.items() if value is not None and value != ""]
    return f"{name}({', '.join(parts)})"


class TextField(Field[str | None]):
    """The text of the first match that has any; None without one."""

    __slots__ = ()

    def __call__(self, page: Page) -> str | None:
        return next((text for match in self.matches(page) if (text := match.value)), None)


class TextsField(Field[tuple[str, ...]]):
    """The texts of all matches, the empty ones left out."""

    __slots__ = ()

    def __call__(self, page: Page) -> tuple[str, ...]:
        return tuple(text for match in self.matches(page) if (text := match.value))
