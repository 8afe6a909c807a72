"""A job: what one crawl is about. A site by its plugin, or bare URLs with a scope."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

import msgspec

from archive.store.types import Kind, Target
from crawler.core.scope import Mode, Scope, scope_of
from crawler.errors import ConfigError
from sites.patterns import compile_pattern
from sites.site import Site
from sites.url import host_key, parse

__all__ = ["SEED_PRIORITY", "Job", "job_of_site", "job_of_urls"]

SEED_PRIORITY = 10


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """`name` is the job's identity: "site:gazette" or "urls:HASH". `delay` is seconds, None for the default;
    `quiet` as `sites.quiet` reads it."""

    name: str
    site: str = ""
    seeds: tuple[str, ...]
    scope: Scope
    delay: float | None = None
    quiet: str = ""

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
            raise ConfigError(
                f"{seed!r} is no http or https URL: write it in full, like https://example.com/"
            )
        urls.append(url)
    return tuple(dict.fromkeys(urls))


def job_of_site(site: Site, never: Sequence[str] = (), max_depth: int | None = None) -> Job:
    """The job of crawling one site by its plugin. Raises ConfigError when it names no seeds."""
    seeds = tuple(dict.fromkeys(map(site.identity, _checked(site.seeds))))
    if not seeds:
        raise ConfigError(f"site {site.name!r} has no seeds: add seeds = (...) to its plugin")
    scope = Scope(
        mode="site",
        hosts=tuple(dict.fromkeys(host_key(u) for u in seeds)),
        never=tuple(never),
        max_depth=max_depth,
        site=site.name,
        keep=tuple(site.keep),
    )
    delay = float(site.delay) if isinstance(site.delay, int | float) else None
    return Job(
        name=f"site:{site.name}", site=site.name, seeds=seeds, scope=scope, delay=delay, quiet=site.quiet
    )


def job_of_urls(
    urls: Sequence[str],
    mode: Mode = "hosts",
    *,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    never: Sequence[str] = (),
    max_depth: int | None = None,
) -> Job:
    """The job of crawling from bare URLs. The same seeds and scope are the same job, which a later crawl
    resumes. Raises ConfigError when a seed or a pattern is none."""
    seeds = _checked(urls)
    for option, patterns in (("--include", include), ("--exclude", exclude)):
        for pattern in patterns:
            try:
                compile_pattern(pattern)
            except ValueError as error:
                raise ConfigError(f"{option}: {error}") from None
    scope = scope_of(
        mode, seeds, include=tuple(include), exclude=tuple(exclude), never=tuple(never), max_depth=max_depth
    )
    mark = blake2b(msgspec.json.encode((sorted(seeds), mode, scope.include, scope.exclude)), digest_size=6)
    return Job(name=f"urls:{mark.hexdigest()}", seeds=seeds, scope=scope)
