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
    if (declared := _declared(facts)) is not None:
        rule, url, caption = declared
        return Decision(Image(url, caption or _caption_of(url, facts)), rule, 0.8)
    for node, _, frame in facts.found.images:
        figure = _inside(frame, _FIGURE)
        if figure is not None and not frame.bits & _ELSEWHERE and (url := image_url(node, facts.base)):
            return Decision(Image(url, _caption(figure, facts)), "dom:figure", 0.5, node)
    for node, place, frame in facts.found.images:
        if not frame.bits & (_ELSEWHERE | _SMALL) and 0 <= place - facts.title_unit <= _NEAR and _large(node):
            url = image_url(node, facts.base)
            if url and _may_lead(url):
                return Decision(Image(url), "dom:near", 0.4, node)
    return Decision(None)


def _large(node: LexborNode) -> bool:
    """Does nothing say that the picture is small?"""
    sizes = [node.attributes.get(name) or "" for name in ("width", "height")]
    return all(int(size) >= _LEAST for size in sizes if size.isascii() and size.isdigit())


def _declared(facts: Facts) -> tuple[str, str, str] | None:
    """The rule, address and caption of the first picture that the page's data name for itself."""
    first = _of_metas(facts)
    values: list[Any] = facts.graph.many(facts.article, "image", "thumbnailUrl")
    for value in values:
        caption = ""
        if isinstance(value, dict):
            caption = text_of(value.get("caption") or value.get("description"))
            value = text_of(value.get("url") or value.get("contentUrl"))
        if first is not None and not caption:
            continue
        if isinstance(value, str) and value and (url := facts.joiner.join(value)) and _may_lead(url):
            first = ("ld:image", url, caption) if first is None else (first[0], first[1], caption)
            if caption:
                break
    return first


def _of_metas(facts: Facts) -> tuple[str, str, str] | None:
    for name in _METAS:
        if (text := facts.metas.get(name)) and (url := facts.joiner.join(text)) and _may_lead(url):
            return f"meta:{name}", url, ""
    for attributes in facts.found.relations:
        if "image_src" in (attributes.get("rel") or "").split():
            if (url := facts.joiner.join(attributes.get("href") or "")) and _may_lead(url):
                return "link:image_src", url, ""
    return None


def _may_lead(url: str) -> bool:
    """Does the file's name not say that it is an icon or the like?"""
    return _NOT_LEAD.search(url, url.rfind("/") + 1) is None


def _caption_of(url: str, facts: Facts) -> str:
    """The caption of the figure that shows this file, by the file's name."""
    match = _NAME.search(url[:_LONGEST_URL])
    if match is None or len(match[1]) < 5:
        return ""
    for node, _, frame in facts.found.images:
        figure = _inside(frame, _FIGURE)
        if figure is not None:
            for value in node.attributes.values():
                if value and match[1] in value:
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
