"""The engine on a simulated web: seeded sites and faults, kills at any await, no threads, no sockets, no waiting.

from tests.sim import plan_of, simulate
outcome = simulate(plan_of(seed=7))     # raises Broken when an invariant does not hold

python -m tests.sim --trace 7           # the same, with its trace; a failing seed is made smaller
"""

from tests.sim.plan import FAULTS, Plan, plan_of, shrink
from tests.sim.prove import prove
from tests.sim.watch import Broken
from tests.sim.world import Outcome, simulate

__all__ = ["FAULTS", "Broken", "Outcome", "Plan", "plan_of", "prove", "shrink", "simulate"]
