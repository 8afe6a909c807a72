"""crawl.db and articles.db when SQLite's disk fails, is full, or the process or the power goes, at every call.

A life is: open both, enqueue, then lease, commit, claim, index and finish until nothing is left. What was acknowledged
must be there afterwards, nothing twice, every invariant of the tables must hold, and the next process must finish.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import apsw
import msgspec
import pytest

from archive.capture import Capture, FileState, Location, RecordIds, Written
from archive.errors import ArchiveError, DiskFull
from archive.index import ArticleIndex, IndexEntry, Query
from archive.store import Store
from archive.store.types import ExtractionDone, HostState, Lease, Run, Settlement, State, Stored
from sites.article import Article, encode_article
from tests.archive_store_kit import HOLD, SECOND, START, quick_folder, target
from tests.faulty_vfs import Fault, FaultyVfs, copied

URLS = [f"https://{host}.example/{n}" for host in "ab" for n in range(2)]
FILE = "life.warc.gz"


class Told(msgspec.Struct):
    """What a life was told is done: URLs whose commit came back, record ids that the index took, runs that ended."""

    commits: list[str] = []
    articles: list[str] = []
    ended: bool = False


def patiently(fn: Callable[..., object], *args: object) -> object:
    """As the crawl does: what found no room may be done again, as it stands."""
    for _ in range(3):
        try:
            return fn(*args)
        except DiskFull:
            continue
    return fn(*args)


def live(folder: Path, told: Told, name: str, vfs: str | None = None, now: int = START) -> None:
    """One process: takes over what a dead one left, and goes on until nothing is left or the disk fails."""
    with ExitStack() as stack:
        store = stack.enter_context(closing(Store.open(folder / "crawl.db", vfs=vfs)))
        index = stack.enter_context(closing(ArticleIndex.open(folder / "articles.db", vfs=vfs)))
        _live(store, index, told, name, now)


def _live(store: Store, index: ArticleIndex, told: Told, name: str, now: int) -> None:
    def do(fn: Callable[..., object], *args: object) -> object:
        return patiently(fn, *args)

    do(store.register_owner, name, 1, Path(f"{name}.lock"), now)
    do(store.release_dead, now)
    run = do(store.begin_run, "job", b"{}", now)
    assert isinstance(run, Run)
    do(store.enqueue, run.id, [target(url) for url in URLS], now)
    file = f"{name}-{FILE}"
    do(store.register_file, file, 0, now)
    length, last = 0, now + 100 * HOLD
    while True:
        now += HOLD
        leases = do(store.lease, [run.id], now, 2, HOLD)
        assert isinstance(leases, list)
        group = [_settled(lease, file, length + 100 * n, now) for n, lease in enumerate(leases)]
        length += 100 * len(group)
        if group:
            do(store.commit, group, FileState(file=file, committed=length), now)
            told.commits += [lease.target.url for lease in leases]
        claims = do(store.claim_extractions, 2, now, [run.id])
        assert isinstance(claims, list)
        do(index.put, [_entry(claim.capture_id, claim.record_id, claim.url) for claim in claims])
        told.articles += [claim.record_id for claim in claims]
        do(
            store.finish_extractions,
            [ExtractionDone(capture_id=c.capture_id, fingerprint="f", outcome="ok", now=now) for c in claims],
        )
        if not leases and not claims and store.outstanding([run.id], now).nothing:
            break
        assert now < last, "it never ends"
    do(store.finish_run, run.id, now)
    told.ended = True
    do(store.release_owner, now)


def _settled(lease: Lease, file: str, offset: int, now: int) -> tuple[Settlement, Written]:
    url = lease.target.url
    written = Written(
        location=Location(file, offset, 100),
        response_length=60,
        record_ids=RecordIds(response=f"urn:{file}:{offset}"),
        payload_digest="sha1:A",
        status=200,
        media_type="text/html",
        complete=True,
    )
    settlement = Settlement(
        lease=lease,
        outcome=Stored(next_due=now + 10**15),
        host=HostState(next_at=now + SECOND),
        capture=Capture(url=url, fetched_at=now),
        now=now,
    )
    return settlement, written


def _entry(capture_id: int, record_id: str, url: str) -> IndexEntry:
    article = Article(url=url, title="The harbour opens", text="Words of the harbour " * 20)
    return IndexEntry(
        capture_id=capture_id, record_id=record_id, fetched_at=START, url=url, fingerprint="f", outcome="ok",
        page_type="article", article=encode_article(article),
    )  # fmt: skip


def prove(folder: Path, told: Told, *, lasting: bool = True) -> None:
    """The next process, on a good disk, finds what was told and nothing twice, and finishes. `lasting`: a finished
    run is remembered, too (a power cut may forget that: it is not synced)."""
    now = START + 200 * HOLD
    rest = Told()
    live(folder, rest, f"next{len(told.commits)}", now=now)
    assert rest.ended
    store = Store.open(folder / "crawl.db")
    rows = list(store.select_captures())
    assert store.problems() == []
    assert sorted(row.url for row in rows) == URLS, "each page once, whatever happened"
    assert not set(told.commits) & set(rest.commits), "what was told is committed was fetched again"
    for url in URLS:
        found = store.url(url)
        assert found is not None and found.state == State.DONE
    store.close()
    index = ArticleIndex.open(folder / "articles.db")
    assert sorted(row.url for row in index.list(Query())) == URLS
    assert all(index.has(record_id, "f") for record_id in told.articles)
    assert [row.url for row in index.search("harbour")]
    index.close()
    for name in ("crawl.db", "articles.db"):
        conn = apsw.Connection(str(folder / name))
        assert conn.pragma("integrity_check") == "ok"
        conn.close()
    if lasting and told.ended:
        assert not rest.commits


# Exceptions of a file system written in Python cannot always be raised to its caller (in a rollback, at a close).
pytestmark = [
    pytest.mark.check,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture
def vfs() -> Iterator[FaultyVfs]:
    with FaultyVfs("faulty") as vfs:
        yield vfs


def begun(folder: Path, *, empty: bool) -> Path:
    """A data folder to live in; unless `empty`, with both databases there already."""
    folder.mkdir()
    if not empty:
        Store.open(folder / "crawl.db").close()
        ArticleIndex.open(folder / "articles.db").close()
    return folder


@pytest.mark.parametrize(
    ("fault", "forever", "empty"),
    [
        ("EIO", False, True),
        ("EIO", True, False),
        ("full", False, False),
        ("full", True, False),
        ("unreadable", False, False),
        ("unreadable", True, False),
    ],
)
def test_a_call_fails(vfs: FaultyVfs, fault: Fault, forever: bool, empty: bool) -> None:
    with quick_folder() as root:
        vfs.arm(0, fault)
        live(begun(root / "good", empty=empty), Told(), "first", "faulty")
        calls = vfs.count
        assert calls > (30 if fault == "unreadable" else 150)
        for nth in range(1, calls + 1):
            folder, told = begun(root / str(nth), empty=empty), Told()
            vfs.arm(nth, fault, forever=forever)
            try:
                live(folder, told, "first", "faulty")
            except ArchiveError:
                assert fault != "full" or forever or told.ended, "a full disk passes: it must have gone on"
            vfs.arm(0, fault)
            prove(folder, told)


@pytest.mark.parametrize("power", [False, True], ids=["kill", "power cut"])
def test_the_process_dies(vfs: FaultyVfs, power: bool) -> None:
    with quick_folder() as root:
        folder, told = begun(root / "life", empty=False), Told()
        for name in ("crawl.db", "articles.db"):
            vfs.keep(folder / name)
        pictures: list[tuple[Path, Told]] = []

        def picture() -> None:
            into = root / str(len(pictures))
            if power:
                vfs.power_cut(folder, into)
            else:
                copied(folder, into)
            pictures.append((into, Told(list(told.commits), list(told.articles), told.ended)))

        vfs.watch(picture)
        live(folder, told, "first", "faulty")
        vfs.watch(None)
        assert len(told.commits) == len(URLS) and len(pictures) > 150
        for into, then in pictures:
            prove(into, then, lasting=not power)
