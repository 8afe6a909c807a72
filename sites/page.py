"""A page as a plugin sees it: bytes that were archived, decoded once, parsed once."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from selectolax.lexbor import LexborHTMLParser

from sites.charset import decode

__all__ = ["Page"]

T = TypeVar("T")


class Page:
    """One fetched page. `Page(url=..., html=...)` is enough to begin with.

    `url` is the final URL (ada href), `html` the content-decoded bytes; `fetched_at` is aware and in UTC;
    `headers` are (name, value) pairs as received. `text`, `charset` and `tree` are computed when first
    asked for, and kept: `text` is the decoded source, `tree` its Lexbor parser.
    """

    __slots__ = (
        "_charset",
        "_made",
        "_text",
        "_tree",
        "fetched_at",
        "headers",
        "html",
        "media_type",
        "requested_url",
        "status",
        "url",
    )

    def __init__(
        self,
        *,
        url: str,
        html: bytes,
        fetched_at: datetime | None = None,
        requested_url: str = "",
        status: int = 200,
        headers: tuple[tuple[str, str], ...] = (),
        media_type: str = "",
    ) -> None:
        self.url = url
        self.html = html
        self.fetched_at = fetched_at
        self.requested_url = requested_url or url
        self.status = status
        self.headers = headers
        self.media_type = media_type
        self._text: str | None = None
        self._charset: tuple[str, str] | None = None
        self._tree: LexborHTMLParser | None = None
        self._made: dict[str, Any] = {}

    def header(self, name: str) -> str:
        """The first value of a header, "" when absent; names are compared without case."""
        name = name.lower()
        return next((v for k, v in self.headers if k.lower() == name), "")

    def _decode(self) -> str:
        if self._text is None:
            self._text, charset, source = decode(self.html, self.header("content-type"))
            self._charset = (charset, source)
        return self._text

    @property
    def text(self) -> str:
        """The decoded source; bytes that fit no character become U+FFFD."""
        return self._decode()

    @property
    def charset(self) -> str:
        """The WHATWG name of the encoding used, e.g. "windows-1252"."""
        self._decode()
        assert self._charset is not None
        return self._charset[0]

    @property
    def charset_source(self) -> str:
        """What decided the encoding: "bom", "header", "meta" or "default"."""
        self._decode()
        assert self._charset is not None
        return self._charset[1]

    @property
    def tree(self) -> LexborHTMLParser:
        """The parsed document. Parsing hostile bytes belongs in a worker process: see docs/security.md."""
        if self._tree is None:
            text = self.text
            if self.charset == "UTF-8" and "\ufffd" not in text:
                # these bytes are what Lexbor would get from the text again: a quarter of parsing is saved
                self._tree = LexborHTMLParser(self.html.removeprefix(BOM_UTF8))
            else:
                self._tree = LexborHTMLParser(text)
        return self._tree

    def once(self, key: str, make: Callable[[Page], T]) -> T:
        """What `make(page)` gave when `key` was first asked for: rules share one reading of a page."""
        if key not in self._made:
            self._made[key] = make(self)
        made: T = self._made[key]
        return made

    def __repr__(self) -> str:
        return f"<Page {self.url} {self.status} {len(self.html)} bytes>"
