"""The key under which CDX indexes sort a URL: host turned round, path and query made alike where sites differ by
accident. Lossy: for looking up, never for telling pages apart.

    https://www.shop.example:8443/A//b/?z=1&a=2&sid=<32 hex digits>  ─▶  example,shop:8443)/a/b?a=2&z=1

By the habits of the Internet Archive's indexes, which replay programs share; tests compare with such a program.
"""

from __future__ import annotations

import re
from ipaddress import IPv6Address
from urllib.parse import unquote_to_bytes

__all__ = ["surt"]

_PORTS = {"http": ":80", "https": ":443"}
_WWW = re.compile(r"www\d*\.")
_SESSION = re.compile(
    r"(?:jsessionid=[0-9a-z]{32}|phpsessid=[0-9a-z]{32}|sid=[0-9a-z]{32}|aspsessionid[a-z]{8}=[a-z]{24}"
    r"|cfid=[^&]+&cftoken=[^&]+)(?:&|$)"
)
_ASP_SESSION = re.compile(r"\((?:[a-z]\([0-9a-z]{24}\)|[0-9a-z]{24})\)/(?=[^?]+\.aspx)")
_MOST_DECODINGS = 16


def surt(url: str) -> str:
    """The key of an ada href."""
    scheme, _, rest = url.partition("://")
    authority, _, tail = rest.partition("/")
    path, question, query = tail.partition("?")
    path = re.sub("/{2,}", "/", "/" + _plain(path))
    path = _ASP_SESSION.sub("", path)
    if len(path) > 1:
        path = path.removesuffix("/")
    query = (
        _SESSION.sub("", _plain(query)).removesuffix("&") if _SESSION.search(_plain(query)) else _plain(query)
    )
    query = "&".join(sorted(query.split("&")))
    return f"{_turned(scheme, authority)}){path}" + (f"?{query}" if question and query else "")


def _turned(scheme: str, authority: str) -> str:
    authority = authority.removesuffix(_PORTS.get(scheme, ""))
    if authority.startswith("["):
        address, _, port = authority[1:].partition("]")
        return str(IPv6Address(address)) + port
    host, colon, port = authority.partition(":")
    host = _WWW.sub("", host.rstrip("."), count=1) if _WWW.match(host) else host.rstrip(".")
    return ",".join(reversed(host.split("."))) + colon + port


def _plain(text: str) -> str:
    """Escapes undone until none is left, then only those made that must be; lower case."""
    data, before = text.encode(), b""
    for _ in range(_MOST_DECODINGS):
        before, data = data, unquote_to_bytes(data)
        if data == before:
            break
    return "".join(chr(b) if 0x20 < b < 0x7F and b not in b"#%" else f"%{b:02x}" for b in data).lower()
