"""The Store: crawl.db and everything that may be done to it. Each method is one transaction, or a few
bounded ones.

    enqueue ─▶ lease ─▶ commit (by the recorder) ─▶ claim_extractions ─▶ finish_extractions ─▶ enqueue …

Times are microseconds (UTC epoch) and passed in. One thread at a time; any number of processes. All methods
raise ArchiveError when the database fails, DatabaseFull when there is no room (then nothing was changed).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from archive.capture import FileState, Written
from archive.errors import ArchiveError
from archive.store import bulk, commits, extractions, leases, owners, queue, robots, runs, shapes, stats
from archive.store.connection import CommitUncertain, Database
from archive.store.look import Look
from archive.store.operating import OperatedStore
from archive.store.shapes import Standing
from archive.store.stats import HostRow
from archive.store.types import (
    Committed,
    ExtractionDone,
    Lease,
    Outstanding,
    PendingExtraction,
    RobotsEntry,
    Run,
    Settlement,
    Target,
)

__all__ = ["Store"]


class Store(OperatedStore):
    """Made by `Store.open`. `repr` says which file, and which owner this process is."""

    def __init__(self, db: Database, archive: Path | None = None) -> None:
        super().__init__(db, archive)
        self._owner: owners.Owner | None = None
        self._look = Look()

    def __repr__(self) -> str:
        return f"<Store {self._db.path}{f' owner {self._owner.id}' if self._owner else ''}>"

    def close(self) -> None:
        """Close the database and let the lock go. What this process still holds is freed by others as if it
        had been killed; `release_owner` first, to part in order."""
        try:
            super().close()
        finally:
            if self._owner is not None:
                self._owner.unlock()
                self._owner = None

    # --- owners

    def register_owner(self, token: str, pid: int, lock_path: Path, now: int) -> None:
        """Make this process an owner, which leasing, committing and claiming need: `lock_path` (relative to
        the database's folder, or absolute) is created and locked until `close`. Tokens are unique."""
        owner: owners.Owner | None = None
        try:
            with self._write() as tx:
                owner = owners.register(tx, self._folder, token, pid, lock_path, now)
        except BaseException:
            if owner is not None:
                owner.unlock()
            raise
        self._owner = owner

    def release_dead(self, now: int) -> int:
        """Free what dead owners held; how many there were. Cheap when nobody is dead."""
        with self._db.read() as tx:
            dead = owners.dead_owners(tx, self._folder, self._owner.id if self._owner else None)
        return self._free(dead, {}, now)

    def _free(self, dead: Sequence[owners.Owner], late: Mapping[int, int], now: int) -> int:
        if not dead and not late:
            return 0
        try:
            with self._write() as tx:
                freed = sum(owners.release(tx, owner.id, now, killed=True) for owner in dead)
                return freed + owners.release_late(tx, late, now)
        finally:
            for owner in dead:
                owners.remove(owner)

    def attend(self, now: int, hold: int) -> bool:
        """Renew old leases, free what others, dead or stuck, hold. Whether there may be something new to do."""
        owner = self._need_owner()
        with self._db.read() as tx:
            changed, ageing, overdue = self._look.at(tx, owner.id, now, hold)
            dead = owners.dead_owners(tx, self._folder, owner.id)
        if ageing:
            self.renew(now, hold)
        return self._free(dead, overdue, now) > 0 or changed

    def release_owner(self, now: int) -> int:
        """Part in order: what this process still holds is free at once and counts against nobody."""
        owner = self._need_owner()
        with self._write() as tx:
            freed = owners.release(tx, owner.id, now, killed=False)
        owners.remove(owner)
        self._owner = None
        return freed

    def others(self, now: int) -> int:
        """How many other processes are at work; what dead ones held is freed first."""
        self.release_dead(now)
        with self._db.read() as tx:
            return int(tx.execute("SELECT count(*) FROM owners WHERE id <> ?", (self._need_owner().id,)).get)

    def release_all(self, now: int) -> None:
        """In a copy of a database: those who held something live elsewhere, here all is free."""
        with self._write(durable=True) as tx:
            for (owner_id,) in tx.execute("SELECT id FROM owners").fetchall():
                owners.release(tx, owner_id, now, killed=False)

    def _need_owner(self) -> owners.Owner:
        if self._owner is None:
            raise ArchiveError("call register_owner first", file=self._db.path)
        return self._owner

    # --- runs

    def begin_run(self, job: str, spec: bytes, now: int) -> Run:
        """The job's unfinished run (`resumed`; its spec becomes this one unless b""), or a new one."""
        with self._write() as tx:
            return runs.begin(tx, job, spec, now)

    def finish_run(self, run_id: int, now: int) -> None:
        """Nothing is leased for a finished run; URLs still queued wait for the job's next. Twice does no harm;
        nothing is done while another process holds a lease for it."""
        with self._write() as tx:
            runs.finish(tx, run_id, now)

    def run(self, run_id: int) -> Run:
        """ArchiveError when there is no such run."""
        with self._db.read() as tx:
            return runs.get(tx, run_id)

    def runs(self, *, unfinished: bool = False) -> list[Run]:
        """All runs, or those to be resumed; newest first."""
        with self._db.read() as tx:
            return runs.all_runs(tx, unfinished=unfinished)

    def latest_runs(self) -> list[Run]:
        """The newest run of each job."""
        with self._db.read() as tx:
            return runs.latest(tx)

    def runs_of(self, job: str, limit: int) -> list[Run]:
        """A job's runs, newest first."""
        with self._db.read() as tx:
            return runs.of_job(tx, job, limit)

    def run_counts(self, run_id: int) -> dict[str, int]:
        """What the run counted, by name: captures, bytes, status:2xx, stored, again, putback, denied, dead,
        dead:REASON, stale, extracted:OUTCOME, page:TYPE, skipped:REASON, articles, articles:SITE,
        field:SITE:NAME (articles that have the field), and what `count` added."""
        with self._db.read() as tx:
            return runs.run_counts(tx, run_id)

    def run_count(self, run_id: int, name: str) -> int:
        """One of a run's counters."""
        with self._db.read() as tx:
            return runs.run_count(tx, run_id, name)

    def count(self, run_id: int, counts: dict[str, int]) -> None:
        """Add to a run's counters."""
        with self._write() as tx:
            runs.add_counts(tx, {(run_id, name): value for name, value in counts.items()})

    # --- queue

    def enqueue(self, run_id: int, targets: Iterable[Target], now: int) -> int:
        """Queue targets for a run; how many were not queued for it before. Refused quietly: URLs that this
        run has settled or that are leased, and URLs of this job that are not due yet. ValueError when a
        host is not its URL's."""
        with self._write() as tx:
            return queue.enqueue(tx, self._ids, runs.get(tx, run_id), targets, now)

    def requeue_due(self, run_id: int, now: int) -> int:
        """Queue settled URLs of the run's job whose time has come (revalidation), some at a time: call
        until 0."""
        with self._write() as tx:
            return queue.requeue_due(tx, runs.get(tx, run_id), now)

    def lease(self, run_ids: Sequence[int], now: int, limit: int, hold: int, delay: int = 0) -> list[Lease]:
        """Lease up to `limit` ready hosts with a URL each. `hold` is longer than any exchange (µs), `delay`
        the least pause at hosts that have none of their own yet. Until it settles, the host may not be met
        before now + hold + delay, by anybody."""
        owner = self._need_owner()
        with self._write() as tx:
            return leases.lease(tx, owner.id, run_ids, now, limit, hold, delay)

    def renew(self, now: int, hold: int) -> int:
        """All leases of this process last till now + hold at least; how many were lengthened."""
        owner = self._need_owner()
        with self._write() as tx:
            return leases.renew(tx, owner.id, now + hold)

    def next_wake(self, run_ids: Sequence[int], now: int) -> int | None:
        """When a host of these runs may next be leased (never later than the truth); None: nothing is
        queued."""
        with self._db.read() as tx:
            return leases.next_wake(tx, run_ids, now)

    def outstanding(self, run_ids: Sequence[int], now: int) -> Outstanding:
        """What the runs still have before them."""
        with self._db.read() as tx:
            return leases.outstanding(tx, run_ids, now)

    def waiting(self, lease: Lease, limit: int) -> list[tuple[int, str]]:
        """Key and URL of what else the lease's job has queued at its host: those first that come first."""
        with self._db.read() as tx:
            return bulk.waiting(tx, lease, limit)

    def commit(
        self, group: Sequence[tuple[Settlement, Written | None]], file: FileState | None, now: int
    ) -> list[Committed]:
        """Settle a group, durably, or nothing of it; `file` is that of all its captures. Results in the
        group's order. CommitUncertain when the disk fails so that even looking it up afterwards is
        impossible."""
        owner = self._need_owner()
        try:
            with self._write(durable=True, uncertain=True) as tx:
                commits.advance_owner(tx, owner.id, owner.seq)
                done = commits.commit(tx, self._ids, owner.id, group, file, now)
        except CommitUncertain as uncertain:
            if not self._is_in(owner, uncertain):
                raise self._db.certain(uncertain) from uncertain
        owner.seq += 1
        return done

    def _is_in(self, owner: owners.Owner, uncertain: CommitUncertain) -> bool:
        try:
            self._db.reopen()
            with self._db.read() as tx:
                return commits.sequence(tx, owner.id) == owner.seq + 1
        except ArchiveError as error:
            raise uncertain from error

    # --- hosts and robots

    def robots(self, origin: str) -> RobotsEntry | None:
        """The origin's robots.txt as last seen; it may have expired."""
        with self._db.read() as tx:
            return robots.get(tx, origin)

    def host(self, key: str) -> HostRow | None:
        """None for a host never heard of."""
        with self._db.read() as tx:
            return stats.host_row(tx, key)

    # --- traps

    def standing(self, host: str, shapes_: Sequence[str], run_id: int) -> tuple[dict[str, Standing], int]:
        """What pages of these shapes have brought on a host, and how many of the host's captures are not yet
        read (a hundred stands for more)."""
        with self._db.read() as tx:
            found = shapes.standing(tx, self._ids, host, shapes_)
            return found, shapes.unread(tx, self._ids, host, run_id)

    # --- extraction

    def claim_extractions(
        self, limit: int, now: int, run_ids: Sequence[int] | None = None
    ) -> list[PendingExtraction]:
        """Captures to be read, oldest first, for these runs; None: those that no crawl waits for (replays,
        imports)."""
        owner = self._need_owner()
        with self._write() as tx:
            return extractions.claim(tx, owner.id, (0,) if run_ids is None else run_ids, limit, now)

    def finish_extractions(self, done: Iterable[ExtractionDone]) -> int:
        """Settle captures with their results and queue their links, in transactions of bounded size; how
        many links were accepted. A capture that has a result already is passed over."""
        accepted, room = 0, extractions.ROOM
        parts: list[tuple[ExtractionDone, bool]] = []
        for part, last in extractions.chunks(done):
            if room < len(part.targets):
                accepted += self._finish(parts)
                parts, room = [], extractions.ROOM
            parts.append((part, last))
            room -= len(part.targets)
        return accepted + (self._finish(parts) if parts else 0)

    def repeat_extractions(self, capture_ids: Iterable[int]) -> None:
        """Captures just finished are to be read again, for the same run."""
        with self._write() as tx:
            extractions.repeat(tx, capture_ids)

    def _finish(self, parts: list[tuple[ExtractionDone, bool]]) -> int:
        with self._write() as tx:
            return extractions.finish(tx, self._ids, parts)
