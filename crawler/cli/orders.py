"""What `pause`, `resume` and `delay` share: whom an order is for, who gives it, how it is told."""

from __future__ import annotations

import difflib
import os
import pwd

from archive.store import Store
from archive.store.orders import FOREVER, Order, Scope
from crawler.cli.explain import when
from crawler.errors import ConfigError
from sites.url import host_key, normal_host, parse

__all__ = ["label", "target", "targets", "told", "who"]

_SITE = "site:"


def who() -> str:
    """The operator, as the system knows them."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


def targets(store: Store, names: list[str], everything: bool) -> list[tuple[Scope, str]]:
    """Scope and name of what the arguments mean. ConfigError when they mean nothing."""
    if everything and names:
        raise ConfigError(f"--all, or {names[0]}: choose one of them")
    if not everything and not names:
        raise ConfigError("name a host or a site, or say --all")
    return [("all", "")] if everything else [target(store, name) for name in names]


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


def label(scope: Scope, name: str) -> str:
    """For people."""
    return "everything" if scope == "all" else name.removeprefix(_SITE)


def told(order: Order) -> str:
    """An order in one line, after the name of what it is for."""
    what = (
        f"{order.delay / 1e6:g} s from one request to the next"
        if order.kind == "delay"
        else f"paused till {'it is resumed' if order.until == FOREVER else when(order.until)}"
    )
    why = f": {order.why}" if order.why else ""
    return f"{what} (since {when(order.since)}, by {order.who}{why})"
