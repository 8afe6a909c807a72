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
from crawler.settings import load_settings
from sites.article import Article
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
        self.settle()
        self.crawl()
        self.articles()
        self.beside()
        self.lesson()
        self.where()
        self.next_steps()

    def settle(self) -> None:
        """Lay the folder out as a user would."""
        self.plugins.mkdir(parents=True)
        (self.plugins / LESSON_FILE).write_text(lesson_plugin(mended=False), encoding="utf-8")
        file = self.root / "broadsheet.toml"
        file.write_text(self.server.settings, encoding="utf-8")
        self._say(
            "Five small newspapers, made up for this tour, are being served by this machine, at "
            f"{self.server.address} port {self.server.port}. No other computer is asked for anything."
        )
        self.settings = load_settings(file, {"data": str(self.folder.root)})

    def crawl(self) -> None:
        self._step(
            1,
            "Crawl them: what they send is kept as it came, in a WARC file, and then read",
            f"crawl {' '.join(_SITES)}",
        )
        registry = Registry.load([self.plugins], entry_points=False)
        jobs = [job_of_site(registry.get(name)) for name in _SITES]
        papers = {host: self.server.newsroom.papers[host].name for job in jobs for host in job.scope.hosts}
        began = time.monotonic()
        with Board(self.console, papers) as board:
            end = trio.run(
                lambda: crawl_jobs(
                    jobs, self.settings, (self.plugins,), board, limits=limits_of(self.settings), extractors=0
                )
            )
        if end.why:
            fail(f"{end.why}; the pages that had come are safe in {self.folder.root}", EXIT_INTERRUPTED)
        self._say(
            f"\n{board.pages.total()} pages in {time.monotonic() - began:.0f} seconds. The Gazette's robots.txt asks "
            f"for {self.server.newsroom.crawl_delay:g} seconds between two requests; by its server's log the shortest "
            f"pause was {self._shortest_pause('gazette.example'):.2f}."
        )

    def _shortest_pause(self, host: str) -> float:
        """Seconds between two requests to a host, at the least."""
        times = [hit.at for hit in self.server.hits_of(host)]
        return min((after - before for before, after in pairwise(times)), default=0.0)

    def _rows(self, site: str, limit: int = 0) -> list[Row]:
        """A site's articles in the index, newest first."""
        with closing(ArticleIndex.open(self.folder.articles_db)) as index:
            return list(index.list(Query(site=site, limit=limit)))

    def _newest(self) -> list[Article]:
        """The newest articles of each site."""
        urls = [row.url for name in _SITES for row in self._rows(name, _SHOWN)]
        with closing(ArticleIndex.open(self.folder.articles_db)) as index:
            return [entry.article for url in urls if (entry := index.get(url)) is not None]

    def articles(self) -> None:
        self._step(2, "Look at the articles", "articles list")
        table = _table(("published", 16), ("site", 12), ("authors", 26), ("title", 0))
        for article in self._newest():
            moment = str(article.published or "")[:16].replace("T", " ")
            table.add_row(moment, article.site, escape(", ".join(article.authors)), escape(article.title))
        self.console.print(table)
        count = sum(len(self._rows(name)) for name in _SITES)
        self._say(f"The {_SHOWN} newest of each; {count} articles in all.")

    def beside(self) -> None:
        row = min(self._rows(_COPIES), key=lambda row: (len(row.title), row.url))
        self._step(
            3,
            "See one page beside its article: a copy, among headlines of other stories",
            f"articles show {row.url}",
        )
        page = self._page(row.url)
        site = Registry.load([self.plugins], entry_points=False).for_url(page.url)
        table = _table(("what the page says", 0), ("what became of it", 36))
        for line in lines_beside(page, extract(page, site, why=True)):
            style = "dim" if line.became == LEFT_OUT else ""
            table.add_row(escape(line.text), escape(_became(line)), style=style)
        self.console.print(table)

    def _page(self, url: str) -> Page:
        """The page as the archive has it."""
        with closing(Store.open(self.folder.crawl_db, create=False)) as store:
            location = store.explain(url).captures[0].location
            return read_capture(store.file_path(location.file), location).page()

    def lesson(self) -> None:
        self._step(4, "Mend a rule, and let the archive be read again")
        before = self._authors()
        asked = len(self.server.hits_of(LESSON_HOST))
        without = sum(not authors for _, authors in before.values())
        self._say(
            f"{without} of The Lantern's {len(before)} articles have no author: the rule in plugins/{LESSON_FILE} "
            "finds nobody.\n"
        )
        self.console.print(f"   [red]- {escape(WRONG_RULE)}[/]\n   [green]+ {escape(MENDED_RULE)}[/]\n")
        (self.plugins / LESSON_FILE).write_text(lesson_plugin(mended=True), encoding="utf-8")
        self._command(f"replay --site {_LESSON}")
        registry = Registry.load([self.plugins], entry_points=False)
        pages = mark_outdated(self.folder, registry, Selection(site=_LESSON))
        trio.run(lambda: replay_pending(self.settings, (self.plugins,), lambda _: None, workers=0))
        after = self._authors()
        table = _table(("article", 0), ("authors before", 14), ("authors now", 32))
        for url, (title, now) in list(after.items())[:4]:
            table.add_row(escape(title), escape(before[url][1] or "–"), escape(now))
        self.console.print(table)
        mended = sum(now != before[url][1] for url, (_, now) in after.items())
        again = len(self.server.hits_of(LESSON_HOST)) - asked
        self._say(
            f"\n{pages} pages were read again from the archive and {mended} articles have their authors now. The "
            f"Lantern's server was asked for {again or 'none'} of them."
        )

    def _authors(self) -> dict[str, tuple[str, str]]:
        """Title and authors of the lesson's articles, by URL, newest first."""
        return {row.url: (row.title, ", ".join(row.authors)) for row in self._rows(_LESSON)}

    def where(self) -> None:
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

    def next_steps(self) -> None:
        self._step(6, "Try next: paste what you like, line by line")
        for why, line in self._lines(self._rows(_SITES[0], 1)[0].url):
            self.console.print(f"  [dim]{escape(why)}[/]")
            self.console.print(f"    [bold]{escape(line)}[/]", soft_wrap=True)  # whole, however long

    def _lines(self, newest: str) -> Iterator[tuple[str, str]]:
        run = shlex.quote(self.command)
        yield (
            "Into the folder: commands look for settings, plugins and data where you are",
            f"cd {shlex.quote(str(self.root))}",
        )
        yield "Find articles by their words", f"{run} articles search harbour storm"
        yield "Read one", f"{run} articles show {newest}"
        yield (
            "What is known of its URL: robots.txt, captures, when it is due again",
            f"{run} explain {newest}",
        )
        yield "Take all of them with you", f"{run} articles export --format csv --output articles.csv"
        yield "Prove the archive, record by record", f"{run} verify"
        yield (
            "Put the newsroom up again, in the background (`kill %1` ends it)",
            f"rm broadsheet.toml; {run} demo --serve --port {self.server.port} --settings broadsheet.toml &"
            " until [ -e broadsheet.toml ] || ! kill -0 $!; do sleep 1; done",
        )
        yield "Crawl the paper that answers badly on purpose; half a minute", f"{run} crawl moody"
        yield "How the crawl stands", f"{run} status"

    def _step(self, number: int, title: str, command: str = "") -> None:
        self.console.print(f"\n[bold cyan]{number}[/]  [bold]{escape(title)}[/]")
        if command:
            self._command(command)
        else:
            self.console.print()

    def _command(self, command: str) -> None:
        self.console.print(f"   [dim]$ broadsheet {escape(command)}[/]\n")

    def _say(self, text: str) -> None:
        self.console.print(text, markup=False)


def _table(*columns: tuple[str, int]) -> Table:
    """Columns of fixed widths; those of 0 share what is left."""
    table = Table(box=None, pad_edge=False, header_style="bold", expand=True)
    for name, width in columns:
        share = None if width else 1
        table.add_column(name, no_wrap=True, overflow="ellipsis", width=width or None, ratio=share)
    return table


def _became(line: Line) -> str:
    match line.became:
        case "related":
            return f"related: {line.value} headlines" if line.value else "related"
        case "tags" | "left out":
            return line.became
    name = line.became.replace("_", " ")
    return f"{name}: {line.value}" if line.value else name
