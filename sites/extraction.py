"""What one page yields: an article or not, its links, and why."""

from __future__ import annotations

from typing import Literal

import msgspec

from sites.article import Article

__all__ = [
    "Directives",
    "Evidence",
    "Extraction",
    "Failed",
    "FieldError",
    "Link",
    "LinkKind",
    "PageType",
    "Verdict",
]

PageType = Literal[
    "article", "listing", "feed", "sitemap", "product", "forum", "documentation", "search",
    "other", "error", "blocked",
]  # fmt: skip
LinkKind = Literal["anchor", "canonical", "next", "prev", "alternate", "amp", "feed", "sitemap", "refresh"]
Verdict = Literal["article", "follow", ""]


class Link(msgspec.Struct, frozen=True, omit_defaults=True):
    """A link out of a page: absolute `url` (ada href without fragment), in page order, one a URL.

    `verdict` is what the site's patterns say of it: "article", "follow", or "" for neither (a bare URL
    without a plugin leaves that to the scope). `lastmod` is a sitemap's or feed's date, ISO 8601, or "".
    """

    url: str
    kind: LinkKind = "anchor"
    text: str = ""
    nofollow: bool = False
    verdict: Verdict = ""
    lastmod: str = ""


class Directives(msgspec.Struct, frozen=True, omit_defaults=True):
    """Robots meta and X-Robots-Tag, united: the most restrictive wins."""

    nofollow: bool = False
    noindex: bool = False
    noarchive: bool = False
    unavailable_after: str = ""


class Evidence(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why a field has its value, or why a block was kept or left out.

    `rule` is the repr of the rule that won, `node` the preorder index of its node in the tree (-1: none),
    `lost` the other candidates as "rule: value". For blocks, `field` is "body", `kept` tells the
    verdict and `score` the model's probability that it is the article's own (-1: no block). `where` is the node's
    place as a selector ("article.story > p"). Of "page_type", `lost` tells what spoke for an article (+) and against.
    """

    field: str
    rule: str
    value: str = ""
    confidence: float = 1.0
    node: int = -1
    lost: tuple[str, ...] = ()
    kept: bool = True
    score: float = -1.0
    where: str = ""


class FieldError(msgspec.Struct, frozen=True, omit_defaults=True):
    """A plugin's field that raised (it falls back to its default, the page is not lost), or, of no `plugin`, a field
    that was longer than it may be."""

    plugin: str
    field: str
    message: str
    where: str = ""


class Extraction(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The result of `sites.extract`: the same page and rules give the same result, everywhere.

    `signals` are AI opt-outs as they came, pairs (where, text), e.g. ("header:content-signal", "ai-train=no").
    `fingerprint` names the rules; a result is current when it equals that of today's rules.
    `article` is also given of a page that is taken for another type, when it might be one all the same
    (`page_type` and `confidence` say so); `accepted` leaves those out.
    """

    article: Article | None = None
    page_type: PageType = "other"
    confidence: float = 0.0
    links: tuple[Link, ...] = ()
    directives: Directives = Directives()
    signals: tuple[tuple[str, str], ...] = ()
    evidence: tuple[Evidence, ...] = ()
    errors: tuple[FieldError, ...] = ()
    site: str = ""
    fingerprint: str = ""

    @property
    def accepted(self) -> Article | None:
        """The article, if the page is taken for one: what enters the index."""
        return self.article if self.page_type == "article" else None


class Failed(msgspec.Struct, frozen=True, kw_only=True):
    """A worker that had to be stopped, or a page that no rule could be tried on."""

    reason: Literal["timeout", "memory", "crash", "error"]
    detail: str = ""
