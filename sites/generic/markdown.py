"""Blocks as plain text, and as Markdown (CommonMark, with tables as GitHub has them)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from sites.article import Block

__all__ = ["article_markdown", "article_text"]

_ALWAYS: Final = "\\`*[]<>|~_"
_SIGN: Final = re.compile(f"[{re.escape(_ALWAYS)}&!]")
_ENTITY: Final = re.compile(r"&[#\w]+;")
_SPECIAL: Final = re.compile(r"[\\`*\[\]<>|~]|(?<![^\W_])_|_(?![^\W_])|&(?=[#\w]+;)|!(?=\[)")
_LEADING: Final = re.compile(r"\A(?:([#+=-])|(\d{1,9})([.)]))(?=\s|\Z|[=-])")
_TICKS: Final = re.compile("`+")


def article_text(blocks: Sequence[Block]) -> str:
    """The body as plain text: blocks parted by an empty line; without figures (a caption is no body text)."""
    return "\n\n".join(block.text for block in blocks if block.kind != "figure" and block.text)


def article_markdown(blocks: Sequence[Block]) -> str:
    """The body as Markdown, links and captions included. What means something to Markdown is escaped."""
    whole = "\n".join([block.text for block in blocks])
    signs = "".join([sign for sign in _ALWAYS if sign in whole])
    if "&" in whole and _ENTITY.search(whole):
        signs += "&"
    if "![" in whole:
        signs += "!"
    return "\n\n".join([text for block in blocks if (text := _block(block, signs))])


def _block(block: Block, signs: str) -> str:
    """A block; `signs` are those of the article that may mean something."""
    kind, text = block.kind, block.text
    if kind == "paragraph" and not block.links and "\n" not in text:
        return _guarded(_escaped(text, signs))
    if kind == "code":
        fence = max(_TICKS.findall(text), key=len, default="") + "`"
        fence = fence if len(fence) > 3 else "```"
        return f"{fence}\n{text}\n{fence}"
    if kind == "figure":
        caption = _linked(block, signs)[0]
        image = f"![{_escaped(text, signs)}]({_target(block.url)})"
        return image if block.url else caption
    lines = _linked(block, signs)
    if kind == "heading":
        return f"{'#' * min(max(block.level, 1), 6)} {' '.join(lines)}"
    if kind == "list":
        marks = [f"{n}. " if block.ordered else "- " for n in range(1, len(lines) + 1)]
        return "\n".join(mark + _guarded(line) for mark, line in zip(marks, lines, strict=True))
    if kind == "quote":
        return "\n".join(f"> {_guarded(line)}" for line in lines)
    if kind == "table":
        return _table(lines)
    return "\n".join(_guarded(line) for line in lines)


def _table(lines: list[str]) -> str:
    rows = [line.split("\t") for line in lines]
    width = max(map(len, rows))
    made = ["| " + " | ".join([*row, *[""] * (width - len(row))]) + " |" for row in rows]
    return "\n".join([made[0], "|" + " --- |" * width, *made[1:]])


def _linked(block: Block, signs: str) -> list[str]:
    """The text, escaped and with its links, line by line. A link that crosses lines is left as text."""
    out, at = [], 0
    text = block.text
    if not block.links:
        return _escaped(text, signs).split("\n")
    for link in block.links:
        if link.start < at or link.end > len(text) or "\n" in text[link.start : link.end]:
            continue
        out.append(_escaped(text[at : link.start], signs))
        out.append(f"[{_escaped(text[link.start : link.end], signs)}]({_target(link.url)})")
        at = link.end
    out.append(_escaped(text[at:], signs))
    return "".join(out).split("\n")


def _escaped(text: str, signs: str) -> str:
    for sign in signs:
        if sign in text:
            return _SIGN.sub(_sign, text)
    return text


def _sign(match: re.Match[str]) -> str:
    """A sign, escaped where it means something."""
    return f"\\{match[0]}" if _SPECIAL.match(match.string, match.start()) else match[0]


def _guarded(line: str) -> str:
    """A line that would begin a heading, a list or a rule by accident does not."""
    if not line or not (line[0] in "#+=-" or line[0].isdigit()):
        return line
    return _LEADING.sub(lambda m: f"\\{m[1]}" if m[1] else f"{m[2]}\\{m[3]}", line)


def _target(url: str) -> str:
    return url.replace("(", "%28").replace(")", "%29")
