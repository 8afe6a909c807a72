"""A whole simulation: processes live, die and come back, the clock is set, an operator interferes, until all is done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import blake2b

import msgspec
import trio
import trio._core._run as scheduler
from trio.testing import MockClock

from archive.errors import ArchiveError
from archive.store import Store
from archive.store.orders import Order
from archive.verify import verify_store
from tests.archive_store_kit import quick_folder
from tests.sim.plan import Plan
from tests.sim.process import JOB, Process
from tests.sim.watch import Broken, Watch
from tests.sim.web import SimWeb

__all__ = ["Outcome", "simulate"]

_SECOND = 1_000_000
_METER = 300.0
_END = 90.0
"""Virtual seconds in which a crawl that is told to stop has ended: an exchange has a minute."""


class Outcome(msgspec.Struct, frozen=True):
    """What came of a simulation: virtual hours of crawling, exchanges, kills; the trace and its digest."""

    hours: float
    exchanges: int
    kills: int
    rounds: int
    tasks: int
    trace: tuple[str, ...]

    @property
    def digest(self) -> str:
        return blake2b("\n".join(self.trace).encode(), digest_size=8).hexdigest()


@contextmanager
def _scheduled_by(seed: int) -> Iterator[None]:
    """trio's order of tasks, drawn from the seed."""
    before, state = scheduler._ALLOW_DETERMINISTIC_SCHEDULING, scheduler._r.getstate()
    scheduler._ALLOW_DETERMINISTIC_SCHEDULING = True
    scheduler._r.seed(seed)
    try:
        yield
    finally:
        scheduler._ALLOW_DETERMINISTIC_SCHEDULING = before
        scheduler._r.setstate(state)


def simulate(plan: Plan, **mutation: object) -> Outcome:
    """Run a plan, with processes mutated as `Process` says. Raises Broken (its `trace` is the way there) when an invariant does not hold."""
    with _scheduled_by(plan.seed), quick_folder() as folder:
        (folder / "archive").mkdir()
        web = SimWeb(plan)
        inspector = Store.open(folder / "crawl.db")
        world = _World(plan, web, Watch(plan, web, inspector), folder, mutation)
        try:
            trio.run(world.run, clock=MockClock(autojump_threshold=0))
        except BaseException as error:
            broken = _first(error)
            if broken is None:
                raise
            broken.trace = tuple(world.watch.trace)  # type: ignore[attr-defined]
            raise broken from None
        finally:
            inspector.close()
        return Outcome(
            world.crawled / 3600,
            len(web.log),
            world.kills,
            world.rounds,
            world.watch.tasks,
            tuple(world.watch.trace),
        )


def _first(error: BaseException) -> Broken | None:
    if isinstance(error, BaseExceptionGroup):
        return next(filter(None, map(_first, error.exceptions)), None)
    return error if isinstance(error, Broken) else None


