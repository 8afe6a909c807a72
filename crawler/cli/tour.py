"""The tour of `broadsheet demo`: crawl, articles, a page beside its article, a rule mended, what to try next.

Each step says which command does the same in the tour's folder, which is laid out like anyone's:
broadsheet.toml, plugins/, data/.
"""

from __future__ import annotations

import shlex
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import trio
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from archive.index import ArticleIndex, Query, Row
from archive.reader import read_capture
from archive.store import Store
from archive.store.types import Selection
from crawler.cli.board import Board
from crawler.cli.common import EXIT_INTERRUPTED, fail
from crawler.cli.crawl import limits_of
from crawler.cli.replay import mark_outdated
from crawler.cli.wiring import crawl_jobs, replay_pending
from crawler.demo.beside import LEFT_OUT, Line, lines_beside
from crawler.demo.lesson import LESSON_FILE, LESSON_HOST, MENDED_RULE, WRONG_RULE, lesson_plugin
from crawler.demo.server import Server
from crawler.folder import DataFolder
from crawler.jobs import job_of_site
from crawler.settings import Settings, load_settings
from sites.extract import extract
from sites.page import Page
from sites.registry import Registry

__all__ = ["Tour"]

_SITES = ("gazette", "observer", "minato", "brightledger", "lantern")
_COPIES, _LESSON = "brightledger", "lantern"
_SHOWN = 2


