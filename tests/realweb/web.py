"""The site: which real page lies where, what links to it, and whether a good crawler may have it."""

from __future__ import annotations

import gzip
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random

import msgspec

from tests.corpus import corpus_path
from tests.realweb.dress import dress, follows, wearable
from tests.realweb.graph import link_up
from tests.realweb.nginx import Hit, free_port, read_log, run_nginx

__all__ = ["RealWeb"]

_ROBOTS = b"User-agent: *\nDisallow: /private/\n"
_MODIFIED = 1_780_000_000  # every file's time, so that Last-Modified and ETag follow from the seed
_PRIVATE, _BEHIND, _OUTSIDE = 2, 1, 3  # pages a host disallows, has behind those alone; pages outside


class _Source(msgspec.Struct, frozen=True):
    """A corpus page: `copy` 0 is the page itself, others are it with one more paragraph."""

    folder: Path
    copy: int = 0

    @property
    def slug(self) -> str:
        name = re.sub(r"[^a-z0-9]+", "-", f"{self.folder.parent.name}-{self.folder.name}".lower()).strip("-")
        return f"{name}-{self.copy + 1}" if self.copy else name

    def html(self) -> bytes:
        return gzip.decompress((self.folder / "page.html.gz").read_bytes())

    def url(self) -> str:
        return str(msgspec.json.decode((self.folder / "expected.json").read_bytes())["url"])

    def dressed(self, links: Sequence[str]) -> bytes:
        return dress(self.html(), self.url(), links, f"Edition {self.copy + 1}." if self.copy else "")


class RealWeb(msgspec.Struct, frozen=True, kw_only=True):
    """A built site. `expected_urls` is what a crawl of `seeds` must capture once (robots.txt aside);
    `forbidden_urls` exist and answer, but are disallowed, reachable through disallowed pages alone, or on a
    host outside the seeds'. `cases` names the corpus case ("dataset/case") behind each expected page.
    """

    directory: Path
    port: int
    hosts: tuple[str, ...]
    outside: str
    seeds: tuple[str, ...]
    expected_urls: frozenset[str]
    forbidden_urls: frozenset[str]
    cases: dict[str, str]

    @classmethod
    def build(
        cls, directory: Path, pages: int = 400, hosts: int = 10, seed: int = 1, port: int = 0
    ) -> RealWeb:
        """Write the site below `directory`: the same files for the same arguments and corpus.

        `pages` real pages are reachable, besides one front page a host. `port` 0 picks a free one.
        Skips the calling test when the corpus is missing.
        """
        rng = Random(f"realweb {seed}")
        net = f"127.{rng.randint(1, 250)}.{rng.randint(0, 250)}"
        addresses = tuple(f"{net}.{i + 1}" for i in range(hosts))
        outside = f"{net}.{hosts + 1}"
        port = port or free_port((*addresses, outside))
        sources = _pick(rng, pages + hosts * (_PRIVATE + _BEHIND) + _OUTSIDE)
        build = _Build(directory, port, rng)
        elsewhere = [build.put(outside, "news", source, []) for source in sources[:_OUTSIDE]]
        rest = sources[_OUTSIDE:]
        for number, address in enumerate(addresses):
            build.host(address, rest[number::hosts], elsewhere)
        web = cls(
            directory=directory.resolve(),
            port=port,
            hosts=addresses,
            outside=outside,
            seeds=tuple(f"http://{address}:{port}/" for address in addresses),
            expected_urls=frozenset(build.expected),
            forbidden_urls=frozenset({*build.forbidden, *elsewhere}),
            cases=build.cases,
        )
        (directory / "manifest.json").write_bytes(
            msgspec.json.format(msgspec.json.encode(web, enc_hook=str, order="sorted"))
        )
        return web

    @contextmanager
    def serve(self) -> Iterator[str]:
        """nginx, while the block runs; yields the first seed. Raises RuntimeError when nginx cannot run."""
        with run_nginx(self.directory, (*self.hosts, self.outside), self.port):
            yield self.seeds[0]

    def access_log(self) -> list[Hit]:
        """What was asked for since `serve` began, in the order of the answers."""
        return read_log(self.directory)

    def url_of(self, hit: Hit) -> str:
        return f"http://{hit.host}:{self.port}{hit.path}"


def _pick(rng: Random, count: int) -> list[_Source]:
    """`count` pages in random order, each corpus page once before any comes again."""
    folders = sorted(path.parent for path in corpus_path("extraction").glob("*/*/page.html.gz"))
    rng.shuffle(folders)
    usable: list[_Source] = []
    for folder in folders:
        source = _Source(folder)
        if len(usable) < count and wearable(source.html(), source.url()):
            usable.append(source)
    return [_Source(usable[i % len(usable)].folder, i // len(usable)) for i in range(count)]


class _Build:
    """Writes hosts one by one and remembers what a crawl must and must not find."""

    def __init__(self, directory: Path, port: int, rng: Random) -> None:
        self._root, self._port, self._rng = directory / "hosts", port, rng
        self.expected: set[str] = set()
        self.forbidden: set[str] = set()
        self.cases: dict[str, str] = {}

    def host(self, address: str, sources: Sequence[_Source], elsewhere: Sequence[str]) -> None:
        private, behind = sources[:_PRIVATE], sources[_PRIVATE : _PRIVATE + _BEHIND]
        public = sorted(sources[_PRIVATE + _BEHIND :], key=lambda source: not follows(source.html()))
        tail = public[1:]
        self._rng.shuffle(tail)  # only the first page has to lead on
        public[1:] = tail
        hidden = [self._url(address, "news", source) for source in behind]
        barred = [self._url(address, "private", source) for source in private]
        for source in behind:
            self.put(address, "news", source, [])
        for source in private:
            self.put(address, "private", source, hidden)
        self.forbidden.update(hidden, barred)
        urls = [self._url(address, "news", source) for source in public]
        leaves = [not follows(source.html()) for source in public]
        listed, links = link_up(leaves, self._rng)
        front = f"http://{address}:{self._port}/"
        for source, url, targets, leaf in zip(public, urls, links, leaves, strict=True):
            onward = [urls[i] for i in targets]
            extra = [front, f"{url}#comments", self._rng.choice(barred), self._rng.choice(elsewhere)]
            self.put(address, "news", source, [] if leaf else onward + extra)
            self.cases[url] = f"{source.folder.parent.name}/{source.folder.name}"
        index = dress(_FRONT, front, [*(urls[i] for i in listed), *barred, *elsewhere])
        self._write(self._root / address / "index.html.gz", gzip.compress(index, 6, mtime=0))
        self._write(self._root / address / "robots.txt", _ROBOTS)
        self.expected.update(urls, [front])

    def put(self, address: str, section: str, source: _Source, links: Sequence[str]) -> str:
        path = self._root / address / section / f"{source.slug}.html.gz"
        self._write(path, gzip.compress(source.dressed(links), 6, mtime=0))
        return self._url(address, section, source)

    def _url(self, address: str, section: str, source: _Source) -> str:
        return f"http://{address}:{self._port}/{section}/{source.slug}.html"

    def _write(self, path: Path, data: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        os.utime(path, (_MODIFIED, _MODIFIED))


_FRONT = b"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Front page</title></head>
<body><h1>Front page</h1></body></html>"""
