"""Links against the scope, in the worker: only targets travel back.

link ─▶ the page's one URL (the site's rules, no session's id) ─▶ a trap's by itself? ─▶ scope ─▶ target
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from hashlib import blake2b
from typing import Final

import msgspec

from archive.store.types import Kind, Target
from crawler.core.freshness import by_freshness
from crawler.core.scope import Accept, Scope, Skip
from crawler.core.traps import pathological, shapes_of, text_key, without_session
from crawler.workers.job import ExtractJob
from sites.extraction import Extraction
from sites.identity import UrlRules
from sites.page import Page
from sites.requisites import requisites_of
from sites.site import Site
from sites.url import TRACKING, host_key, key

__all__ = ["SortedLinks", "requisites", "targets_of", "text_of"]

_LAST = 90
_KINDS = {"feed": Kind.FEED, "sitemap": Kind.SITEMAP}
_plain_identity: Final = UrlRules(TRACKING).compiled()


class SortedLinks(msgspec.Struct, frozen=True):
    """A page's links: `targets` passed; the others are counted by reason, and those that are a trap's by host and
    pattern."""

    targets: tuple[Target, ...] = ()
    skipped: dict[str, int] = {}
    cuts: dict[tuple[str, str], int] = {}


def targets_of(
    extraction: Extraction, job: ExtractJob, scope: Scope, site: Site | None, seen: date | None = None
) -> SortedLinks:
    """The links of a page of the day `seen` as targets, what is new first. A page that forbids following has none; a link with rel=nofollow is counted, not
    followed."""
    if extraction.directives.nofollow:
        return SortedLinks(skipped={"nofollow": len(extraction.links)})
    targets: dict[str, Target] = {}
    skipped, cuts = Counter[str](), Counter[tuple[str, str]]()
    depth = job.depth + (job.kind in (Kind.PAGE, Kind.FEED, Kind.SITEMAP))
    identity = site.identity if site is not None else _plain_identity
    for link in extraction.links:
        if link.nofollow:
            skipped["nofollow"] += 1
            continue
        url = without_session(identity(link.url))
        choice = scope.decide(url, depth, link.verdict, link.kind)
        if isinstance(choice, Skip):
            skipped[choice.reason] += 1
            continue
        if pathological(url):
            cuts[host_key(url), shapes_of(url)[-2:][0]] += 1
            continue
        targets.setdefault(
            url,
            Target(
                url=url,
                host=host_key(url),
                kind=_KINDS.get(link.kind, Kind.PAGE),
                priority=by_freshness(choice.priority, url, link.lastmod, seen),
                depth=depth,
                hops=job.hops + ("X" if link.kind in _KINDS else "L"),
                via=job.url,
            ),
        )
    return SortedLinks(tuple(targets.values()), dict(skipped), dict(cuts))


def requisites(page: Page, job: ExtractJob, scope: Scope) -> tuple[Target, ...]:
    """What an article is shown with, on whatever host: to be asked for last, and not followed further."""
    return tuple(
        Target(
            url=url, host=host_key(url), kind=Kind.REQUISITE, priority=_LAST, depth=job.depth,
            hops=job.hops + "E", via=job.url,
        )
        for url in requisites_of(page)
        if not pathological(url)
        and isinstance(scope.decide(url, job.depth, "follow", covered=True), Accept)
    )  # fmt: skip


def text_of(page: Page, extraction: Extraction) -> int:
    """The key of what a page says: its article's text, else all of its text; of other files the bytes themselves.
    Takes the scripts out of the page's tree, so it comes last."""
    if extraction.accepted is not None:
        return text_key(extraction.accepted.text)
    if page.media_type and not page.media_type.lower().endswith(("html", "xml")):
        return key(blake2b(page.html).hexdigest())
    page.tree.strip_tags(["script", "style", "template"])
    body = page.tree.body
    return text_key(body.text(separator=" ")) if body is not None else 0
