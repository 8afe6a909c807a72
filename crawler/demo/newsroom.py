"""The demo's small web: seven papers on seven hosts, written from one seed.

    gazette     the tidy daily                 minato        a weekly in Japanese
    observer    the untidy one                 lantern       one that no plugin describes yet
    brightledger  the hub that copies them     moody         every way to answer badly
    labyrinth   a trap
Everything here is pure: `build_newsroom(1)` gives the same bytes on every machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from crawler.demo.paper import Facts, Paper
from crawler.demo.papers.gazette import Gazette
from crawler.demo.papers.hub import Hub
from crawler.demo.papers.labyrinth import Labyrinth
from crawler.demo.papers.lantern import Lantern
from crawler.demo.papers.minato import Minato
from crawler.demo.papers.moody import Moody
from crawler.demo.papers.observer import Observer
from crawler.demo.wire import Reply, Request, html

__all__ = ["TODAY", "Newsroom", "build_newsroom"]

TODAY = date(2026, 9, 14)


class Newsroom:
    """`papers` by host. `truth` has the facts of each article by URL, `copies` the hub's originals, `crawl_delay`
    is what the Gazette asks for, in seconds."""

    def __init__(
        self, papers: tuple[Paper, ...], copies: Mapping[str, str], moody: Moody, crawl_delay: float
    ) -> None:
        self.papers: Mapping[str, Paper] = MappingProxyType({paper.host: paper for paper in papers})
        self.truth: Mapping[str, Facts] = MappingProxyType(
            {url: facts for paper in papers for url, facts in paper.truth.items()}
        )
        self.copies = copies
        self.moods = moody.moods
        self.crawl_delay = crawl_delay

    @property
    def hosts(self) -> tuple[str, ...]:
        return tuple(self.papers)

    def handle(self, request: Request) -> Reply:
        """The reply of the paper that the request's host belongs to; 421 for another host."""
        paper = self.papers.get(request.host)
        if paper is None:
            known = " ".join(f"http://{host}/" for host in self.papers)
            return html(f"<h1>No such paper</h1><p>This server prints {known}</p>", 421)
        return paper.handle(request)

    def __repr__(self) -> str:
        return f"<Newsroom {len(self.papers)} hosts, {len(self.truth)} articles>"


def build_newsroom(
    seed: int = 1,
    *,
    today: date = TODAY,
    layouts: Mapping[str, str] = MappingProxyType({}),
    extra: Mapping[str, int] = MappingProxyType({}),
    crawl_delay: float = 0.2,
) -> Newsroom:
    """The newsroom of this seed, on this day.

    `layouts` dresses a host differently: {"gazette.example": "2019"} is how the Gazette looked before it was
    rebuilt, {"observer.example": "next"} a redesign that its plugin does not know. `extra` adds that many
    newer articles to a host (gazette, observer, minato, lantern); the texts of the others stay as they are.
    `crawl_delay` is what the Gazette's robots.txt asks for, in seconds.
    """
    more = {
        host: extra.get(host, 0)
        for host in ("gazette.example", "observer.example", "minato.example", "lantern.example")
    }
    gazette = Gazette(
        seed,
        today,
        layout=layouts.get("gazette.example", ""),
        extra=more["gazette.example"],
        crawl_delay=crawl_delay,
    )
    observer = Observer(
        seed, today, layout=layouts.get("observer.example", ""), extra=more["observer.example"]
    )
    minato = Minato(seed, today, extra=more["minato.example"])
    lantern = Lantern(seed, today, extra=more["lantern.example"])
    settled = slice(more["gazette.example"], None), slice(more["observer.example"], None)
    sources = [
        *zip(list(gazette.truth)[settled[0]], gazette.stories[settled[0]], strict=True),
        *zip(list(observer.truth)[settled[1]], observer.stories[settled[1]], strict=True),
    ]
    hub, moody = Hub(seed, today, sources), Moody(seed, today)
    papers = (gazette, observer, minato, hub, lantern, moody, Labyrinth(seed, today))
    return Newsroom(papers, MappingProxyType(hub.copies), moody, crawl_delay)
