"""What `broadsheet explain` tells of a URL, gathered: where it came from, what would stop it, what became of it."""

from __future__ import annotations

import msgspec

from archive.index import ArticleIndex
from archive.store import Store
from archive.store.orders import FOREVER, Order
from archive.store.stats import Explained, UrlRow
from archive.store.types import Kind, State
from crawler.cli.common import when
from crawler.cli.health import why_rests
from crawler.cli.orders import job_label, told
from crawler.core.quiet import quiet_until
from crawler.core.robots import parse as parse_robots
from crawler.core.scope import PLAIN, Scope
from crawler.core.story import Answer, Crawled, address, crawls, robots, rule_of, trap, verdict
from crawler.core.traps import shapes_of
from crawler.engine.rules import TOKEN
from crawler.errors import BroadsheetError
from crawler.settings import Settings
from sites.extraction import LinkKind, Verdict
from sites.quiet import parse_quiet
from sites.registry import Registry
from sites.site import Site
from sites.url import path_query

__all__ = ["Told", "tell"]

_MOST_HOPS = 20
_MOST_JOBS = 5
_KINDS: dict[Kind, LinkKind] = {Kind.FEED: "feed", Kind.SITEMAP: "sitemap"}


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """`outcome` in one sentence; `story` has the crawl's questions with their answers; `way` leads from the URL back
    to a seed, `index` says what the article index made of it."""

    outcome: str
    story: tuple[Answer, ...]
    way: tuple[str, ...]
    site: str
    index: str


def tell(
    url: str,
    known: Explained,
    store: Store,
    index: ArticleIndex,
    registry: Registry,
    settings: Settings,
    now: int,
) -> Told:
    """All of it; `known` is what the store says of the URL."""
    site = registry.for_url(url)
    story = (*_questions(url, known, store, site, settings, now), _host(known, store, now))
    if known.forgotten is not None:
        outcome = (
            f"forgotten {when(known.forgotten.at)}: {known.forgotten.reason}; it is never asked for again"
        )
    else:
        outcome = _outcome(known.url, known, now) if known.url is not None else verdict(story)
    return Told(
        outcome=outcome,
        story=story,
        way=_way(known.url, store),
        site=site.name if site is not None else "",
        index=_index(url, index),
    )


def _questions(
    url: str, known: Explained, store: Store, site: Site | None, settings: Settings, now: int
) -> list[Answer]:
    row = known.url
    kind: LinkKind = _KINDS.get(row.kind, "anchor") if row is not None else "anchor"
    known_crawls = _crawled(url, store, site)
    inside = crawls(url, row.depth if row is not None else 1, kind, known_crawls)
    rules = parse_robots(known.robots.body, TOKEN) if known.robots is not None else None
    first = [address(url, settings.never), *inside]
    if path_query(url) == "/robots.txt":
        return first
    standing, unread = store.standing(_host_key(known), shapes_of(url), row.run_id if row else 0)
    if row is not None:
        wanted = row.kind is not Kind.PAGE or row.priority < PLAIN
    else:
        wanted = any(one.verdict == "article" for one in known_crawls)
    return [
        *first,
        robots(url, known.robots, rules, now, when),
        trap(url, standing, unread, wanted),
        *_quiet(site, settings, now),
    ]


def _host_key(known: Explained) -> str:
    """The host's key, "" when it was never heard of."""
    return known.host.key if known.host is not None else ""


def _crawled(url: str, store: Store, site: Site | None) -> list[Crawled]:
    """The last runs' scopes, the newest first; that of the URL's own site before all others."""
    said: Verdict = ""
    rule = ""
    if site is not None:
        try:
            said = site.verdict(url)
        except BroadsheetError as error:
            rule = f"the plugin raises: {error}"
        rule = rule or rule_of(url, site, said)
    own = f"site:{site.name}" if site is not None else ""
    runs = sorted(store.latest_runs(), key=lambda run: (run.job != own, -run.id))
    return [
        Crawled(
            label=job_label(run.job, run.spec),
            scope=msgspec.json.decode(run.spec, type=Scope),
            verdict=said,
            rule=rule if site is not None else "",
        )
        for run in runs[:_MOST_JOBS]
        if run.spec not in (b"", b"{}")
    ]


