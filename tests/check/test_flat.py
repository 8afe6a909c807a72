"""A long queue costs what a short one does: CPU by turns in one process, bytes on the disk, memory of a fresh process.

A lease of a host met at random costs more at ten million URLs: what it reads and writes lies in pages that no other host
of the hour has, which come from the disk's cache and go back one by one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.flat import measure, table


@pytest.mark.parametrize(
    "urls",
    [
        pytest.param(1_000_000, marks=pytest.mark.check),
        pytest.param(10_000_000, marks=pytest.mark.long),
    ],
)
def test_a_long_queue_costs_what_a_short_one_does(urls: int, tmp_path: Path) -> None:
    flat = measure(urls, tmp_path)
    assert flat.ordered.ratios.lease <= 1.3, table(flat)
    assert flat.ordered.ratios.links <= 1.3, table(flat)
    assert flat.random.ratios.lease <= 1.5, table(flat)
    assert flat.random.ratios.links <= 1.3, table(flat)
    assert flat.bytes <= 200, table(flat)
    assert flat.memory < 250_000_000, table(flat)
