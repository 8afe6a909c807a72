"""A real page in our site: its own links keep pointing at its own site, and ours are added."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from selectolax.lexbor import LexborHTMLParser

__all__ = ["dress", "follows", "wearable"]

_BASE = re.compile(rb"<base\b[^>]*>", re.IGNORECASE)
_CHARSET = re.compile(rb"<meta\b[^>]*charset[^>]*>", re.IGNORECASE)
_HEAD = re.compile(rb"<head\b[^>]*>", re.IGNORECASE)
_BODY_END = re.compile(rb"</body\s*>", re.IGNORECASE)
_PRESCAN = 1024  # bytes in which HTML looks for a charset: what we add must not push it out


def dress(html: bytes, url: str, links: Sequence[str], note: str = "") -> bytes:
    """`html` with `<base href=url>`, and at its end a paragraph `note` and a `<nav>` of absolute `links`."""
    html = _BASE.sub(b"", html)
    after = _CHARSET.search(html, 0, _PRESCAN) or _HEAD.search(html)
    start = after.end() if after else 0
    ends = list(_BODY_END.finditer(html))
    end = ends[-1].start() if ends else len(html)
    base = f'<base href="{escape(url)}">'.encode()
    items = "".join(f'<li><a href="{escape(link)}">{link.rpartition("/")[2]}</a></li>' for link in links)
    nav = (f"<p>{escape(note)}</p>" if note else "") + f'<nav class="realweb"><ul>{items}</ul></nav>'
    return html[:start] + base + html[start:end] + nav.encode() + html[end:]


def wearable(html: bytes, url: str) -> bool:
    """Whether a parser finds what we add to this page (an open comment or script would hide it)."""
    tree = LexborHTMLParser(dress(html, url, ["http://127.0.0.1/x"]))
    base = tree.css_first("base")
    return (
        base is not None
        and base.attributes.get("href") == url
        and tree.css_first("nav.realweb a[href='http://127.0.0.1/x']") is not None
    )


def follows(html: bytes) -> bool:
    """Whether the page's robots meta lets a crawler follow its links."""
    metas = LexborHTMLParser(html).css("meta[name][content]")
    robots = [
        m.attributes["content"] or "" for m in metas if (m.attributes["name"] or "").lower() == "robots"
    ]
    return not any(word in text.lower() for text in robots for word in ("nofollow", "none"))
