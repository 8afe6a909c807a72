"""What is counted of a page for its site: what drift is measured against, run by run."""

from __future__ import annotations

from crawler.core.drift import field_counts
from sites.extraction import Extraction
from sites.fingerprint import fingerprint
from sites.site import Site
from sites.slots import SLOTS, is_constant

__all__ = ["counted_fields"]

_NO_PAGE = ("error", "blocked", "feed", "sitemap")


def counted_fields(extraction: Extraction, url: str, site: Site | None) -> tuple[str, ...]:
    """The fields that the article has, those that the plugin's own rules gave; a page that the plugin calls an
    article and that has none counts, too."""
    article = extraction.accepted
    if article is None:
        missed = site is not None and extraction.page_type not in _NO_PAGE and site.calls_article(url)
        return field_counts((), (), fingerprint(site)) if missed else ()
    names = [name for name in article.__struct_fields__ if getattr(article, name) not in ("", (), None)]
    if site is None:
        return tuple(names)
    stated = {name: site.rule_of(name) for name in SLOTS if not is_constant(getattr(type(site), name))}
    by_rule = [e.field for e in extraction.evidence if e.rule and e.rule == stated.get(e.field)]
    return field_counts(names, by_rule, fingerprint(site))
