"""A small archive with one page that has to go: revisited, aliased, redirected to, linked from, passed through."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import msgspec
import zstandard

from archive.capture import Capture
from archive.index import ArticleIndex, IndexEntry
from archive.reader.records import promising
from archive.reader.stretches import stretches
from archive.reader.windows import File
from archive.recorder import Recorder
from archive.store import Store
from archive.store.types import HostState, Settlement, Stored, Target
from archive.takedown import Erasure, all_names, erase, forget
from archive.warc import Disk
from sites.article import Article, TextLink, encode_article
from tests.archive_kit import CLOCK, INFO, html

__all__ = [
    "ALIAS", "CHILD", "FRONT", "GONE", "OTHER", "SHORT", "URL", "WORD", "build", "opened", "take_down", "traces",
]  # fmt: skip

FRONT, URL, ALIAS = (
    "http://a.example/",
    "http://a.example/secret-story",
    "http://a.example/secret-story?print",
)
SHORT, CHILD, OTHER = "http://a.example/s/1", "http://a.example/child", "http://a.example/other"
GONE = (URL, ALIAS, SHORT)
WORD = "quokka"
_HOUR = 3_600_000_000
_BODIES = {
    FRONT: b"<a href=/other>other</a>",
    URL: b"<h1>The %b</h1>" % WORD.encode(),
    ALIAS: b"<h1>The %b</h1> printed" % WORD.encode(),
    CHILD: b"<p>a child of the story",
    OTHER: b"<p>other words",
}
_WAYS = (
    Target(url=FRONT, host="a.example"),
    Target(url=SHORT, host="a.example", via=FRONT, hops="L"),
    Target(url=URL, host="a.example", via=SHORT, hops="LR"),
    Target(url=ALIAS, host="a.example", via=URL, hops="LRL"),
    Target(url=CHILD, host="a.example", via=URL, hops="LRL"),
    Target(url=OTHER, host="a.example", via=FRONT, hops="L"),
)


def _capture(target: Target) -> Capture:
    made = html(_BODIES.get(target.url, b""), url=target.url)
    if target.url == SHORT:
        head = b"HTTP/1.1 301 Moved\r\nLocation: /secret-story\r\nContent-Length: 0\r\n\r\n"
        made = msgspec.structs.replace(made, response=head)
    return msgspec.structs.replace(made, via=target.via, hops=target.hops)


def _article(url: str) -> bytes:
    if url in (URL, ALIAS):
        title = f"The {WORD}"
        return encode_article(
            Article(url=url, canonical_url=URL, title=title, text=f"all of {title}", authors=(WORD,))
        )
    see = TextLink(url=URL, text="see")
    return encode_article(
        Article(
            url=OTHER,
            title="Other",
            text="other words see",
            markdown=f"other words [see]({URL})",
            links=(see,),
        )
    )


@contextmanager
def opened(folder: Path, token: str) -> Iterator[tuple[Store, ArticleIndex]]:
    with (
        closing(Store.open(folder / "crawl.db")) as store,
        closing(ArticleIndex.open(folder / "articles.db")) as index,
    ):
        store.register_owner(token, os.getpid(), Path(f"{token}.lock"), CLOCK)
        yield store, index


def build(folder: Path) -> None:
    """Two runs over all pages, in several files, the last one not sealed; articles in the index."""
    folder.mkdir(exist_ok=True)
    with opened(folder, "crawl") as (store, index):
        recorder = Recorder(store, folder / "archive", INFO, 6_000, clock=lambda: CLOCK, token="crawl")
        recorder.start()
        for number in range(2):
            now = CLOCK + number * 24 * _HOUR
            run = store.begin_run("job", b"{}", now)
            store.enqueue(run.id, _WAYS, now)
            for step in range(len(_WAYS)):
                moment = now + step * _HOUR
                (lease,) = store.lease([run.id], moment, 1, 1)
                capture = msgspec.structs.replace(_capture(lease.target), fetched_at=moment)
                done = Stored(next_due=moment, status=capture.status)
                host = HostState(next_at=0)
                recorder.record(
                    [Settlement(lease=lease, outcome=done, host=host, capture=capture, now=moment)]
                )
            store.finish_run(run.id, now)
        recorder.close()
        for row in store.select_captures():
            if row.url in (URL, ALIAS, OTHER):
                entry = IndexEntry(
                    capture_id=row.capture_id, record_id=row.record_id, fetched_at=row.fetched_at, url=row.url,
                    fingerprint="f", page_type="article", article=_article(row.url),
                )  # fmt: skip
                index.put([entry])
        store.release_owner(CLOCK)


def take_down(folder: Path, token: str, disk: Disk | None = None, *, resume: bool = False) -> Erasure:
    """As the command does it; `resume`: as the command without a URL."""
    with opened(folder, token) as (store, index):
        names = [] if resume else all_names(store, index, [URL])
        forget(store, index, names, "asked for", CLOCK)
        done = erase(store, index, folder, now=CLOCK, token=token, disk=disk)
        store.release_owner(CLOCK)
    return done


def traces(folder: Path) -> set[str]:
    """The files that still hold one of the URLs or the word, in whatever way: raw, unpacked, in a blob."""
    needles = [text.encode() for text in (*GONE, "secret-story", "/s/1", WORD)]
    return {
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and any(needle in layer for layer in _layers(path) for needle in needles)
    }


def _layers(path: Path) -> Iterator[bytes]:
    data = path.read_bytes()
    yield data
    if ".warc" in path.name:
        with path.open("rb") as file:
            for stretch in stretches(File(file, 0, len(data)), 0, promising):
                yield stretch.plain.read(0, stretch.plain.size)
    at = 0
    while (at := data.find(b"\x28\xb5\x2f\xfd", at)) >= 0:  # articles in articles.db are zstd frames
        try:
            yield zstandard.ZstdDecompressor().decompressobj().decompress(data[at:])
        except zstandard.ZstdError:
            yield b""
        at += 1
