"""Links against the scope, in the worker: only targets travel back."""

from __future__ import annotations

from collections import Counter

from archive.store.types import Kind, Target
from crawler.core.scope import Scope, Skip
from crawler.workers.job import ExtractJob
from sites.extraction import Extraction
from sites.url import host_key

__all__ = ["targets_of"]

_KINDS = {"feed": Kind.FEED, "sitemap": Kind.SITEMAP}


def targets_of(
    extraction: Extraction, job: ExtractJob, scope: Scope
) -> tuple[tuple[Target, ...], dict[str, int]]:
    """The links that passed, as targets, and the others counted by reason. A page that forbids following has
    none; a link with rel=nofollow is counted, not followed."""
    if extraction.directives.nofollow:
        return (), {"nofollow": len(extraction.links)}
    targets, skipped = [], Counter[str]()
    depth = job.depth + (job.kind in (Kind.PAGE, Kind.FEED, Kind.SITEMAP))
    for link in extraction.links:
        if link.nofollow:
            skipped["nofollow"] += 1
            continue
        choice = scope.decide(link.url, depth, link.verdict, link.kind)
        if isinstance(choice, Skip):
            skipped[choice.reason] += 1
            continue
        targets.append(
            Target(
                url=link.url,
                host=host_key(link.url),
                kind=_KINDS.get(link.kind, Kind.PAGE),
                priority=choice.priority,
                depth=depth,
                hops=job.hops + ("X" if link.kind in _KINDS else "L"),
                via=job.url,
            )
        )
    return tuple(targets), dict(skipped)
