"""All the sites there are, by name and by host; layouts of one site by date.

bundled, entry points, folders ─▶ classes ─▶ one group a name ─▶ layers by `until`
for_url(url, day): host ─▶ group ─▶ the layer with the earliest `until` after the day, else the one without
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from difflib import get_close_matches
from pathlib import Path

from sites.checks import problems_of
from sites.errors import ConfigError, SiteError
from sites.loading import Loaded, entry_points, load_file, load_module, plugin_files
from sites.site import Site
from sites.source import where_of_attribute
from sites.url import host_key, normal_host

__all__ = ["Registry"]


class _Group:
    """The layers of one site: with `until`, earliest first; at the end the one without (today's), if any."""

    def __init__(self, file: str, layers: list[Site]) -> None:
        self.file = file
        self.layers = sorted(layers, key=lambda site: site.until or date.max)

    def on(self, day: date | None) -> Site:
        if day is not None:
            for site in self.layers:
                if site.until is not None and site.until > day:
                    return site
        return self.layers[-1]


class Registry:
    """Built on request from values and files; it never changes. `problems` are the plugins that broke."""

    def __init__(self, found: Sequence[Loaded | SiteError]) -> None:
        """Raises ConfigError when two plugins have one name or one host; it names both files."""
        self._groups: dict[str, _Group] = {}
        self._exact: dict[str, str] = {}
        self._below: dict[str, str] = {}
        problems: list[SiteError] = []
        for item in found:
            if isinstance(item, SiteError):
                problems.append(item)
            else:
                self._take(item, problems)
        self.problems: tuple[SiteError, ...] = tuple(problems)

    @classmethod
    def load(cls, dirs: Sequence[Path] = (), *, bundled: bool = True, entry_points: bool = True) -> Registry:
        """The plugins that come with Broadsheet, those of installed distributions, and those in folders.

        A folder that does not exist has none. Broken plugins are in `problems`. Raises ConfigError when two
        plugins claim one host or name, or a folder is none.
        """
        return cls([*_found(dirs, bundled, entry_points)])

    def _take(self, loaded: Loaded, problems: list[SiteError]) -> None:
        if wrong := [problem for each in loaded.classes for problem in problems_of(each)]:
            problems.extend({str(problem): problem for problem in wrong}.values())
            return
        named: dict[str, list[Site]] = {}
        for site in [each() for each in loaded.classes]:
            named.setdefault(site.name, []).append(site)
        for name, layers in named.items():
            untils = [site.until for site in layers]
            if len(set(untils)) < len(untils):
                shown = " and ".join(type(site).__name__ for site in layers)
                message = f"{shown} have the same until: give all but today's layout a date of its own"
                problems.append(
                    SiteError(name, message, where=where_of_attribute(type(layers[-1]), "", Site))
                )
                continue
            self._add(name, _Group(loaded.file, layers))

    def _add(self, name: str, group: _Group) -> None:
        if name in self._groups:
            both = f"{self._groups[name].file} and {group.file}"
            raise ConfigError(f"two plugins are called {name!r}: {both}; rename one, or set its name")
        self._groups[name] = group
        for host in dict.fromkeys(h for site in group.layers for h in site.all_hosts):
            for table, key in _places(host):
                places = self._below if table else self._exact
                other = places.setdefault(key, name)
                if other != name:
                    both = f"{self._groups[other].file} and {group.file}"
                    raise ConfigError(
                        f"two plugins claim the host {host!r}: {both}; remove one, or its claim"
                    )

    def get(self, name: str, day: date | None = None) -> Site:
        """The site of a name, in its layout of a day (None: today's). Raises ConfigError if there is none."""
        if name in self._groups:
            return self._groups[name].on(day)
        near = get_close_matches(name, self._groups, 1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(self.names()) or 'none'}"
        broken = next((f" (its plugin is broken: {p})" for p in self.problems if p.plugin == name), "")
        url = f"; a page is named in full, like https://{name}/" if "." in name else ""
        raise ConfigError(f"there is no site {name!r}: {hint}{url}{broken}")

    def for_url(self, url: str, day: date | None = None) -> Site | None:
        """Whose page an href is, in the layout of the day it was fetched; None when nobody's.

        A host named in full goes before "*.example.com", a longer such pattern before a shorter.
        """
        host = host_key(url)
        name = self._exact.get(host)
        while name is None and "." in host:
            host = host.partition(".")[2]
            name = self._below.get(host)
        return None if name is None else self._groups[name].on(day)

    def names(self) -> tuple[str, ...]:
        """All names, sorted."""
        return tuple(sorted(self._groups))

    def layers(self, name: str) -> tuple[Site, ...]:
        """All layouts of a site, oldest first. Raises ConfigError when there is no such site."""
        self.get(name)
        return tuple(self._groups[name].layers)

    def file_of(self, name: str) -> str:
        """The file a site's plugin was loaded from. Raises ConfigError when there is no such site."""
        self.get(name)
        return self._groups[name].file

    def __repr__(self) -> str:
        broken = f", {len(self.problems)} problems" if self.problems else ""
        return f"<Registry {len(self._groups)} sites{broken}>"


def _places(host: str) -> Iterator[tuple[bool, str]]:
    """Under which keys a declared host is looked up: (below?, key)."""
    normal = normal_host(host) or host
    if normal.startswith("*."):
        yield True, normal[2:]
    else:
        yield False, normal
        yield False, f"www.{normal}"


def _found(dirs: Sequence[Path], bundled: bool, installed: bool) -> Iterator[Loaded | SiteError]:
    if bundled:
        import sites.plugins

        for path in plugin_files(Path(sites.plugins.__path__[0])):
            try:
                yield load_module(f"sites.plugins.{path.stem}")
            except SiteError as error:
                yield error
    if installed:
        yield from entry_points()
    for folder in dict.fromkeys(folder.resolve() for folder in dirs):
        if not folder.exists():
            continue
        if not folder.is_dir():
            raise ConfigError(f"{folder} is no folder of plugins: name the folder the files lie in")
        for path in plugin_files(folder):
            try:
                yield load_file(path)
            except SiteError as error:
                yield error
