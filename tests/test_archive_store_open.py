"""Opening a database: what is refused, what is migrated; and a disk that fails at COMMIT."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest

from archive.errors import ArchiveError
from archive.index import ArticleIndex
from archive.store import CommitUncertain, DatabaseFull, Store
from archive.store.connection import Database, Schema, _check_library
from archive.store.mounts import file_system, refuse_network
from archive.store.schema import CRAWL
from archive.store.types import State, Stored
from tests.archive_store_kit import HOLD, START, Desk

MOUNTS = r"""
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/root rw
30 22 0:40 / /home/me/share\040d rw - nfs4 server:/x rw
31 30 0:41 / /home/me/share\040d/local rw - xfs /dev/sdb rw
32 22 0:42 / /mnt/s rw shared:2 master:1 - fuse.sshfs host: rw
33 22 0:43 / /mnt/s rw - tmpfs tmpfs rw
nonsense
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/me/data/crawl.db", "ext4"),
        ("/home/me/share d/crawl.db", "nfs4"),
        ("/home/me/share d/local/crawl.db", "xfs"),
        ("/home/me/share d2/crawl.db", "ext4"),
        ("/mnt/s/crawl.db", "tmpfs"),
    ],
)
def test_the_file_system_of_a_path(path: str, kind: str) -> None:
    assert file_system(Path(path), MOUNTS) == kind


def test_network_file_systems_are_refused(tmp_path: Path) -> None:
    mounts = f"22 1 8:1 / / rw - ext4 x rw\n23 22 0:1 / {tmp_path.resolve()} rw - nfs4 server:/x rw"
    with pytest.raises(ArchiveError, match=r"network file system \(nfs4\).*choose a folder on a local disk"):
        refuse_network(tmp_path / "crawl.db", mounts)
    refuse_network(Path("/elsewhere/crawl.db"), mounts)


def test_an_old_sqlite_is_refused() -> None:
    with pytest.raises(ArchiveError, match=r"SQLite 3\.40\.1 can lose commits.*3\.51\.3"):
        _check_library("3.40.1")
    _check_library("3.51.3")
    _check_library("3.100.0")


def test_newer_foreign_missing_and_damaged_databases_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "crawl.db"
    with pytest.raises(ArchiveError, match="no such database"):
        Store.open(path, create=False)
    Store.open(path).close()
    conn = apsw.Connection(str(path))
    conn.pragma("user_version", 99)
    conn.close()
    with pytest.raises(ArchiveError, match="newer Broadsheet"):
        Store.open(path)
    ArticleIndex.open(tmp_path / "articles.db").close()
    with pytest.raises(ArchiveError, match="no crawl database"):
        Store.open(tmp_path / "articles.db")
    (tmp_path / "text.db").write_text("no database at all " * 100)
    with pytest.raises(ArchiveError, match="damaged"):
        Store.open(tmp_path / "text.db")
    other = apsw.Connection(str(tmp_path / "other.db"))
    other.execute("CREATE TABLE t(x)")
    other.close()
    with pytest.raises(ArchiveError, match="no article database"):
        ArticleIndex.open(tmp_path / "other.db")


def test_an_older_format_is_migrated_after_a_backup(tmp_path: Path) -> None:
    first = Schema(
        name="toy", application_id=7, steps=("CREATE TABLE t(x); INSERT INTO t VALUES(1)",), remedy=""
    )
    second = Schema(name="toy", application_id=7, steps=(*first.steps, "UPDATE t SET x = x + 1"), remedy="")
    path = tmp_path / "toy.db"
    Database(path, first).close()
    for _ in range(2):
        db = Database(path, second)
        with db.read() as tx:
            assert tx.execute("SELECT x FROM t").get == 2
        db.close()
    (backup,) = tmp_path.glob("*.bak")
    db = Database(backup, first)
    with db.read() as tx:
        assert tx.execute("SELECT x FROM t").get == 1
    db.close()


def test_a_failed_migration_changes_nothing(tmp_path: Path) -> None:
    first = Schema(name="toy", application_id=7, steps=("CREATE TABLE t(x)",), remedy="")
    path = tmp_path / "toy.db"
    Database(path, first).close()
    broken = Schema(
        name="toy", application_id=7, steps=(*first.steps, "CREATE TABLE u(x); SELECT nonsense"), remedy=""
    )
    with pytest.raises(ArchiveError, match="nonsense"):
        Database(path, broken)
    Database(path, first).close()


