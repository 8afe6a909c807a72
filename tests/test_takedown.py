"""A forgotten URL is found by no command and in no file; a take-down killed anywhere is finished by the next."""

from __future__ import annotations

import itertools
import shutil
from pathlib import Path

import msgspec

from archive.importing import import_file
from archive.index import IndexEntry
from archive.reader import read_capture
from archive.recorder import Recorder
from archive.recovery import recover
from archive.store.swaps import REWRITTEN
from archive.store.types import HostState, Settlement, Stored, Target
from archive.takedown import all_names
from archive.verify import verify_file, verify_store
from archive.warc import Disk
from tests.archive_kit import CLOCK, INFO, html, warc
from tests.archive_store_kit import quick_folder
from tests.takedown_kit import (
    ALIAS,
    CHILD,
    FRONT,
    GONE,
    OTHER,
    SHORT,
    URL,
    WORD,
    build,
    opened,
    take_down,
    traces,
)


class Killed(BaseException):
    """The process is no more."""


class DyingDisk(Disk):
    """Dies at the `nth` call that changes something."""

    def __init__(self, nth: int) -> None:
        self.nth = nth

    def _step(self) -> None:
        self.nth -= 1
        if self.nth == 0:
            raise Killed

    def open(self, path: Path, flags: int) -> int:
        self._step()
        return super().open(path, flags)

    def write(self, fd: int, data: memoryview) -> int:
        self._step()
        return super().write(fd, data)

    def fdatasync(self, fd: int) -> None:
        self._step()
        super().fdatasync(fd)

    def fsync_directory(self, path: Path) -> None:
        self._step()
        super().fsync_directory(path)


def clean(folder: Path) -> None:
    """Nothing of the page is left anywhere, and everything else is as it was."""
    assert traces(folder) == set()
    assert not list(folder.rglob(f"*{REWRITTEN}"))
    with opened(folder, "look") as (store, index):
        rows = list(store.select_captures())
        assert sorted(row.url for row in rows) == sorted([FRONT, CHILD, OTHER] * 2)
        for row in rows:
            capture = read_capture(store.file_path(row.location.file), row.location)
            assert (capture.url, capture.fetched_at) == (row.url, row.fetched_at)
            assert capture.via == {FRONT: "", CHILD: "", OTHER: FRONT}[row.url]
            if row.revisit_of:
                assert row.revisit_of in {other.record_id for other in rows}
        assert list(verify_store(store, folder / "archive")) == []
        assert store.problems() == []
        for state in store.own_files():
            assert {f.rule for f in verify_file(folder / "archive" / state.file)} <= {"revisit-elsewhere"}
        for url in GONE:
            assert store.captures_of(url) == [] and index.get(url) is None and not index.history(url)
            known = store.explain(url)
            assert known.url is None and known.forgotten is not None and known.forgotten.done
        assert index.search(WORD) == [] and [row.url for row in index.list()] == [OTHER]
        [other] = index.export()
        assert "links" not in other and other["markdown"] == "other words see"


def test_a_forgotten_url_is_found_by_no_command_and_in_no_file(tmp_path: Path) -> None:
    build(tmp_path)
    assert (
        traces(tmp_path) >= {"crawl.db", "articles.db"} and len(list((tmp_path / "archive").iterdir())) >= 3
    )
    exports = tmp_path / "exports"
    exports.mkdir()
    (exports / "x.cdxj").write_text(URL, encoding="utf-8")
    done = take_down(tmp_path, "gone")
    assert done.finished and sum(file.records for file in done.files) == 18
    clean(tmp_path)
    assert take_down(tmp_path, "again", resume=True).files == ()