class Tour:
    """One tour in one folder, which is made. `walk` takes all its steps."""

    def __init__(self, console: Console, server: Server, root: Path) -> None:
        self.console, self.server, self.root = console, server, root
        self.plugins = root / "plugins"
        self.folder = DataFolder(root / "data")
        self.command = "broadsheet" if shutil.which("broadsheet") else str(Path(sys.argv[0]).resolve())

    def walk(self) -> None:
        settings = self._settle()
        self._crawl(settings)
        with closing(ArticleIndex.open(self.folder.articles_db)) as index:
            newest = self._articles(index)
            self._beside(index)
        self._lesson(settings)
        self._where()
        self._next(newest)

    def _settle(self) -> Settings:
        """Lay the folder out as a user would."""
        self.plugins.mkdir(parents=True)
        (self.plugins / LESSON_FILE).write_text(lesson_plugin(mended=False), encoding="utf-8")
        file = self.root / "broadsheet.toml"
        file.write_text(self.server.settings, encoding="utf-8")
        self._say(
            "Five small newspapers, made up for this tour, are being served by this machine, at "
            f"{self.server.address}\nport {self.server.port}. No other computer is asked for anything."
        )
        return load_settings(file, {"data": str(self.folder.root)})

    def _crawl(self, settings: Settings) -> None:
        self._step(
            1,
            "Crawl them: each answer is kept in a WARC file as it came, then read for its article",
            f"crawl {' '.join(_SITES)}",
        )
        registry = Registry.load([self.plugins], entry_points=False)
        jobs = [job_of_site(registry.get(name)) for name in _SITES]
        papers = {host: self.server.newsroom.papers[host].name for job in jobs for host in job.scope.hosts}
        began = time.monotonic()
        with Board(self.console, papers) as board:
            end = trio.run(
                lambda: crawl_jobs(
                    jobs, settings, (self.plugins,), board, limits=limits_of(settings), workers=0
                )
            )
        if end.why:
            fail(f"{end.why}; the pages that had come are safe in {self.folder.root}", EXIT_INTERRUPTED)
        self._say(
            f"\n{board.pages.total()} pages in {time.monotonic() - began:.0f} seconds. The Gazette's robots.txt asks "
            f"for {self.server.newsroom.crawl_delay:g} seconds between two\nrequests; by its server's log the shortest "
            f"pause was {self._shortest_pause('gazette.example'):.2f}."
        )

    def _shortest_pause(self, host: str) -> float:
        """Seconds between two requests to a host, at the least."""
        times = [hit.at for hit in self.server.hits_of(host)]
        return min((after - before for before, after in pairwise(times)), default=0.0)

    def _articles(self, index: ArticleIndex) -> Row:
        """The newest of each paper; gives the very first."""
        self._step(2, "Look at the articles", "articles list")
        table = Table(box=None, pad_edge=False, header_style="bold", expand=True)
        for name, width in (("published", 16), ("site", 12), ("authors", 26), ("title", None)):
            table.add_column(name, no_wrap=True, overflow="ellipsis", width=width, ratio=None if width else 1)
        rows = [row for name in _SITES for row in index.list(Query(site=name, limit=_SHOWN))]
        for row in rows:
            moment = row.published[:16].replace("T", " ")
            table.add_row(moment, row.site, escape(", ".join(row.authors)), escape(row.title))
        self.console.print(table)
        self._say(f"The {_SHOWN} newest of each; {index.count()} articles in all.")
        return rows[0]

    def _beside(self, index: ArticleIndex) -> None:
        row = min(index.list(Query(site=_COPIES)), key=lambda row: (len(row.title), row.url))
        self._step(
            3,
            "See one page beside its article: a copy, in a template full of other headlines",
            f"articles show {row.url}",
        )
        page = self._page(row.url)
        site = Registry.load([self.plugins], entry_points=False).for_url(page.url)
        table = Table(box=None, pad_edge=False, header_style="bold", expand=True)
        table.add_column("what the page says", no_wrap=True, overflow="ellipsis", ratio=1)
        table.add_column("what became of it", no_wrap=True, overflow="ellipsis", width=36)
        for line in lines_beside(page, extract(page, site, why=True)):
            style = "dim" if line.became == LEFT_OUT else ""
            table.add_row(escape(line.text), escape(_became(line)), style=style)
        self.console.print(table)

    def _page(self, url: str) -> Page:
        """The page as the archive has it."""
        with closing(Store.open(self.folder.crawl_db, create=False)) as store:
            location = store.explain(url).captures[0].location
            return read_capture(store.file_path(location.file), location).page()

    def _lesson(self, settings: Settings) -> None:
        self._step(4, "Mend a rule, and let the archive be read again", f"replay --site {_LESSON}")
        before = self._authors()
        asked = len(self.server.hits_of(LESSON_HOST))
        plugin = self.plugins / LESSON_FILE
        self._say(
            f"None of The Lantern's {len(before)} articles has an author: the rule in its plugin finds none."
        )
        plugin.write_text(lesson_plugin(mended=True), encoding="utf-8")
        self.console.print(f"    [red]- {escape(WRONG_RULE)}[/]\n    [green]+ {escape(MENDED_RULE)}[/]")
        registry = Registry.load([self.plugins], entry_points=False)
        pages = mark_outdated(self.folder, registry, Selection(site=_LESSON))
        trio.run(lambda: replay_pending(settings, (self.plugins,), lambda _: None, workers=0))
        after = self._authors()
        table = Table(box=None, pad_edge=False, header_style="bold", expand=True)
        table.add_column("article", no_wrap=True, overflow="ellipsis", ratio=1)
        table.add_column("authors before", width=14)
        table.add_column("authors now", no_wrap=True, overflow="ellipsis", width=32)
        for url, (title, now) in list(after.items())[:4]:
            table.add_row(escape(title), escape(before[url][1] or "–"), escape(now))
        self.console.print(table)
        mended = sum(now != before[url][1] for url, (_, now) in after.items())
        again = len(self.server.hits_of(LESSON_HOST)) - asked
        self._say(
            f"\n{pages} pages were read again from the archive and {mended} articles have their authors now. The "
            f"Lantern's\nserver was asked for {again or 'none'} of them."
        )

    def _authors(self) -> dict[str, tuple[str, str]]:
        """Title and authors of the lesson's articles, by URL, newest first."""
        with closing(ArticleIndex.open(self.folder.articles_db)) as index:
            rows = list(index.list(Query(site=_LESSON)))
        return {row.url: (row.title, ", ".join(row.authors)) for row in rows}

    def _where(self) -> None:
        self._step(5, f"Where it lies: {self.root}")
        archives = sorted(self.folder.archive.glob("*.warc.gz*"))
        size = sum(path.stat().st_size for path in archives) / 1e6
        table = Table(box=None, pad_edge=False, show_header=False)
        for path, what in (
            ("broadsheet.toml", "settings: how the papers are reached, and who asks"),
            ("plugins/lantern.py", "the plugin that was mended"),
            (
                "data/archive/",
                f"what the papers sent, byte for byte: {len(archives)} WARC file, {size:.1f} MB",
            ),
            ("data/crawl.db", "the queue, and where in the archive each page lies"),
            ("data/articles.db", "the articles, and an index of their words"),
        ):
            table.add_row(f"  [bold]{path}[/]", what)
        self.console.print(table)

    def _next(self, newest: Row) -> None:
        self._step(6, "Try next: paste what you like, line by line")
        for why, line in self._lines(newest):
            self.console.print(f"  [dim]{escape(why)}[/]")
            self.console.print(f"    [bold]{escape(line)}[/]", soft_wrap=True)  # whole, however long

    def _lines(self, newest: Row) -> Iterator[tuple[str, str]]:
        run = shlex.quote(self.command)
        yield (
            "Into the folder; every command below looks for its settings, plugins and data there",
            (f"cd {shlex.quote(str(self.root))}"),
        )
        yield "Find articles by their words", f"{run} articles search harbour storm"
        yield "Read one", f"{run} articles show {newest.url}"
        yield (
            "What is known of its URL: robots.txt, captures, when it is due again",
            f"{run} explain {newest.url}",
        )
        yield "Take all of them with you", f"{run} articles export --format csv --output articles.csv"
        yield "Prove the archive, record by record", f"{run} verify"
        yield (
            "Put the newsroom up again, in the background (`kill %1` ends it)",
            (f"{run} demo --serve --port {self.server.port} --settings broadsheet.toml &"),
        )
        yield "Crawl the paper that answers badly on purpose", f"{run} crawl moody"
        yield "How the crawl stands", f"{run} status"

    def _step(self, number: int, title: str, command: str = "") -> None:
        self.console.print(f"\n[bold cyan]{number}[/]  [bold]{escape(title)}[/]")
        if command:
            self.console.print(f"   [dim]$ broadsheet {escape(command)}[/]")
        self.console.print()

    def _say(self, text: str) -> None:
        self.console.print(text, markup=False)


def _became(line: Line) -> str:
    match line.became:
        case "related":
            return f"related: {line.value} headlines" if line.value else "related"
        case "tags" | "left out":
            return line.became
    name = line.became.replace("_", " ")
    return f"{name}: {line.value}" if line.value else name
