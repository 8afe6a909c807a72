"""Extraction is the work of one thread: a library's pool for large matrices only burns CPU on small ones."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.test_sites_extract import article

_CHILD = """
import os, sys
from pathlib import Path
from sites.extract import extract
from sites.page import Page

def elsewhere():
    stats = [(path / "stat").read_text() for path in Path("/proc/self/task").iterdir() if int(path.name) != os.getpid()]
    return sum(int(field) for stat in stats for field in stat.rpartition(")")[2].split()[11:13])

html = Path(sys.argv[1]).read_bytes()
for number in range(60):
    assert extract(Page(url=f"https://gazette.example/{number}", html=html)).article is not None
    if number == 20:  # all threads have come up
        begun = elsewhere()
print(elsewhere() - begun)
"""


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="the threads of a process are told by /proc")
def test_only_the_calling_thread_uses_cpu(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(article(body=article().html.decode() * 40).html)
    inherited = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, str(page)], env=inherited, capture_output=True, text=True, check=True
    )
    assert int(done.stdout) <= 1, "ticks of CPU in other threads"
