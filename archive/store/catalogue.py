"""The Catalogue: files and captures of crawl.db, for those who read, import, prove and mend. `Store` adds
the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from archive.capture import Filed, FileState, Location
from archive.store import captures, extractions, files, forgotten, integrity, stats, swaps, templates
from archive.store.connection import Database, Tx
from archive.store.hosts import HostIds
from archive.store.names import salt
from archive.store.schema import CRAWL
from archive.store.stats import Explained, Stats, UrlRow
from archive.store.swaps import Moved
from archive.store.templates import HostTemplate, Renewed
from archive.store.types import CaptureRow, Kind, Selection
from sites.url import host_key, key

__all__ = ["CatalogueStore"]

_MARK_CHUNK = 500


class CatalogueStore:
    """What needs no owner. The archive lies in `archive/` beside the database, unless `archive` says
    where."""

    def __init__(self, db: Database, archive: Path | None = None) -> None:
        self._db = db
        self._ids = HostIds()
        self._folder = db.path.parent.absolute()
        self._archive = archive or self._folder / "archive"

    @classmethod
    def open(
        cls, path: Path, *, create: bool = True, archive: Path | None = None, vfs: str | None = None
    ) -> Self:
        """The database at `path`, created if need be. ArchiveError: SQLite too old, a network file system,
        made by a newer version, no database of ours, or (without `create`) not there."""
        store = cls(Database(path, CRAWL, create=create, vfs=vfs), archive)
        try:
            swaps.finish(store._db, store._archive)
        except BaseException:
            store.close()
            raise
        return store

    def close(self) -> None:
        """Closing twice does no harm."""
        self._db.close()

    @contextmanager
    def _write(self, *, durable: bool = False, uncertain: bool = False) -> Iterator[Tx]:
        try:
            with self._db.write(durable=durable, uncertain=uncertain) as tx:
                yield tx
        except BaseException:
            self._ids.forget()  # ids made in a transaction that is not
            raise

    def copy_to(self, path: Path) -> None:
        """See Database.copy_to."""
        self._db.copy_to(path)

    # --- files

    def own_files(self) -> list[FileState]:
        """The archive's own files, oldest first; imported ones are not among them."""
        with self._db.read() as tx:
            return files.own(tx)

    def file_names(self) -> list[str]:
        """All files that captures may lie in, ours and imported ones, in the order of their coming."""
        with self._db.read() as tx:
            return [stem for (stem,) in tx.execute("SELECT stem FROM files ORDER BY id")]

    def register_file(self, file: str, committed: int, now: int) -> None:
        """A new file of ours, whose first `committed` bytes (its warcinfo record) are durable. ArchiveError
        when the name is known."""
        with self._write(durable=True) as tx:
            files.register(tx, file, committed, now)

    def seal_file(self, file: str, committed: int) -> None:
        """No more will come."""
        with self._write(durable=True) as tx:
            files.seal(tx, file, committed)

    def file_path(self, file: str) -> Path:
        """Where a file lies; one of ours may still have `.open` behind it. ArchiveError when unknown."""
        with self._db.read() as tx:
            return files.path_of(tx, file, self._archive)

    def imported_files(self) -> list[str]:
        """The paths of files of others, which lie where they lay when they were imported."""
        with self._db.read() as tx:
            return [
                path for (path,) in tx.execute("SELECT path FROM files WHERE path IS NOT NULL ORDER BY id")
            ]

    def add_file(self, path: Path, now: int) -> str:
        """The name under which an imported file (absolute path) is known, the same each time."""
        with self._write(durable=True) as tx:
            return files.add(tx, path, now)

    def add_captures(
        self, file: str, entries: Sequence[Filed], now: int, *, committed: int | None = None
    ) -> int:
        """Enter captures found in a file; how many were new (a place is entered once). Their URLs, when
        unknown, are DONE; good answers with text wait for extraction. `committed` moves the length of a
        file of ours with them.
        """
        with self._write(durable=True) as tx:
            if committed is not None:
                files.advance(tx, file, committed)
            return captures.add_filed(tx, self._ids, file, entries, now)

    def drop_captures(self, file: str, length: int) -> int:
        """Take out captures that end behind `length`, which the file has lost; how many. Their URLs are
        due."""
        with self._write(durable=True) as tx:
            return captures.drop_behind(tx, file, length)

    # --- captures

    def captures_in(self, file: str) -> Iterator[Filed]:
        """The captures of a file, by offset; a thousand in memory at a time."""
        yield from captures.of_file(self._db.conn, file)

    def captures_of(self, url: str, limit: int = 1_000) -> list[CaptureRow]:
        """The captures of a URL (ada href, fetched as a page, sitemap or feed), newest first."""
        with self._db.read() as tx:
            host_id = self._ids.get(tx, host_key(url))
            return captures.of_url(tx, (host_id, key(url)), limit) if host_id is not None else []

    def select_captures(
        self, wanted: Selection | None = None, *, extracted: bool = False
    ) -> Iterator[CaptureRow]:
        """Captures by id, a thousand in memory at a time; `extracted`: only those meant for extraction."""
        yield from captures.select(self._db.conn, wanted or Selection(), extracted=extracted)

    def outdated(
        self, wanted: Selection | None = None, current: Callable[[CaptureRow], str] | None = None
    ) -> Iterator[CaptureRow]:
        """What a replay would read again: captures that have a result by other rules than today's. `current`
        tells the fingerprint of today's rules for a capture; without it all are outdated (`--force`)."""
        for row in captures.select(self._db.conn, wanted or Selection(), extracted=True):
            if current is None or row.extraction != "done" or row.fingerprint != current(row):
                yield row

    def mark_for_replay(
        self, wanted: Selection | None = None, current: Callable[[CaptureRow], str] | None = None
    ) -> int:
        """Have what is `outdated` read again; how many. Those that an unfinished crawl still waits for stay
        with that crawl. They are claimed with `run_ids=None`."""
        marked = 0
        group: list[int] = []
        for row in self.outdated(wanted, current):
            group.append(row.capture_id)
            if len(group) >= _MARK_CHUNK:
                marked += self._mark(group)
                group.clear()
        return marked + (self._mark(group) if group else 0)

    def _mark(self, group: list[int]) -> int:
        with self._write() as tx:
            return extractions.again(tx, group)

    # --- templates

    def template(self, host: str) -> HostTemplate | None:
        """What the host's pages taught, None when nothing was learnt of it yet."""
        with self._db.read() as tx:
            host_id = self._ids.get(tx, host)
            return templates.get(tx, host_id) if host_id is not None else None

    def template_versions(self) -> dict[str, str]:
        """The version of every host's template, by host key."""
        with self._db.read() as tx:
            return templates.versions(tx)

    def lessons(self, host: str, count: int) -> list[tuple[int, Location]]:
        """The host's first `count` article pages, by date and id, and where they lie; fewer while there are fewer."""
        with self._db.read() as tx:
            host_id = self._ids.get(tx, host)
            return templates.lessons(tx, host_id, count) if host_id is not None else []

    def put_template(
        self, host: str, template: HostTemplate, run_ids: Sequence[int], unchanged: Sequence[Renewed] = ()
    ) -> int:
        """Keep what a host taught; how many captures of these runs are to be read again by it. The results of those
        that it leaves `unchanged` are renewed."""
        with self._write() as tx:
            return templates.put(tx, self._ids.make(tx, host), template, run_ids, unchanged)

    # --- taking down

    def forget(self, urls: Iterable[str], reason: str, now: int) -> None:
        """From now on these URLs (ada hrefs) are not queued, leased, read or listed. Their records are in the
        files still: see `archive.takedown`."""
        with self._write(durable=True) as tx:
            for url in urls:
                forgotten.mark(tx, self._ids, url, reason, now)

    def pending_forgotten(self) -> list[str]:
        """Forgotten URLs whose records may still be in files."""
        with self._db.read() as tx:
            return forgotten.pending(tx)

    def open_marks(self) -> int:
        """How many forgotten URLs may still have left a trace anywhere."""
        with self._db.read() as tx:
            return forgotten.open_marks(tx)

    def holders(self) -> list[tuple[str, int]]:
        """Imported files with the number of their records of pending forgotten URLs."""
        with self._db.read() as tx:
            return list(forgotten.holders(tx))

    def swap_file(self, old: str, new: str, size: int, moved: Sequence[Moved]) -> None:
        """Replace a file of ours by another (`new` + REWRITTEN in the archive folder, durable; "" for none)."""
        with self._write(durable=True) as tx:
            swaps.swap(tx, old, new, size, moved)
        swaps.finish(self._db, self._archive)

    def swapping(self) -> frozenset[str]:
        """The files that are being replaced or replace another just now."""
        with self._db.read() as tx:
            return frozenset(name for row in tx.execute("SELECT old, new FROM swaps") for name in row)

    def erase_forgotten(self) -> bool:
        """Take all rows of pending URLs out and write the database anew; False while another process reads it,
        so that traces may be left: then again later."""
        with self._write(durable=True) as tx:
            forgotten.erase(tx)
        if not self._db.compact():
            return False
        with self._write(durable=True) as tx:
            forgotten.finished(tx)
        return True

    # --- for people

    def stats(self, now: int, most: int | None = None) -> Stats:
        """The store in numbers. Reads every URL's state, seconds when there are tens of millions; with `most` not
        if there are as many or more."""
        with self._db.read() as tx:
            return stats.stats(tx, now, most)

    def explain(self, url: str) -> Explained:
        """All that is known of a URL (ada href)."""
        with self._db.read() as tx:
            return stats.explain(tx, url)

    def url(self, url: str, kind: Kind = Kind.PAGE, robots_for: str = "") -> UrlRow | None:
        """A URL's row; None when never heard of. Robots rows are known by their kind and origin."""
        with self._db.read() as tx:
            return stats.url_row(tx, url, salt(kind, robots_for))

    def problems(self, *, pages: bool = True) -> list[str]:
        """What does not hold in the database, in words; nothing when all is well. `pages`: SQLite checks
        its own pages, too, which reads all of them."""
        with self._db.read() as tx:
            return list(integrity.problems(tx, pages=pages))