def _quiet(site: Site | None, settings: Settings, now: int) -> list[Answer]:
    own = settings.site[site.name].quiet if site is not None and site.name in settings.site else ""
    quiet = own or (site.quiet if site is not None else "")
    if not quiet:
        return []
    ends = quiet_until(parse_quiet(quiet), now)
    says = f"till {when(ends)}: {quiet}" if ends else f"not now: {quiet}"
    return [Answer(about="quiet hours", passes=None if ends else True, says=says)]


def _host(known: Explained, store: Store, now: int) -> Answer:
    host = known.host
    orders = [
        o for o in store.orders(now) if o.scope == "all" or (host is not None and _is_for(o, host.key, known))
    ]
    said = "; ".join(f"{'everything ' if o.scope == 'all' else ''}{told(o)}" for o in orders)
    if any(order.kind == "pause" for order in orders):
        return Answer(about="host", passes=None, says=said)
    if host is None:
        return Answer(about="host", passes=True, says="never met")
    if why := why_rests(host, now):
        return Answer(
            about="host",
            passes=None,
            says=f"rests till {when(host.next_at)}: {why}{'; ' + said if said else ''}",
        )
    return Answer(about="host", passes=True, says=f"may be met now{'; ' + said if said else ''}")


def _is_for(order: Order, host: str, known: Explained) -> bool:
    if order.scope == "host":
        return order.name == host
    return known.url is not None and order.name == known.url.job


def _outcome(row: UrlRow, known: Explained, now: int) -> str:
    """What became of a URL that a crawl has met, and when it is asked for next."""
    free = max(known.host.next_at, known.host.pause_until) if known.host is not None else 0
    at = max(row.due, free)
    soon = (
        "as soon as a crawl gets to it"
        if at <= now
        else "when it is resumed"
        if at >= FOREVER
        else f"from {when(at)} on"
    )
    again = f"again from {when(row.due)} on" if row.due > now else "again by the next run" if row.due else ""
    read = next((c for c in known.captures if c.outcome), None)
    what = f"read as {read.page_type or read.outcome}" if read is not None else "not read"
    match row.state:
        case State.QUEUED:
            tried = f"; tried {row.tries} times, last: {row.reason}" if row.tries and row.reason else ""
            tried = tried or (f"; put back: {row.reason}" if row.reason else "")
            return f"queued by {row.job.removeprefix('site:')}, asked for {soon}{tried}"
        case State.LEASED:
            return "being asked for right now"
        case State.STORED:
            return f"archived {when(row.settled)}, waits to be read"
        case State.DONE:
            return f"archived {when(row.settled)}, {what}; asked for {again or 'again when a later run finds a link to it'}"
        case State.DENIED:
            return (
                f"not asked for: {row.reason} (since {when(row.settled)}); {_look_again(row.reason, again)}"
            )
        case State.DEAD:
            return f"given up {when(row.settled)}: {row.reason}; {f'asked for {again}' if again else 'a later run that finds a link to it asks again'}"


def _look_again(reason: str, again: str) -> str:
    if reason.startswith("robots.txt"):
        return "looked at again when its robots.txt changes"
    return f"looked at {again}" if again else "looked at again when a later run finds a link to it"


def _way(row: UrlRow | None, store: Store) -> tuple[str, ...]:
    """The pages that led to it, nearest first."""
    way: list[str] = []
    while row is not None and row.via and row.via not in way and len(way) < _MOST_HOPS:
        way.append(row.via)
        row = store.url(row.via)
    return tuple(way)


def _index(url: str, index: ArticleIndex) -> str:
    entry = index.get(url)
    if entry is None:
        return "no article is known under it"
    state = {
        "listed": "listed",
        "hidden": "kept out of lists, as its page asks",
        "withdrawn": "withdrawn: by today's rules no article",
    }
    alias = f", under {entry.url}" if entry.url != url else ""
    return f"{state[entry.state]}{alias}: {entry.article.title!r}, from the record {entry.record_id}"
