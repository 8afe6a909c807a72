"""Errors of the `sites` package, by who can mend them.

BroadsheetError
  ├─ ConfigError    the operator: names the file, key and line          (raised in all packages)
  └─ SiteError      the plugin's author: names plugin, field and url
archive.errors:  ArchiveError   the disk or a damaged file: names file and offset
crawler.errors:  FetchError     the network: `.retryable`
"""

from __future__ import annotations

__all__ = ["BroadsheetError", "ConfigError", "SiteError"]


class BroadsheetError(Exception):
    """Base of every error that Broadsheet raises on purpose. `str()` names the thing and the remedy."""


class ConfigError(BroadsheetError):
    """The command line or the settings are wrong; the operator can mend it (exit code 2)."""


class SiteError(BroadsheetError):
    """A plugin failed; its author can mend it.

    `plugin` is the plugin's name, `field` the field or hook that failed ("" for the whole module),
    `url` the page ("" while loading), `where` is "file:line" when known.
    """

    def __init__(self, plugin: str, message: str, *, field: str = "", url: str = "", where: str = "") -> None:
        self.plugin, self.message, self.field, self.url, self.where = plugin, message, field, url, where
        parts = [f"site {plugin!r}"]
        if field:
            parts.append(f"field {field!r}")
        if url:
            parts.append(f"on {url}")
        if where:
            parts.append(f"at {where}")
        super().__init__(f"{', '.join(parts)}: {message}")
