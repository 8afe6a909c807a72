"""What one seed means: sites, settings and faults, all drawn from it; and how a failing one is made smaller."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random

import msgspec

__all__ = ["FAULTS", "Plan", "plan_of", "shrink"]

FAULTS = (
    "errors",  # 5xx, 429 and 503 with and without Retry-After, 404, no answer at all
    "slow",  # answers that take up to a minute
    "broken",  # bodies cut off
    "outages",  # a host that is down as a whole for hours
    "robots",  # robots.txt that fails, moves, changes and asks for delays
    "redirects",
    "workers",  # extraction that times out or crashes
    "jumps",  # the wall clock is set forward and back
    "stops",  # Ctrl-C
    "kills",  # SIGKILL: at an await, around a blocking call, in the middle of a write
    "disk",  # no room for a while; a failing fdatasync
    "quiet",  # hours of the day when nobody is asked
    "caps",  # so many pages of a host in a run, and no more
    "operator",  # pause, resume and delay on a running crawl
)


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """One simulation. `pages` are those of each host, `delay` is the job's in seconds, `processes` crawl
    together on one data folder, `hours` bounds the simulated time, `look` is the seconds between two looks of a
    process at what others do. `real`: pages are extracted by `sites`
    itself instead of by a search for links."""

    seed: int
    hosts: int = 4
    pages: int = 16
    delay: float = 30.0
    processes: int = 1
    connections: int = 8
    faults: tuple[str, ...] = ()
    hours: float = 5.0
    look: float = 5.0
    real: bool = False

    def rng(self, *what: object) -> Random:
        """A source of chance for one purpose: taking a fault away leaves the rest as it was."""
        return Random(f"{self.seed}/{'/'.join(map(str, what))}")

    @property
    def host_pages(self) -> int:
        """How many pages of a host a run may take, 0 for all."""
        return self.rng("caps").randint(1, 6) if self.has("caps") else 0

    @property
    def quiet(self) -> tuple[int, int]:
        """The hour (UTC) at which quiet begins, and how many hours it lasts: 0 for never. Simulations begin at 22:13."""
        rng = self.rng("quiet")
        return (rng.randint(21, 28) % 24, rng.randint(1, 5)) if self.has("quiet") else (0, 0)

    def has(self, fault: str) -> bool:
        return fault in self.faults


def plan_of(seed: int) -> Plan:
    """The plan that a seed stands for."""
    rng = Random(seed)
    faults = tuple(f for f in FAULTS if rng.random() < 0.45)
    return Plan(
        seed=seed,
        hosts=rng.randint(1, 5),
        pages=rng.randint(3, 16),
        delay=rng.choice((2.0, 20.0, 120.0, 600.0, 1200.0)),
        processes=2 if rng.random() < 0.3 else 1,
        connections=rng.choice((2, 8, 64)),
        faults=faults,
        hours=30.0 if seed % 20 == 0 else 7.0,
        look=5.0 if seed % 10 == 3 else 60.0,
        real=seed % 25 == 0,
    )


def _smaller(plan: Plan) -> Iterator[Plan]:
    """Plans with less in them, the boldest cuts first."""
    change = msgspec.structs.replace
    if plan.processes > 1:
        yield change(plan, processes=1)
    for fault in plan.faults:
        yield change(plan, faults=tuple(f for f in plan.faults if f != fault))
    for hosts in sorted({1, plan.hosts // 2, plan.hosts - 1} - {0, plan.hosts}):
        yield change(plan, hosts=hosts)
    for pages in sorted({2, plan.pages // 2, plan.pages - 1} - {0, 1, plan.pages}):
        if pages < plan.pages:
            yield change(plan, pages=pages)
    if plan.real:
        yield change(plan, real=False)


def shrink(plan: Plan, fails: Callable[[Plan], bool], tries: int = 60) -> Plan:
    """A plan with as little in it as can be found that still fails."""
    progress = True
    while progress and tries > 0:
        progress = False
        for smaller in _smaller(plan):
            tries -= 1
            if fails(smaller):
                plan, progress = smaller, True
                break
            if tries <= 0:
                break
    return plan
