"""What `pause`, `resume` and `delay` share: whom an order is for, who gives it, how it is told."""

from __future__ import annotations

import difflib
import os
import pwd

import msgspec

from archive.store import Store
from archive.store.orders import FOREVER, Order, Scope
from crawler.cli.common import when
from crawler.core.scope import Scope as CrawlScope
from crawler.errors import ConfigError
from sites.url import host_key, normal_host, parse

__all__ = ["job_label", "label", "target", "targets", "told", "unmet", "who", "with_www"]

_SITE = "site:"


def who() -> str:
    """The operator, as the system knows them."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


def targets(store: Store, names: list[str], everything: bool) -> list[list[tuple[Scope, str]]]:
    """Scopes and names of what each argument means. ConfigError when it means nothing."""
    if everything and names:
        raise ConfigError(f"--all, or {names[0]}: choose one of them")
    if not everything and not names:
        raise ConfigError("name a host or a site, or say --all")
    return [[("all", "")]] if everything else [with_www(store, *target(store, name)) for name in names]


def with_www(store: Store, scope: Scope, name: str) -> list[tuple[Scope, str]]:
    """A host's www. is meant with it: who objects seldom knows which of them is crawled. One that is met later
    takes the order over by itself."""
    www = f"www.{name}"
    return [(scope, name), (scope, www)] if scope == "host" and store.host(www) else [(scope, name)]


def target(store: Store, name: str) -> tuple[Scope, str]:
    """A site that was crawled here, by its name, or a host, by its name or any of its URLs."""
    sites = [run.job.removeprefix(_SITE) for run in store.latest_runs() if run.job.startswith(_SITE)]
    if name in sites:
        return "job", _SITE + name
    url = parse(name) if "://" in name else None
    host = host_key(url) if url else normal_host(name)
    if host is not None and (url or "." in host or ":" in host or store.host(host) is not None):
        return "host", host
    near = difflib.get_close_matches(name, sites, 1, 0.5)
    hint = f"did you mean {near[0]}?" if near else f"sites crawled here: {', '.join(sorted(sites)) or 'none'}"
    raise ConfigError(f"{name}: this is neither a host nor a site that was crawled here; {hint}")


def job_label(job: str, spec: bytes) -> str:
    """A job for people: its site's name, or the first host of its scope."""
    if job.startswith(_SITE) or spec in (b"", b"{}"):
        return job.removeprefix(_SITE)
    hosts = msgspec.json.decode(spec, type=CrawlScope).hosts
    more = f" and {len(hosts) - 1} more" if len(hosts) > 1 else ""
    return f"{hosts[0]}{more} ({job})" if hosts else job


def label(scope: Scope, name: str) -> str:
    """For people."""
    return "everything" if scope == "all" else name.removeprefix(_SITE)


def unmet(store: Store, scope: Scope, name: str) -> str:
    """A word on a host that no crawl has met: it may be a slip of the pen."""
    return "; no crawl here has met it yet" if scope == "host" and store.host(name) is None else ""


def told(order: Order) -> str:
    """An order in one line, after the name of what it is for."""
    what = (
        f"{order.delay / 1e6:g} s from one request to the next"
        if order.kind == "delay"
        else f"paused till {'it is resumed' if order.until == FOREVER else when(order.until)}"
    )
    why = f": {order.why}" if order.why else ""
    return f"{what} (since {when(order.since)}, by {order.who}{why})"
