"""Some simulations in the fast tier; that the same seed is the same; and that the simulation catches what it is for."""

from __future__ import annotations

import random
from collections.abc import Sequence

import msgspec
import pytest

from archive.store import Store, leases
from archive.store.types import Lease
from crawler.workers.job import ExtractJob, ExtractResult
from tests.sim import FAULTS, Broken, Plan, plan_of, prove, simulate
from tests.sim.process import Pool

STORMY = Plan(seed=3, hosts=2, pages=8, delay=20, faults=FAULTS, hours=1)


@pytest.mark.parametrize("seed", [23, 24, 39])
def test_nothing_is_broken(seed: int) -> None:
    simulate(plan_of(seed))


def test_the_same_seed_gives_the_same_trace() -> None:
    first = simulate(STORMY)
    random.random()  # another state of the world outside
    assert simulate(STORMY).trace == first.trace
    assert simulate(msgspec.structs.replace(STORMY, seed=4)).trace != first.trace


@pytest.mark.check
def test_every_fault_takes_place() -> None:
    plans = [Plan(seed=seed, hosts=3, pages=8, delay=20, hours=3, look=60) for seed in range(3)]
    calm = [simulate(plan).trace for plan in plans]
    for fault in FAULTS:
        stormy = [simulate(msgspec.structs.replace(plan, faults=(fault,))).trace for plan in plans]
        assert stormy != calm, fault


# --- mutations: a simulation that cannot fail proves nothing


class Unchecked(Store):
    """A dropped lease check: hosts that another process holds are given out as if nobody were there."""

    def lease(self, run_ids: Sequence[int], now: int, *args, **more) -> list[Lease]:  # type: ignore[no-untyped-def]
        with self._write() as tx:
            theirs = tx.execute("SELECT token FROM leases WHERE owner_id <> ?", (self._need_owner().id,))
            for (token,) in theirs.fetchall():
                leases.release(tx, token, now, killed=False, ended=True)
        return super().lease(run_ids, now, *args, **more)


class Restless(Store):
    """A busy loop: hosts are said to be ready when they are not."""

    def next_wake(self, run_ids: Sequence[int], now: int) -> int | None:
        return super().next_wake(run_ids, now) and 1


class Forgetful(Pool):
    """A lost link: of every page that has some, the last is left out."""

    def read(self, job: ExtractJob) -> ExtractResult:
        result = super().read(job)
        return msgspec.structs.replace(result, targets=result.targets[:-1])


@pytest.mark.parametrize(
    ("mutation", "what"),
    [
        ({"haste": 1.1}, r"asked [\d.]+ s after the last answer, not 20$"),
        ({"store_class": Unchecked}, "asked .* while it answers another request"),
        ({"pool_class": Forgetful}, "its links .* are not known"),
        ({"store_class": Restless}, "no rest"),
    ],
    ids=["a wrong delay", "no lease check", "a lost link", "a busy loop"],
)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_mutation_is_caught(mutation: dict[str, object], what: str, seed: int) -> None:
    """By what the servers have seen, by what pages link to, by what the crawl did: not by how the store keeps it."""
    plan = Plan(seed=seed, hosts=2, pages=8, delay=20, processes=2, faults=("slow",), hours=1)
    simulate(plan)
    with pytest.raises(Broken, match=what):
        simulate(plan, **mutation)


def test_a_failing_seed_prints_itself_and_is_made_smaller() -> None:
    with pytest.raises(AssertionError) as failed:
        prove(45, haste=2)
    told = str(failed.value)
    assert told.startswith("seed 45: Broken: h0.sim.example: ") and "again: python -m tests.sim 45\n" in told
    small = eval(told.rpartition("in small: ")[2], {"simulate": lambda plan: plan, "Plan": Plan})
    plan = plan_of(45)
    assert plan.hosts > 1 and plan.processes > 1 and plan.faults
    assert (small.hosts, small.processes, small.faults) == (1, 1, ()) and small.pages < 4
    with pytest.raises(Broken, match="after the last answer"):
        simulate(small, haste=2)
    simulate(small)