def test_it_is_not_fetched_read_or_imported_again(tmp_path: Path) -> None:
    build(tmp_path)
    take_down(tmp_path, "gone")
    other = tmp_path / "elsewhere"
    other.mkdir()
    file = warc(other)
    for url in (URL, "http://b.example/"):
        file.append(html(WORD.encode(), url=url))
    path = file.seal()
    with opened(tmp_path, "later") as (store, index):
        run = store.begin_run("job", b"{}", CLOCK * 2)
        assert store.enqueue(run.id, [Target(url=url, host="a.example") for url in GONE], CLOCK * 2) == 0
        assert import_file(path, store, CLOCK).new == 1
        assert store.captures_of(URL) == []
        assert [claim.url for claim in store.claim_extractions(9, CLOCK)] == ["http://b.example/"]
        found = IndexEntry(
            capture_id=1, record_id="r", fetched_at=1, url=URL, fingerprint="f", page_type="other"
        )
        index.put([found])
        assert not index.has("r", "f")


def test_what_is_under_way_comes_to_nothing(tmp_path: Path) -> None:
    """A crawl at work has leased the URL when it is forgotten: its capture is no more shown, and erased later."""
    build(tmp_path)
    with opened(tmp_path, "crawl2") as (store, _):
        run = store.begin_run("job", b"{}", CLOCK * 2)
        store.enqueue(run.id, [Target(url=URL, host="a.example")], CLOCK * 2)
        (lease,) = store.lease([run.id], CLOCK * 2, 1, 1)
        done = take_down(tmp_path, "gone")
        assert not done.finished and done.busy == 1 and done.files == ()
        assert store.captures_of(URL) == [] and store.explain(URL).url is None
        recorder = Recorder(store, tmp_path / "archive", INFO, clock=lambda: CLOCK * 2, token="crawl2")
        recorder.start()
        capture = msgspec.structs.replace(html(WORD.encode(), url=URL), fetched_at=CLOCK * 2)
        settlement = Settlement(lease=lease, outcome=Stored(), host=HostState(next_at=0), capture=capture)
        (committed,) = recorder.record([settlement])
        assert committed.stale and store.captures_of(URL) == []
        assert not {claim.url for claim in store.claim_extractions(99, CLOCK, [run.id])} & set(GONE)
        recorder.close()
        store.finish_run(run.id, CLOCK * 2)
        store.release_owner(CLOCK)
    assert take_down(tmp_path, "gone2", resume=True).finished
    clean(tmp_path)


def test_killed_at_any_write_it_is_finished_by_the_next() -> None:
    with quick_folder() as folder:
        build(folder / "built")
        for nth in itertools.count(1):
            place = Path(shutil.copytree(folder / "built", folder / f"{nth}"))
            disk = DyingDisk(nth)
            try:
                take_down(place, "gone", disk)
            except Killed:
                with opened(place, "between") as (store, index):
                    assert store.captures_of(URL) == [] and index.get(URL) is None
                    assert list(verify_store(store, place / "archive")) == []
            else:
                break
            assert take_down(place, "next", resume=True).finished
            clean(place)
        assert nth > 30, "so many calls, and it was killed at each"


def test_killed_behind_the_swap_any_command_finishes_it(tmp_path: Path) -> None:
    build(tmp_path)
    before = {path.name: path.read_bytes() for path in (tmp_path / "archive").iterdir()}
    take_down(tmp_path, "gone")
    archive = tmp_path / "archive"
    with opened(tmp_path, "undo") as (store, _):
        [new, *_] = [state.file for state in store.own_files()]
        old = next(name for name in sorted(before) if name not in {path.name for path in archive.iterdir()})
        with store._write() as tx:
            tx.execute("INSERT INTO swaps(old, new) VALUES(?, ?)", (old.removesuffix(".open"), new))
    (archive / new).rename(archive / (new + REWRITTEN))
    (archive / old).write_bytes(before[old])
    with opened(tmp_path, "next") as (store, _):
        assert recover(store, archive, CLOCK) == []
    clean(tmp_path)


def test_alias_and_redirect_lead_to_the_whole(tmp_path: Path) -> None:
    build(tmp_path)
    with opened(tmp_path, "ask") as (store, index):
        assert set(all_names(store, index, [URL])) == set(GONE)
        assert set(all_names(store, index, [ALIAS])) == set(GONE)
        assert all_names(store, index, [SHORT]) == [SHORT]
        assert all_names(store, index, []) == []
