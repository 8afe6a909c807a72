"""A URL as the store keeps it: host, hash, scheme flag and path."""

from __future__ import annotations

from archive.store.types import Kind, Target
from sites.url import host_key, key, path_query

__all__ = ["join", "salt", "target_hash", "target_parts"]

_SCHEMES = ("http://", "https://")


def salt(kind: Kind, robots_for: str = "") -> str:
    """ROBOTS rows are keyed apart from pages, and by the origin they speak for: two origins may share a
    file."""
    return f"robots {robots_for}" if kind == Kind.ROBOTS else ""


def target_hash(target: Target) -> int:
    return key(target.url, salt(target.kind, target.robots_for))


def target_parts(target: Target) -> tuple[int, str]:
    """Scheme flag (1 is https) and path. ValueError when `host` is not the URL's own: politeness hangs on
    it."""
    tls = int(target.url.startswith("https://"))
    prefix = _SCHEMES[tls] + target.host
    if not target.url.startswith(prefix + "/"):
        raise ValueError(
            f"{target.url!r} is no URL of the host {target.host!r}, but of {host_key(target.url)!r}"
        )
    return tls, path_query(target.url)


def join(tls: int, host: str, path: str) -> str:
    """The URL again."""
    return _SCHEMES[tls] + host + path
