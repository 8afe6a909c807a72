"""Each promise in docs/politeness.md names a test, and the test is there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def test_each_promise_names_a_test_that_is_there() -> None:
    text = (ROOT / "docs/politeness.md").read_text(encoding="utf-8")
    table = text.partition("## What we promise")[2].partition("## ")[0]
    promises = [
        line for line in table.splitlines() if line.startswith("| ") and not line.startswith("| promise")
    ]
    assert len(promises) > 8
    for line in promises:
        named = re.findall(r"`(tests/[\w/.]+)`", line)
        assert named, line
        assert all((ROOT / name).is_file() for name in named), line
