"""Which URLs belong to a crawl: a pure decision over a URL, its depth and what the site's patterns say of it.

hosts    the seeds' hosts, and the host a seed redirects to
domain   every host of the seeds' registrable domains
prefix   URLs that begin like a seed, up to its last slash
site     what a plugin's patterns follow, on the plugin's hosts
"""

from __future__ import annotations

from typing import Literal

import msgspec

from sites.extraction import LinkKind, Verdict
from sites.keeping import KEPT
from sites.patterns import compile_pattern
from sites.url import host_covers, host_key, hostname, registrable_domain

__all__ = ["PLAIN", "Accept", "Mode", "Scope", "Skip", "forbidden", "scope_of"]

Mode = Literal["hosts", "domain", "prefix", "site"]

PLAIN = 40
"""The best priority of a link of which nobody has said that it is wanted."""


class Accept(msgspec.Struct, frozen=True):
    """Worth asking for; smaller `priority` goes first."""

    priority: int


class Skip(msgspec.Struct, frozen=True):
    """Not of this crawl; `reason` is one word for counting."""

    reason: str


class Scope(msgspec.Struct, frozen=True, kw_only=True):
    """A crawl's scope, stored with its run. `hosts` are host keys, `domains` registrable domains, `prefixes`
    URLs, `include` and `exclude` patterns, `never` hosts and patterns of URLs that are never asked for;
    `max_depth` counts links from a seed, None for no limit. `site` names the plugin of a site's crawl, `keep` are the
    media types of files to keep whole.
    """

    mode: Mode = "hosts"
    hosts: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    max_depth: int | None = None
    site: str = ""
    keep: tuple[str, ...] = KEPT

    def widened(self, url: str) -> Scope:
        """This scope with the host of `url` in it: a seed has redirected there."""
        key = host_key(url)
        if self.mode != "hosts" or key in self.hosts:
            return self
        return msgspec.structs.replace(self, hosts=(*self.hosts, key))

    def covers(self, url: str) -> bool:
        """Whether the URL's place is inside, whatever its depth and patterns."""
        if self.mode == "prefix":
            return url.startswith(self.prefixes)
        if self.mode == "domain":
            return registrable_domain(hostname(url)) in self.domains
        return host_key(url) in self.hosts

    def decide(
        self, url: str, depth: int, verdict: Verdict = "", kind: LinkKind = "anchor", *, covered: bool = False
    ) -> Accept | Skip:
        """Accept or skip a link found at `depth`. `covered`: a plugin has said that the host is the site's."""
        if self.never and forbidden(url, self.never):
            return Skip("never")
        if not (covered or self.covers(url)):
            return Skip("outside")
        if self.max_depth is not None and depth > self.max_depth:
            return Skip("depth")
        if self.mode == "site" and not verdict and kind not in ("feed", "sitemap"):
            return Skip("pattern")
        if any(compile_pattern(p).matches(url) for p in self.exclude):
            return Skip("excluded")
        if self.include and not any(compile_pattern(p).matches(url) for p in self.include):
            return Skip("not-included")
        if kind in ("feed", "sitemap"):
            return Accept(5)
        return Accept(30 if verdict == "article" else PLAIN + min(depth, 20))


def forbidden(url: str, never: tuple[str, ...]) -> str:
    """The entry of a list of hosts and patterns ("paper.example", "*.paper.example", "/private/**",
    "https://paper.example/people/**") that covers the URL; "" for none."""
    for entry in never:
        if "/" in entry:
            if compile_pattern(entry).matches(url):
                return entry
        elif host_covers(entry, host_key(url)) or host_covers(entry, hostname(url)):
            return entry
    return ""


def scope_of(
    mode: Mode,
    seeds: tuple[str, ...],
    *,
    include: tuple[str, ...] = (),
    exclude: tuple[str, ...] = (),
    never: tuple[str, ...] = (),
    max_depth: int | None = None,
) -> Scope:
    """The scope of bare seed URLs."""
    return Scope(
        mode=mode,
        hosts=tuple(dict.fromkeys(host_key(u) for u in seeds)),
        domains=tuple(dict.fromkeys(registrable_domain(hostname(u)) for u in seeds)),
        prefixes=tuple(dict.fromkeys(u[: u.rindex("/") + 1] for u in seeds)),
        include=include,
        exclude=exclude,
        never=never,
        max_depth=max_depth,
    )
