"""A seed, run; one that fails is made smaller, and says how to see it again."""

from __future__ import annotations

from tests.sim.plan import Plan, plan_of, shrink
from tests.sim.world import Outcome, simulate

__all__ = ["prove"]

_SHOWN = 60


def prove(seed: int) -> Outcome:
    """Simulate a seed's plan. AssertionError with a smaller plan that fails, and the end of its trace."""
    plan = plan_of(seed)
    try:
        return simulate(plan)
    except Exception as error:
        failed = error
    small = shrink(plan, lambda smaller: _failure(smaller) is not None)
    last = _failure(small) or failed
    trace = "\n".join(getattr(last, "trace", ())[-_SHOWN:])
    raise AssertionError(
        f"seed {seed}: {type(last).__name__}: {last}\n{trace}\n"
        f"again: python -m tests.sim {seed}\nin small: simulate({small})"
    ) from last


def _failure(plan: Plan) -> Exception | None:
    try:
        simulate(plan)
    except Exception as error:
        return error
    return None
