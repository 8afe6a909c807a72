"""Jobs, their runs, and what each run counts."""

from __future__ import annotations

from collections.abc import Mapping

from archive.errors import ArchiveError
from archive.store.connection import Tx
from archive.store.types import Run

__all__ = [
    "add_counts",
    "all_runs",
    "begin",
    "finish",
    "get",
    "job_ids",
    "latest",
    "newest",
    "of_job",
    "run_count",
    "run_counts",
]

_SELECT = "SELECT runs.id, job_id, name, spec, started, finished FROM runs JOIN jobs ON jobs.id = runs.job_id"


def _run(row: tuple[int, int, str, bytes, int, int], *, resumed: bool = False) -> Run:
    run_id, job_id, job, spec, started, finished = row
    return Run(
        id=run_id, job_id=job_id, job=job, spec=spec, started=started, finished=finished, resumed=resumed
    )


def begin(tx: Tx, job: str, spec: bytes, now: int) -> Run:
    """The job's unfinished run, or a new one."""
    job_id = tx.execute("SELECT id FROM jobs WHERE name = ?", (job,)).get
    if job_id is None:
        job_id = tx.execute("INSERT INTO jobs(name) VALUES(?) RETURNING id", (job,)).get
    row = tx.execute(f"{_SELECT} WHERE job_id = ? AND finished = 0", (job_id,)).fetchone()
    if row is None:
        run_id = tx.execute(
            "INSERT INTO runs(job_id, spec, started) VALUES(?, ?, ?) RETURNING id", (job_id, spec, now)
        ).get
        tx.execute(  # what the runs before it have left unread
            "UPDATE extractions SET run_id = ?1 WHERE state = 0"
            " AND run_id IN (SELECT id FROM runs WHERE job_id = ?2 AND id <> ?1)",
            (run_id, job_id),
        )
        return Run(id=run_id, job_id=job_id, job=job, spec=spec, started=now)
    if spec and spec != row[3]:
        tx.execute("UPDATE runs SET spec = ? WHERE id = ?", (spec, row[0]))
        row = (*row[:3], spec, *row[4:])
    return _run(row, resumed=True)


def finish(tx: Tx, run_id: int, now: int) -> None:
    """Not while another process is at a host for it: that one will."""
    tx.execute(
        "UPDATE runs SET finished = ?1 WHERE id = ?2 AND finished = 0"
        " AND NOT EXISTS(SELECT 1 FROM leases WHERE run_id = ?2)",
        (now, run_id),
    )


def get(tx: Tx, run_id: int) -> Run:
    """ArchiveError when there is no such run."""
    row = tx.execute(f"{_SELECT} WHERE runs.id = ?", (run_id,)).fetchone()
    if row is None:
        raise ArchiveError(f"there is no run {run_id}")
    return _run(row)


def all_runs(tx: Tx, *, unfinished: bool) -> list[Run]:
    """Newest first."""
    where = "WHERE finished = 0" if unfinished else ""
    return [_run(row) for row in tx.execute(f"{_SELECT} {where} ORDER BY runs.id DESC")]


def newest(tx: Tx, limit: int) -> list[Run]:
    """Newest first."""
    return [_run(row) for row in tx.execute(f"{_SELECT} ORDER BY runs.id DESC LIMIT ?", (limit,))]


def latest(tx: Tx) -> list[Run]:
    """The newest run of each job."""
    newest = "(SELECT (SELECT max(id) FROM runs WHERE job_id = jobs.id) FROM jobs)"
    return [_run(row) for row in tx.execute(f"{_SELECT} WHERE runs.id IN {newest} ORDER BY runs.id")]


def of_job(tx: Tx, job: str, limit: int) -> list[Run]:
    """A job's runs, newest first."""
    return [
        _run(row)
        for row in tx.execute(
            f"{_SELECT} WHERE job_id = (SELECT id FROM jobs WHERE name = ?) ORDER BY runs.id DESC LIMIT ?",
            (job, limit),
        )
    ]


def job_ids(tx: Tx, run_ids: tuple[int, ...]) -> dict[int, int]:
    """job -> run, in the order given, without those that are finished: another process may have done that."""
    found = [get(tx, run_id) for run_id in run_ids]
    return {run.job_id: run.id for run in found if not run.finished}


def add_counts(tx: Tx, counts: Mapping[tuple[int, str], int]) -> None:
    """`counts`: (run, name) -> how many more. Captures that belong to no run (0) are not counted."""
    tx.executemany(
        "INSERT INTO counters(run_id, name, value) VALUES(?, ?, ?)"
        " ON CONFLICT(run_id, name) DO UPDATE SET value = value + excluded.value",
        [(run_id, name, value) for (run_id, name), value in sorted(counts.items()) if run_id and value],
    )


def run_counts(tx: Tx, run_id: int) -> dict[str, int]:
    return dict(tx.execute("SELECT name, value FROM counters WHERE run_id = ? ORDER BY name", (run_id,)))


def run_count(tx: Tx, run_id: int, name: str) -> int:
    found = tx.execute("SELECT value FROM counters WHERE run_id = ? AND name = ?", (run_id, name)).get
    return found or 0
