"""A site's own rules for its URLs, as data: which of several spellings is the page's one URL."""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec

from sites.url import origin, path_query

__all__ = ["UrlRules"]


class UrlRules(msgspec.Struct, frozen=True):
    """`apply` makes the one URL of a page; applied twice it changes nothing more.

    `drop` and `only` are globs over names of query parameters: dropped, or the only ones that stay (None:
    no such rule). `aliases` maps host keys to host keys. `https` turns http on the default port into https.
    `slash` is "add" (paths without a dot in their last segment end in a slash) or "drop".
    """

    drop: tuple[str, ...] = ()
    only: tuple[str, ...] | None = None
    aliases: dict[str, str] = {}
    https: bool = False
    slash: str = ""

    def compiled(self) -> Callable[[str], str]:
        """The rules as one function of hrefs to hrefs."""
        dropped = _names(self.drop)
        kept = None if self.only is None else _names(self.only)

        def apply(url: str) -> str:
            if self.aliases or self.https:
                url = self._host(url)
            if self.slash:
                url = self._slashed(url)
            at = url.find("?")
            if at < 0 or not (self.drop or kept):
                return url
            parts = url[at + 1 :].split("&")
            wanted = [part for part in parts if _stays(part.partition("=")[0], dropped, kept)]
            if len(wanted) == len(parts):
                return url
            return f"{url[:at]}?{'&'.join(wanted)}" if wanted else url[:at]

        return apply

    def _host(self, url: str) -> str:
        scheme, _, host = origin(url).partition("://")
        host = self.aliases.get(host, host)
        if self.https and scheme == "http" and not re.search(r":\d+\Z", host):
            scheme = "https"
        return f"{scheme}://{host}{path_query(url)}"

    def _slashed(self, url: str) -> str:
        path, question, query = url.partition("?")
        last = path.rpartition("/")[2]
        if self.slash == "add" and last and "." not in last:
            path += "/"
        elif self.slash == "drop" and not last:
            bare = path.rstrip("/")
            path = bare if len(bare) > len(origin(url)) else f"{origin(url)}/"
        return path + question + query


def _names(globs: tuple[str, ...]) -> re.Pattern[str]:
    """Matches the names that any of these globs does; `*` is any characters."""
    return re.compile("|".join(re.escape(glob).replace(r"\*", ".*") for glob in globs) or r"(?!)")


def _stays(name: str, dropped: re.Pattern[str], kept: re.Pattern[str] | None) -> bool:
    if dropped.fullmatch(name):
        return False
    return kept is None or kept.fullmatch(name) is not None
