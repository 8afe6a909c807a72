"""Blocks to HTML, for the demo's papers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from sites.article import Block

__all__ = ["anchor", "block_html", "inline_html", "items", "spread"]


def anchor(href: str, text: str, attributes: str = "") -> str:
    space = " " if attributes else ""
    return f'<a href="{escape(href)}"{space}{attributes}>{escape(text, quote=False)}</a>'


def items(links: Iterable[tuple[str, str]]) -> str:
    """<li> elements, one a (href, text)."""
    return "\n".join(f"<li>{anchor(href, text)}</li>" for href, text in links)


def inline_html(block: Block) -> str:
    """The block's text with its links in place."""
    made, at = [], 0
    for link in block.links:
        made += [escape(block.text[at : link.start], quote=False), anchor(link.url, link.text)]
        at = link.end
    return "".join(made) + escape(block.text[at:], quote=False)


def block_html(block: Block) -> str:
    """One block as a careful paper marks it up."""
    match block.kind:
        case "paragraph":
            return f"<p>{inline_html(block)}</p>"
        case "heading":
            return f"<h{block.level}>{inline_html(block)}</h{block.level}>"
        case "list":
            inside = "".join(f"<li>{escape(line, quote=False)}</li>" for line in block.text.split("\n"))
            return f"<ul>{inside}</ul>"
        case "table":
            rows = [line.split("\t") for line in block.text.split("\n")]
            inside = "".join(
                "<tr>" + "".join(f"<td>{escape(cell, quote=False)}</td>" for cell in row) + "</tr>"
                for row in rows
            )
            return f'<table class="figures">{inside}</table>'
    raise ValueError(f"the demo's papers print no {block.kind}")


def spread(blocks: Sequence[str], between: Sequence[tuple[int, str]]) -> str:
    """The blocks with other things pushed in: `(2, html)` puts it before the block with index 2."""
    made = []
    for index, block in enumerate(blocks):
        made += [thing for at, thing in between if at == index]
        made.append(block)
    made += [thing for at, thing in between if at >= len(blocks)]
    return "\n".join(made)