class FaultyFile(apsw.VFSFile):
    def __init__(self, vfs: FaultyVfs, name: str | apsw.URIFilename | None, flags: list[int]) -> None:
        super().__init__("", name, flags)
        self._vfs, self._wal = vfs, bool(flags[0] & apsw.SQLITE_OPEN_WAL)

    def xSync(self, flags: int) -> None:  # noqa: N802
        if self._wal and self._vfs.fail_sync:
            self._vfs.fail_sync = False
            raise apsw.IOError("sync")
        super().xSync(flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        if self._wal and self._vfs.full:
            self._vfs.full = False
            raise apsw.FullError("full")
        super().xWrite(data, offset)


class FaultyVfs(apsw.VFS):
    """SQLite's own file calls, of which one of the WAL's fails on demand."""

    def __init__(self) -> None:
        self.fail_sync = self.full = False
        super().__init__("faulty", "")

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> FaultyFile:  # noqa: N802
        return FaultyFile(self, name, flags)


@pytest.fixture
def faulty() -> Iterator[FaultyVfs]:
    vfs = FaultyVfs()
    yield vfs
    vfs.unregister()


@pytest.mark.parametrize("fault", ["fail_sync", "full"])
def test_a_commit_that_fails_on_the_disk_is_not_in_and_may_be_tried_again(
    tmp_path: Path, faulty: FaultyVfs, fault: str
) -> None:
    desk = Desk(tmp_path)
    desk.store.close()
    desk.store = Store.open(tmp_path / "crawl.db", vfs="faulty")
    desk.store.register_owner("faulty", 1, Path("faulty.lock"), START)
    desk.add("https://a.example/")
    group = [desk.settlement(desk.one(), Stored())]
    setattr(faulty, fault, True)
    error = DatabaseFull if fault == "full" else ArchiveError
    with pytest.raises(error) as caught:
        desk.commit(*group)
    assert not isinstance(caught.value, CommitUncertain), "it was looked up"
    assert not getattr(faulty, fault), "it did fail"
    assert desk.state("https://a.example/") == State.LEASED
    (done,) = desk.commit(*group)
    assert done.capture_id and desk.state("https://a.example/") == State.STORED
    desk.sound()
    desk.store.close()


def test_a_busy_store_waits_for_its_turn(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.add("https://a.example/")
    with desk.store._db.read() as tx:
        assert tx.execute("SELECT count(*) FROM urls").get == 1
        with desk.store._db.read() as inner:
            assert inner.execute("SELECT count(*) FROM urls").get == 1
    assert desk.store.lease([desk.run.id], desk.now, 1, HOLD)
    desk.store.close()


def test_a_store_of_an_older_format_counts_what_it_has(tmp_path: Path) -> None:
    older = Schema(name="crawl", application_id=CRAWL.application_id, steps=CRAWL.steps[:4], remedy="")
    db = Database(tmp_path / "crawl.db", older)
    with db.write() as tx:
        tx.execute("INSERT INTO jobs(id, name) VALUES(1, 'job')")
        tx.execute("INSERT INTO hosts(id, key) VALUES(1, 'a.example'), (2, 'b.example')")
        tx.execute("INSERT INTO files(id, stem, created, committed) VALUES(1, 'f', 0, 100)")
        for host, hashed, state in (
            (1, 1, State.DONE),
            (2, 2, State.STORED),
            (2, 3, State.DEAD),
            (2, 4, State.DEAD),
        ):
            tx.execute(
                "INSERT INTO urls(host_id, hash, state, kind, tls, path, job_id, run_id, priority, due, depth, hops)"
                " VALUES(?, ?, ?, 0, 1, '/', 1, 1, 0, 0, 0, '')",
                (host, hashed, state),
            )
        tx.execute(
            "INSERT INTO captures VALUES(1, 2, 2, 0, 1, 1, 0, 100, 90, 'GET', 200, '', '', 0, 0, 0, '', 1, 0, '', '', '')"
        )
        tx.execute("INSERT INTO extractions(capture_id, run_id) VALUES(1, 1)")
    db.close()
    store = Store.open(tmp_path / "crawl.db")
    assert store.stats(0).jobs == {"job": {"stored": 1, "done": 1, "dead": 2}}
    assert store.standing("b.example", ["/*"], 1) == ({}, 1)
    assert store.problems() == []
    store.close()
