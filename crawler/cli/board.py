"""A board of hosts that fills while they are crawled: a listener, nothing more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from types import TracebackType

from rich.console import Console
from rich.live import Live
from rich.table import Table

from crawler.events import Event, PageExtracted, PageStored
from sites.url import host_key

__all__ = ["Board"]


class Board:
    """A row for each of `papers` (name by host): pages kept, articles found, the last title read.

    On a terminal it is drawn anew while events come; elsewhere once, at the end.
    """

    def __init__(self, console: Console, papers: Mapping[str, str]) -> None:
        self.pages: Counter[str] = Counter()
        self._articles: dict[str, set[str]] = {host: set() for host in papers}
        self._console, self._papers = console, papers
        self._last: dict[str, str] = {}
        self._live = Live(console=console, get_renderable=self.table, refresh_per_second=8, transient=True)

    def __enter__(self) -> Board:
        if self._console.is_terminal:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.stop()
        self._last = {}  # of no use once all have been read
        self._console.print(self.table())

    def __call__(self, event: Event) -> None:
        match event:
            case PageStored(url=url):
                self.pages[host_key(url)] += 1
            case PageExtracted(url=url, outcome="ok", title=title) if host_key(url) in self._articles:
                self._articles[host_key(url)].add(url)  # some are read again when a host's template is learnt
                self._last[host_key(url)] = title

    def table(self) -> Table:
        """The board as it stands."""
        table = Table(box=None, pad_edge=False, header_style="bold", expand=bool(self._last))
        table.add_column("paper", no_wrap=True)
        table.add_column("host", no_wrap=True, style="dim")
        table.add_column("pages", justify="right")
        table.add_column("articles", justify="right")
        if self._last:
            table.add_column("just read", no_wrap=True, overflow="ellipsis", ratio=1, style="dim")
        for host, name in self._papers.items():
            counts = str(self.pages[host]), str(len(self._articles[host]))
            table.add_row(name, host, *counts, *([self._last.get(host, "")] if self._last else []))
        return table
