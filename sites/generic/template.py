"""What a host repeats on its pages, learnt from some of them (sites.generic.learning), and how to ask for it.

A place is a block element with its two ancestors, each by its tag and classes, digits left out: the same
place stands on every page that one template made. What all pages share is not the article; a place that
holds links to other stories on one page holds none of the article on another.
"""

from __future__ import annotations

import re
from hashlib import blake2b
from zlib import crc32

import msgspec

from sites.generic.parts import Frame
from sites.generic.plain import fold

__all__ = ["UNTAUGHT", "Template", "decode_template", "encode_template", "place_of", "text_key"]

_STEPS = 3
_DIGITS = re.compile(r"\d+")


class Template(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What the pages of a host have in common. `version` is part of every fingerprint made with it.

    `repeats` are `text_key`s of texts on many pages; `before` and `after` what stands around the title in
    every <title>, `site_name` the name in it; `labels` the folded texts of the links on every page (its
    menus). The rest are places (`place_of`): of the section's name, the tags, the line below the title,
    links to other stories, the article's own text, and text that is never the article's.
    `container` is the place of the element that holds the article on nearly every page, 0 when there is none.
    """

    version: str = ""
    repeats: frozenset[int] = frozenset()
    before: str = ""
    after: str = ""
    site_name: str = ""
    labels: frozenset[str] = frozenset()
    section: frozenset[int] = frozenset()
    tags: frozenset[int] = frozenset()
    subtitle: frozenset[int] = frozenset()
    related: frozenset[int] = frozenset()
    body: frozenset[int] = frozenset()
    never: frozenset[int] = frozenset()
    container: int = 0

    def bare(self, tab: str) -> str:
        """A <title> without what every page of the host has there."""
        if self.after and tab.endswith(self.after) and len(tab) > len(self.after):
            tab = tab[: -len(self.after)]
        if self.before and tab.startswith(self.before) and len(tab) > len(self.before):
            tab = tab[len(self.before) :]
        return tab.strip()


UNTAUGHT = Template()
"""Of a host that nothing was learnt of: every question is answered with no."""


def encode_template(template: Template) -> bytes:
    """As JSON, the same bytes for the same template."""
    return msgspec.json.encode(template, order="deterministic")


def decode_template(data: bytes) -> Template:
    """The inverse; b"" is `UNTAUGHT`. Raises msgspec.ValidationError."""
    return msgspec.json.decode(data, type=Template) if data else UNTAUGHT


def text_key(text: str) -> int:
    """32 bits of BLAKE2b over the folded text."""
    return int.from_bytes(blake2b(fold(text).encode(errors="replace"), digest_size=4).digest(), "big")


def place_of(frame: Frame) -> int:
    """The place of a block element, as 32 bits."""
    steps: list[str] = []
    at: Frame | None = frame
    while at is not None and len(steps) < _STEPS:
        steps.append(f"{at.tag}.{_DIGITS.sub('', at.name[:80])}")
        at = at.parent
    return crc32(">".join(steps).encode(errors="replace"))
