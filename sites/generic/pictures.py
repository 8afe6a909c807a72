"""The lead image and the figures of the body, with the captions that stand by them."""

from __future__ import annotations

import re
from typing import Any

from selectolax.lexbor import LexborNode

from sites.article import Block, Image
from sites.generic.elements import kind_of
from sites.generic.facts import Decision, Facts
from sites.generic.parts import Frame
from sites.generic.structured import text_of
from sites.generic.words import GROUPS
from sites.images import image_url

__all__ = ["figures", "lead_image"]

_FIGURE = frozenset((kind_of("figure"),))
_CAPTION = frozenset((kind_of("figcaption"),))
_GROUP = {name: 1 << number for number, name in enumerate(GROUPS)}
_ELSEWHERE = (
    _GROUP["comment"] | _GROUP["related"] | _GROUP["navigation"] | _GROUP["footer"] | _GROUP["teaser"]
)
_METAS = (
    "og:image:secure_url",
    "og:image",
    "og:image:url",
    "twitter:image",
    "twitter:image:src",
    "parsely-image-url",
    "sailthru.image.full",
    "sailthru.image.thumb",
    "image",
    "thumbnailurl",
    "thumbnail",
)
_LONGEST, _LONGEST_URL = 600, 4096
_NEAR, _LEAST = 12, 200
_SMALL = _GROUP["author"] | _GROUP["share"] | _GROUP["advert"] | _GROUP["signup"] | _GROUP["consent"]
_NOT_LEAD = re.compile(
    r"(?<![a-z])(?:logos?|favicon|icons?|avatar|gravatar|placeholder|spacer|blank|no-?image|default|fallback|subscribe-card)(?![a-z])[^/]*\Z",
    re.I,
)
_NAME = re.compile(r"([^/?]+)\.(?:jpe?g|png|webp|gif|avif)", re.I)


def lead_image(facts: Facts) -> Decision[Image | None]:
    """og:image, JSON-LD image or twitter:image, with the caption of the figure that shows the same file."""
    for rule, url, caption in _declared(facts):
        return Decision(Image(url, caption or _caption_of(url, facts)), rule, 0.8)
    for node, _, frame in facts.found.images:
        figure = _inside(frame, _FIGURE)
        if figure is not None and not frame.bits & _ELSEWHERE and (url := image_url(node, facts.base)):
            return Decision(Image(url, _caption(figure, facts)), "dom:figure", 0.5, node)
    for node, place, frame in facts.found.images:
        if not frame.bits & (_ELSEWHERE | _SMALL) and 0 <= place - facts.title_unit <= _NEAR and _large(node):
            url = image_url(node, facts.base)
            if url and not _NOT_LEAD.search(url):
                return Decision(Image(url), "dom:near", 0.4, node)
    return Decision(None)


def _large(node: LexborNode) -> bool:
    """Does nothing say that the picture is small?"""
    sizes = [node.attributes.get(name) or "" for name in ("width", "height")]
    return all(int(size) >= _LEAST for size in sizes if size.isascii() and size.isdigit())


def _declared(facts: Facts) -> list[tuple[str, str, str]]:
    out = []
    for name in _METAS:
        if (text := facts.metas.get(name)) and (url := facts.joiner.join(text)) and not _NOT_LEAD.search(url):
            out.append((f"meta:{name}", url, ""))
    for attributes in facts.found.relations:
        if "image_src" in (attributes.get("rel") or "").split():
            if (url := facts.joiner.join(attributes.get("href") or "")) and not _NOT_LEAD.search(url):
                out.append(("link:image_src", url, ""))
    values: list[Any] = facts.graph.many(facts.article, "image", "thumbnailUrl")
    for value in values:
        caption = ""
        if isinstance(value, dict):
            caption = text_of(value.get("caption") or value.get("description"))
            value = text_of(value.get("url") or value.get("contentUrl"))
        if (
            isinstance(value, str)
            and value
            and (url := facts.joiner.join(value))
            and not _NOT_LEAD.search(url)
        ):
            out.append(("ld:image", url, caption))
    captions = [caption for _, _, caption in out if caption]
    return [(out[0][0], out[0][1], out[0][2] or (captions[0] if captions else ""))] if out else []


def _caption_of(url: str, facts: Facts) -> str:
    """The caption of the figure that shows this file, by the file's name."""
    match = _NAME.search(url[:_LONGEST_URL])
    if match is None or len(match[1]) < 5:
        return ""
    for node, _, frame in facts.found.images:
        figure = _inside(frame, _FIGURE)
        if figure is not None and any(match[1] in (value or "") for value in node.attributes.values()):
            return _caption(figure, facts)
    return ""


def _inside(frame: Frame, tags: frozenset[int]) -> Frame | None:
    at: Frame | None = frame
    for _ in range(4):
        if at is None or at.tag in tags:
            return at
        at = at.parent
    return None


def _caption(figure: Frame, facts: Facts) -> str:
    """The text of the figcaption in this figure."""
    parts = []
    for unit in facts.found.units:
        caption = _inside(unit.frame, _CAPTION)
        if caption is not None and _inside(caption, _FIGURE) is figure:
            parts.append(unit.text)
    return " ".join(parts)[:_LONGEST]


def figures(facts: Facts, kept: list[int]) -> list[tuple[int, Block]]:
    """The figures that stand among the kept units: (index of the unit they stand before, block)."""
    if not kept:
        return []
    captions: dict[int, list[str]] = {}
    for number in range(kept[0], min(len(facts.found.units), kept[-1] + 6)):
        unit = facts.found.units[number]
        caption = _inside(unit.frame, _CAPTION)
        figure = _inside(caption, _FIGURE) if caption is not None else None
        if figure is not None:
            captions.setdefault(figure.serial, []).append(unit.text)
    out = []
    seen: set[int] = set()
    for node, place, frame in facts.found.images:
        figure = _inside(frame, _FIGURE)
        if (
            figure is None
            or figure.serial in seen
            or frame.bits & _ELSEWHERE
            or not kept[0] <= place <= kept[-1] + 1
        ):
            continue
        if url := image_url(node, facts.base):
            seen.add(figure.serial)
            out.append(
                (place, Block("figure", " ".join(captions.get(figure.serial, []))[:_LONGEST], url=url))
            )
    return out
