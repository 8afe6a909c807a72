"""The article of a page that is built in the browser: its text is not in the markup, but in the data sent with it.

scripts ─▶ values of JSON ─▶ strings of paragraphs, `articleBody` ─▶ the page with the longest of them in its body

Nothing is run: what is no JSON as it stands is passed over.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import escape
from itertools import islice
from typing import NamedTuple

from sites.page import Page

__all__ = ["Grown", "with_embedded"]

_MOST, _SCRIPTS, _OPENINGS, _VALUES = 4_000_000, 200, 50, 50_000
"""Characters of a script, scripts of a page, places in one where JSON may begin, values of it."""
_WORDS = 60
_PARAGRAPH = re.compile(r"<p[\s>]", re.I)
_ESCAPED = re.compile(r"(?:<|\\u003c)p[\s>\\]|articleBody", re.I)
_TAG = re.compile(r"<[^>]*>")
_OPENING = re.compile(r"[=(]\s*(?=[{\[])")
_DECODER = json.JSONDecoder()


class Grown(NamedTuple):
    """A page with the article of its own data as the end of its body, and where that stood: a path of keys."""

    page: Page
    path: str


def with_embedded(page: Page) -> Grown | None:
    """The page with its own article in the markup.

    None where no string is long enough, or two that differ are: then it is a list of articles.
    """
    found: dict[str, tuple[int, str, str]] = {}
    for value in _values(page):
        for path, text in _strings(value):
            plain = " ".join(_TAG.sub(" ", text).split())
            if plain.count(" ") >= _WORDS:
                found.setdefault(plain[:60], (len(plain), path, text))
    longest = sorted(found.values(), reverse=True)
    if not longest or (len(longest) > 1 and longest[1][0] * 2 > longest[0][0]):
        return None
    _, path, text = longest[0]
    if not _PARAGRAPH.search(text):
        text = "".join(f"<p>{escape(line)}</p>" for line in text.splitlines() if not line.isspace())
    whole = page.text
    end = max(whole.rfind("</body"), whole.rfind("</BODY"))
    end = end if end >= 0 else len(whole)
    return Grown(
        Page(
            url=page.url,
            html=f"{whole[:end]}<article>{text}</article>{whole[end:]}".encode("utf-8", "replace"),
            fetched_at=page.fetched_at,
            requested_url=page.requested_url,
            status=page.status,
            headers=(
                *((name, value) for name, value in page.headers if name.lower() != "content-type"),
                ("content-type", "text/html; charset=utf-8"),
            ),
        ),
        path,
    )


def _values(page: Page) -> Iterator[object]:
    """What the page's scripts hold as JSON: all of one, or what one assigns or hands to a function."""
    for script in page.tree.css("script")[:_SCRIPTS]:
        text = script.text().lstrip()
        if len(text) > _MOST or not _ESCAPED.search(text):
            continue
        whole = [0] if text.startswith(("{", "[")) else []
        end = 0
        for start in (*whole, *(opening.end() for opening in islice(_OPENING.finditer(text), _OPENINGS))):
            if start < end:  # inside of what was read
                continue
            try:
                value, end = _DECODER.raw_decode(text, start)
            except (ValueError, RecursionError):
                continue
            yield value


def _strings(value: object) -> Iterator[tuple[str, str]]:
    """The strings of paragraphs in a value, each with its path."""
    left: list[tuple[str, object]] = [("", value)]
    seen = 0
    while left and seen < _VALUES:
        path, value = left.pop()
        seen += 1
        room = max(0, _VALUES - len(left))
        if isinstance(value, dict):
            left += [(f"{path}.{key}", inner) for key, inner in islice(value.items(), room)]
        elif isinstance(value, list):
            left += [(f"{path}[{number}]", inner) for number, inner in enumerate(value[:room])]
        elif isinstance(value, str) and (path.endswith(".articleBody") or len(_PARAGRAPH.findall(value)) > 1):
            yield path.removeprefix("."), value
