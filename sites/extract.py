"""One page in, one extraction out: the pure function that crawl and replay share.

bytes ─▶ text ─┬─ feed, sitemap ─▶ links with dates
               └─ HTML ─▶ tree ─▶ survey (one walk) ─┬─▶ links, directives, signals
                                                     ├─▶ facts: metas, JSON-LD graph
                                                     ├─▶ body: a probability for every unit of text
                                                     └─▶ fields ─▶ page type ─▶ Article, or none
A page without a text is read once more with the article of its own data, if it has one.
A plugin's field comes before the generic one; when it raises, the generic value stands and the error is told.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sites.extraction import Evidence, Extraction
from sites.feeds import feed_links, is_feed
from sites.fingerprint import fingerprint
from sites.generic.embedded import with_embedded
from sites.generic.facts import Facts
from sites.generic.joining import Joiner, base_of, links_of
from sites.generic.lessons import Lesson, blank_lesson, lesson_of
from sites.generic.refused import refusal
from sites.generic.survey import Survey, survey
from sites.generic.template import UNTAUGHT, Template
from sites.links import directives_of, signals_of, with_verdicts
from sites.page import Page
from sites.sitemaps import is_sitemap, sitemap_links

if TYPE_CHECKING:
    from sites.generic.kinds import Kinds
    from sites.generic.model import Model
    from sites.site import Site

__all__ = ["extract", "extract_with_lesson"]

_OPAQUE = (
    "image/",
    "audio/",
    "video/",
    "font/",
    "application/pdf",
    "application/zip",
    "application/octet-stream",
)

_BARE = 40
"""With fewer words than these a page has no article in its markup."""


def extract(
    page: Page,
    site: Site | None = None,
    template: Template = UNTAUGHT,
    *,
    why: bool = False,
    model: Model | None = None,
    kinds: Kinds | None = None,
) -> Extraction:
    """All that one page yields. The same page and rules give the same result, whatever came before.

    Never raises on what a page holds. A plugin's field that raises SiteError becomes a FieldError, and the
    generic value stands. `template` is what was learnt of the host (sites.generic.learning). With `why`, evidence names nodes by their preorder index in the tree, what lost, and
    for the body every unit kept and left out; without, only the winning rule and its confidence. `model` and `kinds`
    are for measuring: other weights than those shipped.
    """
    with _uncollected():
        return _extract(page, site, template, why, model, kinds)[0]


@contextmanager
def _uncollected() -> Iterator[None]:
    """Nothing that a page makes is part of a cycle: the garbage collector would count thousands of objects in vain."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def extract_with_lesson(page: Page, site: Site | None = None) -> tuple[Extraction, Lesson]:
    """The same for a page of a host that has taught nothing yet, and what the page has to teach."""
    with _uncollected():
        extraction, read = _extract(page, site, UNTAUGHT, False, None, None)
        if read is None:
            return extraction, blank_lesson(page)
        facts, chances = read
        named = any(
            found.field == "site_name" and not found.rule.startswith("title:")
            for found in extraction.evidence
        )
        return extraction, lesson_of(facts, chances, named=named)


def _extract(
    page: Page,
    site: Site | None,
    template: Template,
    why: bool,
    model: Model | None,
    kinds: Kinds | None,
    *,
    inside: str = "",
) -> tuple[Extraction, tuple[Facts, list[float]] | None]:
    """The extraction; and the facts of a page with text, with the probability of each unit.

    `inside` tells where in the page's data its article stood, when that was put into its markup.
    """
    name = site.name if site is not None else ""
    mark = fingerprint(site, template.version)
    media = page.media_type.lower() or page.header("content-type").partition(";")[0].strip().lower()
    if media.startswith(_OPAQUE):
        opaque = Extraction(
            page_type="other",
            confidence=1.0,
            directives=directives_of(page, None),
            signals=signals_of(page, None),
            site=name,
            fingerprint=mark,
        )
        return opaque, None
    if (not media.endswith("html") and page.status < 400) or page.text[:400].lstrip().startswith("<?xml"):
        listed = None
        if is_feed(page.text, media):
            kind, listed = "feed", feed_links(page.text, page.url)
        elif is_sitemap(page.text, media, page.url):
            kind, listed = "sitemap", sitemap_links(page.text, page.url)
        if listed is not None:
            links, errors = with_verdicts(listed, site)
            listing = Extraction(
                page_type=kind,  # type: ignore[arg-type]
                confidence=1.0,
                links=links,
                directives=directives_of(page, None),
                signals=signals_of(page, None),
                errors=errors,
                site=name,
                fingerprint=mark,
            )
            return listing, None
    found = survey(page.tree)
    joiner = Joiner(base_of(found, page.url))
    directives = directives_of(page, found)
    refused = refusal(page, found)
    links, errors = with_verdicts(links_of(found, joiner, directives), site)
    signals = signals_of(page, found)
    if refused is not None:
        refusing = Extraction(
            page_type=refused[0],
            confidence=refused[1],
            links=links,
            directives=directives,
            signals=signals,
            errors=errors,
            site=name,
            fingerprint=mark,
        )
        return refusing, None
    # With numpy and what was learnt: the crawling process, which reads no page, has no need of them.
    from sites.generic.assemble import assemble
    from sites.generic.kinds import default_kinds
    from sites.generic.model import default_model

    facts = Facts(page, found, joiner, _canonical(found, joiner), template)
    made = assemble(facts, site, model or default_model(), kinds or default_kinds(), why=why)
    if made.words < _BARE and not inside and (grown := with_embedded(page)) is not None:
        again, read = _extract(grown.page, site, template, why, model, kinds, inside=grown.path)
        if again.accepted is not None and again.accepted.paywalled is not True:
            return again, read
    whole = Extraction(
        article=made.article,
        page_type=made.page_type,
        confidence=made.confidence,
        links=links,
        directives=directives,
        signals=signals,
        evidence=(*made.evidence, Evidence("body", f"data:{inside}")) if inside else made.evidence,
        errors=tuple(dict.fromkeys((*errors, *made.errors))),
        site=name,
        fingerprint=mark,
    )
    return whole, (facts, made.chances)


def _canonical(found: Survey, joiner: Joiner) -> str:
    for attributes in found.relations:
        if "canonical" in (attributes.get("rel") or "").lower().split():
            return joiner.join((attributes.get("href") or "").strip()) or ""
    return ""
