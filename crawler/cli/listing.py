"""Which of the articles whose pages ask not to be indexed are listed: what the settings say, for every list alike."""

from __future__ import annotations

from archive.index import Query
from crawler.settings import Settings

__all__ = ["listing"]


def listing(settings: Settings, *, hidden: bool = False) -> Query:
    """A query for all that is to be listed; `hidden` takes everything, whatever the settings say."""
    show = hidden or settings.noindex == "show"
    other = "hide" if show else "show"
    but = (
        () if hidden else tuple(sorted(name for name, site in settings.site.items() if site.noindex == other))
    )
    return Query(hidden=show, hidden_but=but)
