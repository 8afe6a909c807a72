"""How a crawl presents itself and whom it may ask: contact, user agent, guard, fetcher, and what WARC files say of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.metadata import version
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from archive.warc import Info
from crawler.errors import ConfigError
from crawler.jobs import Job
from crawler.net import (
    REDACTED_HEADERS,
    AddressGuard,
    Fetcher,
    Resolver,
    is_public,
    parse_proxy,
    parse_resolve,
)
from crawler.settings import Settings, parse_duration, parse_size
from sites.url import origin

__all__ = ["archive_info", "check_contact", "make_fetcher", "user_agent"]


def user_agent(contact: str) -> str:
    return f"Broadsheet/{version('broadsheet')}" + (f" (+{contact})" if contact else "")


def check_contact(jobs: Sequence[Job], settings: Settings) -> None:
    """Before anything is asked: loopback seeds need --allow-address, public ones a contact."""
    guard = AddressGuard(settings.allow_address)
    names = parse_resolve(settings.resolve)
    for seed in _one_an_origin(jobs):
        host = urlsplit(seed).hostname or ""
        try:
            literal = str(ip_address(host))
        except ValueError:
            literal = ""
        if host in names:
            continue
        if literal and not guard.allows(literal):
            raise ConfigError(
                f"{seed}: {literal} is no public address; if it is yours, say --allow-address {literal}"
            )
        if not settings.contact and (not literal or is_public(literal)):
            raise ConfigError(
                f"{seed}: say who you are before a public site is asked: --contact you@example.com, "
                'or contact = "you@example.com" in broadsheet.toml'
            )


def _one_an_origin(jobs: Sequence[Job]) -> list[str]:
    """The first seed of every origin: there may be a hundred thousand of some."""
    return list({origin(seed): seed for job in jobs for seed in reversed(job.seeds)}.values())


def _ports(jobs: Sequence[Job]) -> set[int]:
    return {p for seed in _one_an_origin(jobs) if (p := urlsplit(seed).port) is not None}


def archive_info(settings: Settings) -> Info:
    """What the warcinfo records say."""
    return Info(
        software=f"Broadsheet {version('broadsheet')}",
        user_agent=user_agent(settings.contact),
        operator=settings.contact,
        robots="RFC 9309",
        redacted=REDACTED_HEADERS,
        more=(("proxy", "by CONNECT to WARC-IP-Address"),) if settings.proxy else (),
    )


def make_fetcher(jobs: Sequence[Job], settings: Settings, clock: Callable[[], int], spool: Path) -> Fetcher:
    """The fetcher of a crawl, behind a guard that knows the operator's networks and the seeds' ports. Bodies too
    long for memory go to files without a name in `spool`."""
    guard = AddressGuard(settings.allow_address, _ports(jobs))
    return Fetcher(
        Resolver(guard, parse_resolve(settings.resolve)),
        user_agent=user_agent(settings.contact),
        clock=clock,
        max_body=parse_size(settings.fetch.max_body),
        timeout=parse_duration(settings.fetch.timeout),
        memory=parse_size(settings.fetch.memory),
        spool=spool,
        proxy=parse_proxy(settings.proxy) if settings.proxy else None,
    )
