"""Some simulations in the fast tier; that the same seed is the same; and that the simulation catches what it is for."""

from __future__ import annotations

import random

import msgspec
import pytest

from archive.store import Store
from archive.store.types import Lease
from crawler.workers.job import ExtractJob, ExtractResult
from tests.sim import FAULTS, Broken, Plan, plan_of, shrink, simulate
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
    plans = [Plan(seed=seed, hosts=3, pages=8, delay=20, hours=0.1) for seed in range(3)]
    calm = [simulate(plan).trace for plan in plans]
    for fault in FAULTS:
        stormy = [simulate(msgspec.structs.replace(plan, faults=(fault,))).trace for plan in plans]
        assert stormy != calm, fault


# --- mutations: a simulation that cannot fail proves nothing


class Unchecked(Store):
    """A dropped lease check: a host is given out although somebody is there."""

    def lease(self, *args, **more) -> list[Lease]:  # type: ignore[no-untyped-def]
        found = super().lease(*args, **more)
        with self._write() as tx:
            for lease in found:
                tx.execute("UPDATE hosts SET next_at = 0 WHERE id = ?", (lease.host_id,))
                tx.execute("UPDATE queues SET wake_at = 0 WHERE host_id = ?", (lease.host_id,))
                tx.execute("UPDATE leases SET host_id = -token WHERE token = ?", (lease.token,))
        return found


class Forgetful(Pool):
    """A lost link: of every page that has some, the last is left out."""

    def read(self, job: ExtractJob) -> ExtractResult:
        result = super().read(job)
        return msgspec.structs.replace(result, targets=result.targets[:-1])


@pytest.mark.parametrize(
    ("mutation", "what"),
    [
        ({"haste": 1.1}, "after the last answer"),
        ({"store_class": Unchecked}, "while it answers another request|the store"),
        ({"pool_class": Forgetful}, "its links"),
    ],
    ids=["a wrong delay", "no lease check", "a lost link"],
)
def test_a_mutation_is_caught(mutation: dict[str, object], what: str) -> None:
    plan = Plan(seed=1, hosts=2, pages=8, delay=20, hours=1)
    simulate(plan)
    with pytest.raises(Broken, match=what):
        simulate(plan, **mutation)


def test_a_failing_plan_is_made_smaller() -> None:
    def fails(plan: Plan) -> bool:
        try:
            simulate(plan, haste=2)
        except Broken:
            return True
        return False

    plan = Plan(seed=1, hosts=4, pages=9, delay=20, processes=2, faults=("errors", "slow"), hours=1)
    small = shrink(plan, fails)
    assert (small.hosts, small.processes, small.faults) == (1, 1, ())
    assert small.pages < 4 and fails(small)
