"""URLs: one identity for a page, as a browser would see it (the WHATWG URL Standard, by ada).

    text as written ──parse──▶ href ──▶ hostname, host_key (politeness), origin (robots), path_query
                                 └────▶ key (64 bits: the store's index)

`parse` is the only way in; everything else takes an href that `parse` gave, and works by slicing it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import blake2b

from ada_url import URL
from publicsuffixlist import PublicSuffixList

__all__ = [
    "TRACKING",
    "host_covers",
    "host_key",
    "hostname",
    "key",
    "normal_host",
    "origin",
    "parse",
    "path_query",
    "registrable_domain",
]

TRACKING = (
    "utm_*", "fbclid", "gclid", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "twclid", "igshid",
    "mc_cid", "mc_eid",
)  # fmt: skip
"""Query parameters that say how a reader came and never what is shown (globs over names)."""

_SURROGATE = re.compile("[\ud800-\udfff]")
_DEFAULT_PORT = {"http": ":80", "https": ":443"}


def parse(url: str, base: str | None = None) -> str | None:
    """The ada href of `url` (resolved against `base`), without fragment and userinfo.

    None when a browser would refuse the URL, and for every scheme but http and https.
    `parse(parse(u)) == parse(u)`.
    """
    try:
        href: str = URL(url, base).href
    except (
        UnicodeEncodeError
    ):  # lone surrogates: a browser reads U+FFFD (Infra Standard, scalar value string)
        return parse(_SURROGATE.sub("\ufffd", url), base and _SURROGATE.sub("\ufffd", base))
    except ValueError:
        return None
    start = 8 if href.startswith("https://") else 7 if href.startswith("http://") else 0
    if not start:
        return None
    if "#" in href:
        href = href[: href.index("#")]
    if "@" in href:
        host = href.rfind("@", start, href.index("/", start)) + 1
        if host:
            href = href[:start] + href[host:]
    return href


def _authority(href: str) -> str:
    """`host` or `host:port`; the port is there only when it is not the scheme's default."""
    start = href.index("//") + 2
    end = href.find("/", start)
    return href[start:] if end < 0 else href[start:end]


def host_key(url: str) -> str:
    """Whom we are polite to: the host name, with ":port" only when the port is not the default."""
    return _authority(url)


def hostname(url: str) -> str:
    """The host without its port; an IPv6 address keeps its brackets."""
    host = _authority(url)
    colon = host.rfind(":")
    return host if colon < 0 or host.endswith("]") else host[:colon]


def origin(url: str) -> str:
    """Scheme, host and port without a slash at the end: what a robots.txt speaks for (RFC 9309, 2.3)."""
    end = url.find("/", url.index("//") + 2)
    return url if end < 0 else url[:end]


def path_query(url: str) -> str:
    """The path with its query, from the first slash on: "/a/b?c=d"."""
    start = url.find("/", url.index("//") + 2)
    return "/" if start < 0 else url[start:]


@lru_cache(maxsize=4096)
def registrable_domain(host: str) -> str:
    """The name somebody registered ("example.co.uk" for "www.news.example.co.uk"), by the Public Suffix List.

    An address, a single label or a public suffix itself is its own domain. A ":port" is ignored.
    """
    host = host.lower().rstrip(".")
    if host.startswith("["):
        return host[: host.find("]") + 1]
    host = host.partition(":")[0]
    if host.rpartition(".")[2].isdigit():
        return host
    return _suffixes().privatesuffix(host) or host


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    """Reading the list costs some 40 ms: only those pay who ask."""
    return PublicSuffixList()


def key(url: str, salt: str = "") -> int:
    """64 bits of BLAKE2b over salt and URL, as a signed integer (SQLite's INTEGER)."""
    text = f"{salt}\0{url}" if salt else url
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)


@lru_cache(maxsize=4096)
def normal_host(pattern: str) -> str | None:
    """A declared host ("Bücher.example", "*.example.com:8080") in ada's form; None if it is none.

    Default ports are dropped: 80 and 443 stand for "the port of the scheme".
    """
    stars, host = ("*.", pattern[2:]) if pattern.startswith("*.") else ("", pattern)
    if not host or re.search(r"[/\\?#@\s*]", host):
        return None
    href = parse(f"http://{host}/")
    if href is None:
        return None
    return stars + _authority(href).removesuffix(":443")


def host_covers(pattern: str, host: str) -> bool:
    """Does a declared host cover this one?

    "example.com" covers example.com and www.example.com; "*.example.com" all names below it, itself not.
    `host` is a host key: one with a port is covered only by a pattern with the same port.
    """
    normal = normal_host(pattern)
    if normal is None:
        return False
    if normal.startswith("*."):
        return host.endswith(normal[1:]) and len(host) > len(normal) - 1
    return host in (normal, f"www.{normal}")
