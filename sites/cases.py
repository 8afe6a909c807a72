"""A plugin's test is a folder: a page, and what is to be found in it. Here is how the two are compared.

expected.json holds fields of the Article schema, as many as the case cares for: a field that is absent is not
compared, and "" or [] says that nothing is to be found. White space is folded. Of blocks and links, the keys
given are compared; figures only where one is expected; `related` in any order.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from sites.article import Article
from sites.moment import Moment

__all__ = ["OF_THE_PAGE", "facts_of_article", "mismatches"]

OF_THE_PAGE = frozenset({"fetched_at", "headers", "status"})
"""Keys of expected.json that describe the page and not the article."""
_OF_PARTS = frozenset({"blocks", "links", "related"})
_FIELDS = tuple(field.name for field in msgspec.structs.fields(Article))


def mismatches(article: Article | None, expected: Mapping[str, Any]) -> tuple[str, ...]:
    """How an article differs from what was expected, a sentence a field; () when it does not."""
    wanted = {name: value for name, value in expected.items() if name not in OF_THE_PAGE}
    if article is None:
        return ("no article was found",)
    told = []
    for name, want in wanted.items():
        if name not in _FIELDS:
            told.append(f"{name}: an article has no such field")
        elif difference := _difference(name, want, _plain(getattr(article, name))):
            told.append(f"{name}: {difference}")
    return tuple(told)


def facts_of_article(article: Article, *names: str) -> dict[str, Any]:
    """An article's fields as expected.json has them: those named, else all that are not empty."""
    facts = {name: _plain(getattr(article, name)) for name in names or _FIELDS}
    return facts if names else {name: value for name, value in facts.items() if value not in ("", [], None)}


def _plain(value: Any) -> Any:
    return _listed(msgspec.to_builtins(value, enc_hook=_text))


def _listed(value: Any) -> Any:
    """Tuples as lists, as they come back from JSON."""
    if isinstance(value, list | tuple):
        return [_listed(item) for item in value]
    return {key: _listed(item) for key, item in value.items()} if isinstance(value, dict) else value


def _text(value: Any) -> str:
    if isinstance(value, Moment):
        return str(value)
    raise NotImplementedError(f"{type(value).__name__} has no place in an article")


def _folded(value: Any) -> Any:
    if isinstance(value, str):
        return "\n".join(" ".join(line.split()) for line in value.strip().split("\n"))
    if isinstance(value, list):
        return [_folded(item) for item in value]
    if isinstance(value, dict):
        return {key: _folded(item) for key, item in value.items()}
    return value


def _difference(name: str, want: Any, got: Any) -> str:
    """In what they differ, "" when they do not."""
    want, got = _folded(want), _folded(got)
    if not want and not got and want is not False and got is not False:
        return ""
    if isinstance(want, dict) and isinstance(got, dict):
        return "; ".join(
            f"{key}: {_unlike(want[key], got.get(key))}" for key in want if want[key] != got.get(key)
        )
    if not isinstance(want, list) or not isinstance(got, list) or name not in _OF_PARTS:
        return _unlike(want, got) if want != got else ""
    if name == "blocks" and not any(item.get("kind") == "figure" for item in want):
        got = [item for item in got if item.get("kind") != "figure"]
    if name == "related":
        want, got = sorted(want, key=_address), sorted(got, key=_address)
    return _list_difference(want, got)


def _address(link: dict[str, Any]) -> tuple[str, str]:
    return str(link.get("url", "")), str(link.get("text", ""))


def _list_difference(want: list[dict[str, Any]], got: list[dict[str, Any]]) -> str:
    for number, (one, other) in enumerate(zip(want, got, strict=False), 1):
        for key in one:
            if one[key] != other.get(key):
                return f"number {number}: {key}: {_unlike(one[key], other.get(key))}"
    if len(want) == len(got):
        return ""
    longer, word = (want, "missing") if len(want) > len(got) else (got, "too many")
    return f"{len(got)} instead of {len(want)}; {word}: {_short(longer[min(len(want), len(got))])}"


def _unlike(want: Any, got: Any) -> str:
    return f"expected {_short(want)}, found {_short(got)}"


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 160 else text[:157] + "..."
