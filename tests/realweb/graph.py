"""Who links to whom on one host: every page is reachable, many only through a chain of others."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

__all__ = ["link_up"]

_LISTED = 3  # the front page names every third page
_REACH = 6  # a page that is not listed hangs on one of the few before it: chains grow long


def link_up(leaves: Sequence[bool], rng: Random) -> tuple[list[int], list[list[int]]]:
    """For pages 0 … n-1 of a host: those the front page lists, and each page's links to others.

    A page with `leaves[i]` links nowhere. The first page must not be a leaf.
    """
    pages = range(len(leaves))
    listed = list(pages[::_LISTED])
    links: list[list[int]] = [[] for _ in pages]
    stems = [i for i in pages if not leaves[i]]
    for page in pages:
        before = [i for i in stems if i < page][-_REACH:]
        if page % _LISTED and before:
            links[rng.choice(before)].append(page)
    for page in stems:
        links[page].extend(rng.sample(pages, min(4, len(pages))))
        rng.shuffle(links[page])
    return listed, links
