"""The account that benchmarks rest on: CPU of a command and of all below it, orphans included."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench.cpu import measure

_BURN = "import time\nwhile time.process_time() < 0.3: pass"


@pytest.mark.parametrize(
    ("script", "least"),
    [
        (_BURN, 0.3),
        (f"import subprocess, sys; subprocess.run([sys.executable, '-c', {_BURN!r}])\n{_BURN}", 0.6),
        (
            f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {_BURN!r}])",
            0.3,
        ),  # not waited for
    ],
)
def test_every_process_below_counts(script: str, least: float, tmp_path: Path) -> None:
    usage = measure([sys.executable, "-c", script], tmp_path)
    assert least <= usage.cpu < least + 0.5
    assert usage.exit_code == 0
    assert usage.memory > 1_000_000


def test_a_failure_shows_and_an_endless_command_is_ended(tmp_path: Path) -> None:
    assert measure([sys.executable, "-c", "print('no'); raise SystemExit(3)"], tmp_path).exit_code == 3
    assert (tmp_path / "output.txt").read_text() == "no\n"
    with pytest.raises(subprocess.TimeoutExpired):
        measure([sys.executable, "-c", "import signal; signal.pause()"], tmp_path, timeout=0.3)