class _World:
    def __init__(self, plan, web, watch, folder, mutation) -> None:  # type: ignore[no-untyped-def]
        self.plan, self.web, self.watch, self.folder = plan, web, watch, folder
        self._mutation = mutation
        self.alive: dict[int, Process] = {}
        self.deferred: set[int] = set()
        self.crawled = 0.0
        self.kills = self.rounds = 0
        self.over = False

    async def run(self) -> None:
        async with trio.open_nursery() as nursery:
            chaos = nursery.cancel_scope
            for task in (self._kills, self._stops, self._jumps, self._disk, self._operator, self._meter):
                nursery.start_soon(task)
            async with trio.open_nursery() as lives:
                for slot in range(self.plan.processes):
                    lives.start_soon(self._live, slot)
            chaos.cancel()
        self.watch.look()
        findings = list(verify_store(self.watch.store, self.folder / "archive"))
        self.watch.demand(not findings, f"archive and store differ: {findings[:3]}")

    async def _live(self, slot: int) -> None:
        """One process after the other in this slot, until a run is finished and the time is up."""
        rng, turn = self.plan.rng("life", slot), 0
        await trio.sleep(rng.uniform(0, 30) * slot)
        while not self.over:
            turn += 1
            process = self.alive[slot] = Process(
                self.plan, f"{slot}.{turn}", self.folder, self.watch, **self._mutation
            )
            with trio.move_on_after(72 * 3600) as bounds:
                end = await process.run()
            self.watch.demand(not bounds.cancelled_caught, f"{process.name} does not end")
            del self.alive[slot]
            self.rounds += 1
            self.watch.note(f"{process.name} ended: {end}")
            self.watch.look()
            if end is not None and end.next_wake:
                self.deferred.add(process.run_id)
            if end is None or not end.finished:
                await trio.sleep(rng.choice((0.0, 5.0, 600.0)))
            elif trio.current_time() > self.plan.hours * 3600 or turn > 8:
                self.over = True
            elif end.next_wake:
                await trio.sleep(max(0.0, (end.next_wake - self.web.now()) / _SECOND))
            else:
                if not self.alive and process.run_id not in self.deferred:
                    self.watch.settled_all()
                await trio.sleep(rng.uniform(3600, 8 * 3600))

    # --- what happens to it

    async def _meter(self) -> None:
        while True:
            await trio.sleep(_METER)
            self.crawled += _METER * bool(self.alive)

    def _one(self, rng) -> Process | None:  # type: ignore[no-untyped-def]
        return self.alive[rng.choice(sorted(self.alive))] if self.alive else None

    async def _kills(self) -> None:
        rng = self.plan.rng("kills")
        for _ in range(6 if self.plan.has("kills") else 0):
            await trio.sleep(rng.expovariate(1 / (20 * self.plan.delay + 60)))
            process = self._one(rng)
            if process is None:
                continue
            self.kills += 1
            match rng.choice(("await", "call", "write")):
                case "await":
                    process.kill()
                case "call":
                    process.run_sync.fuse = rng.randint(1, 20)
                case "write":
                    process.disk.fuse = rng.randint(1, 12)

    async def _stops(self) -> None:
        rng = self.plan.rng("stops")
        for _ in range(3 if self.plan.has("stops") else 0):
            await trio.sleep(rng.expovariate(1 / (20 * self.plan.delay + 60)))
            process = self._one(rng)
            if process is None or process.crawl is None:
                continue
            process.crawl.stop("interrupted")
            self.watch.note(f"{process.name} is told to stop")
            await trio.sleep(_END)
            self.watch.demand(
                process not in self.alive.values(), f"{process.name} was told to stop {_END:g} s ago"
            )

    async def _jumps(self) -> None:
        rng = self.plan.rng("jumps")
        for _ in range(5 if self.plan.has("jumps") else 0):
            await trio.sleep(rng.expovariate(1 / (10 * self.plan.delay + 60)))
            by = int(rng.choice((0.5, -0.5, 3, -3, 400, -400, 3600, -3600, 90_000, -90_000)) * _SECOND)
            self.web.offset += by
            self.watch.jumps.append((trio.current_time(), by))
            self.watch.note(f"the clock is set by {by / _SECOND:g} s")

    async def _disk(self) -> None:
        rng = self.plan.rng("disk")
        for _ in range(2 if self.plan.has("disk") else 0):
            await trio.sleep(rng.expovariate(1 / (3 * self.plan.delay + 10)))
            process = self._one(rng)
            if process is None:
                continue
            sick = rng.random() < 0.5
            self.watch.note(f"{process.name}: the disk is {'sick' if sick else 'full'}")
            if sick:
                process.disk.sick = True
                continue
            process.disk.full = True
            await trio.sleep(rng.choice((20.0, 1200.0)))
            process.disk.full = False

    async def _operator(self) -> None:
        rng, watch = self.plan.rng("operator"), self.watch
        for _ in range(4 if self.plan.has("operator") else 0):
            await trio.sleep(rng.expovariate(1 / (10 * self.plan.delay + 60)))
            now, host = self.web.now(), rng.choice(self.web.names)
            scope = rng.choice(("host", "host", "job", "all"))
            name = {"host": host, "job": JOB, "all": ""}[scope]
            word = rng.choice(("pause", "pause", "resume", "delay", "speed"))
            watch.note(f"the operator: {word} {scope if 's' in word else ''} {name}")
            with suppress(ArchiveError):  # the job has not begun
                match word:
                    case "pause":
                        until = now + rng.choice((60, 3600, 9000)) * _SECOND
                        watch.store.order(Order(scope=scope, name=name, since=now, until=until))
                        watch.paused[scope, name] = (trio.current_time(), until)
                    case "resume":
                        watch.store.lift("pause", scope, name, now)
                        watch.paused.pop((scope, name), None)
                    case "delay":
                        delay = self.plan.delay * rng.choice((0.5, 2, 5))
                        given = Order(
                            kind="delay", scope="host", name=host, since=now, delay=int(delay * _SECOND)
                        )
                        watch.store.order(given)
                        watch.slow(host, max(delay, self.plan.delay))
                    case "speed":
                        watch.store.lift("delay", "host", host, now)
                        watch.slow(host, self.plan.delay)
