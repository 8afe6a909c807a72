"""The article: one schema for code, expected.json, --json, CSV and Parquet."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from sites.moment import Moment

__all__ = ["Article", "Block", "BlockKind", "Image", "TextLink", "decode_article", "encode_article"]

BlockKind = Literal["paragraph", "heading", "list", "quote", "table", "code", "figure"]


class TextLink(msgspec.Struct, frozen=True, omit_defaults=True):
    """A link inside running text: characters `start` to `end` of the block's text point at `url` (absolute)."""

    url: str
    text: str
    start: int = 0
    end: int = 0


class Block(msgspec.Struct, frozen=True, omit_defaults=True):
    """One block of the body, in reading order.

    `text` is plain text, white space folded; the items of a list and the rows of a table are lines, the
    cells of a row are separated by tabs; code keeps its white space; a figure's text is its caption and
    `url` its image. `level` is a heading's (1-6); `ordered` tells a numbered list.
    """

    kind: BlockKind
    text: str
    level: int = 0
    links: tuple[TextLink, ...] = ()
    url: str = ""
    ordered: bool = False


class Image(msgspec.Struct, frozen=True, omit_defaults=True):
    """The lead image: absolute `url`, `caption` ("" when there is none)."""

    url: str
    caption: str = ""


class Article(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """An article, as clean as the rules make it. Absent facts are empty ("" / () / None), never guessed.

    `url` is the final URL fetched; `canonical_url` the page's own claim (evidence only when on another
    host); `site` the plugin's name or the host; `language` a BCP 47 tag; `genre` e.g. "opinion";
    `paywalled` None when the page does not say; `links` stand in the text, `related` beside it.
    `date_conflicts` are reasons, in words, why `published` may be wrong.
    """

    url: str
    canonical_url: str = ""
    site: str = ""
    site_name: str = ""
    title: str = ""
    subtitle: str = ""
    authors: tuple[str, ...] = ()
    published: Moment | None = None
    modified: Moment | None = None
    section: str = ""
    tags: tuple[str, ...] = ()
    language: str = ""
    genre: str = ""
    dateline: str = ""
    image: Image | None = None
    paywalled: bool | None = None
    blocks: tuple[Block, ...] = ()
    text: str = ""
    markdown: str = ""
    links: tuple[TextLink, ...] = ()
    related: tuple[TextLink, ...] = ()
    date_conflicts: tuple[str, ...] = ()


def _enc(value: Any) -> Any:
    if isinstance(value, Moment):
        return str(value)
    raise NotImplementedError(f"{type(value).__name__} has no place in an article")


def _dec(kind: type, value: Any) -> Any:
    if kind is Moment:
        return Moment.parse(value)
    raise NotImplementedError(f"{kind.__name__} has no place in an article")


_encoder = msgspec.json.Encoder(enc_hook=_enc)
_decoder = msgspec.json.Decoder(Article, dec_hook=_dec)


def encode_article(article: Article) -> bytes:
    """The article as one line of JSON; empty fields are left out, moments are ISO 8601 strings."""
    return _encoder.encode(article)


def decode_article(data: bytes | str) -> Article:
    """The inverse of `encode_article`. Raises msgspec.ValidationError, which names the path of what is wrong."""
    return _decoder.decode(data)
