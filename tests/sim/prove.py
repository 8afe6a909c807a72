"""A seed, run; one that fails is made smaller, and says how to see it again."""

from __future__ import annotations

from tests.sim.plan import Plan, plan_of, shrink
from tests.sim.world import Outcome, simulate

__all__ = ["prove"]

_SHOWN = 60


def prove(seed: int, **mutation: object) -> Outcome:
    """Simulate a seed's plan (`mutation`: as `simulate` has it). AssertionError with a smaller plan that fails, and
    the end of its trace."""
    plan = plan_of(seed)
    failed = _failure(plan, mutation)
    if not isinstance(failed, Exception):
        return failed
    small = shrink(plan, lambda smaller: isinstance(_failure(smaller, mutation), Exception))
    last = _failure(small, mutation)
    trace = "\n".join(getattr(last, "trace", ())[-_SHOWN:])
    raise AssertionError(
        f"seed {seed}: {type(last).__name__}: {last}\n{trace}\n"
        f"again: python -m tests.sim {seed}\nin small: simulate({small})"
    ) from failed


def _failure(plan: Plan, mutation: dict[str, object]) -> Outcome | Exception:
    try:
        return simulate(plan, **mutation)
    except Exception as error:
        return error
