"""A job: what one crawl is about. A site by its plugin, or bare URLs with a scope."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

import msgspec

from archive.store.types import Kind, Target
from crawler.core.scope import Scope
from crawler.errors import ConfigError
from sites.site import Site
from sites.url import host_key, parse

__all__ = ["Job", "SEED_PRIORITY", "job_of_site", "job_of_urls"]

SEED_PRIORITY = 10


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """`name` is the job's identity: "site:gazette" or "urls:HASH". `delay` is seconds, None for the default."""

    name: str
    site: str = ""
    seeds: tuple[str, ...]
    scope: Scope
    delay: float | None = None

    def targets(self) -> list[Target]:
        """The seeds, ready for the queue."""
        return [
            Target(url=url, host=host_key(url), kind=Kind.PAGE, priority=SEED_PRIORITY) for url in self.seeds
        ]

    @property
    def label(self) -> str:
        """For people: the site's name, or the first seed."""
        more = f" and {len(self.seeds) - 1} more" if len(self.seeds) > 1 else ""
        return self.site or self.seeds[0] + more


def _checked(seeds: Sequence[str]) -> tuple[str, ...]:
    urls = []
    for seed in seeds:
        url = parse(seed)
        if url is None:
            raise ConfigError(f"{seed!r} is no http or https URL: write it in full, like https://example.com/")
        urls.append(url)
    return tuple(dict.fromkeys(urls))
