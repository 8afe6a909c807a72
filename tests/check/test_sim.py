"""Three hundred seeds of the simulated web: at least a thousand hours of crawling, no invariant broken."""

from __future__ import annotations

import pytest

from tests.sim import prove

pytestmark = pytest.mark.check


def test_three_hundred_seeds() -> None:
    outcomes = [prove(seed) for seed in range(300)]
    hours = sum(outcome.hours for outcome in outcomes)
    print(
        f"{hours:.0f} simulated hours, {sum(o.exchanges for o in outcomes)} exchanges,"
        f" {sum(o.rounds for o in outcomes)} processes, {sum(o.kills for o in outcomes)} kills"
    )
    assert hours >= 1000
    assert max(outcome.tasks for outcome in outcomes) < 100, "tasks are bounded, whatever the web does"
